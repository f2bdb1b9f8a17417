package demo

import (
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/store"
)

func TestRun(t *testing.T) {
	var out strings.Builder
	if err := Run(t.Context(), &out); err != nil {
		t.Fatalf("%v after\n%s", err, out.String())
	}
	for _, want := range []string{"✉ 10:23  ana@", "9. Ana validates it", "📎 captura.png", "(closed)", "the chain of events is whole"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("there is no %q in\n%s", want, out.String())
		}
	}
}

// A notice that will not be tried again ends the story; others are waited for.
func TestFailedNoticeIsNamed(t *testing.T) {
	waiting := store.Notice{ID: "n1", Status: store.NoticeQueued}
	if err := failed([]store.Notice{waiting}); err != nil {
		t.Error(err)
	}
	broken := store.Notice{ID: "n2", Kind: "resolve", To: "ana@ayuntamiento.example", Status: store.NoticeFailed, Said: "550 no"}
	want := "notice n2, resolve to ana@ayuntamiento.example, could not be delivered: 550 no"
	if err := failed([]store.Notice{waiting, broken}); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestMatter(t *testing.T) {
	const head = "From: a@dgt.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
	for text, want := range map[string]string{
		"Desk\r\n\r\nTitle\r\n\r\nOne\r\n\r\n\r\nTwo\r\n\r\nFooter\r\n\r\n-- \r\nName\r\n":              "One|Two",
		"Desk\r\n\r\nTitle\r\n\r\nOne\r\n\r\nFooter\r\n":                                                "One",
		"Desk\r\n\r\nTitle\r\n\r\nOne\r\n\r\nDo\r\n<mailto:a@dgt.example>\r\n\r\nFooter\r\n\r\n-- \r\n": "One",
		"Desk\r\n": "",
		"":         "",
	} {
		if got := strings.Join(matter(mailclient.Read([]byte(head+text))), "|"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
