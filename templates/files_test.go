package templates

import (
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/ticket"
)

func TestVolume(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "", 10: "1 KiB", 80 << 10: "80 KiB", 10 << 20: "10 MiB", 1<<20 - 1: "1024 KiB", 3 << 19: "1536 KiB", 10<<20 + 1: "10241 KiB",
	} {
		if got := volume(bytes); got != want {
			t.Errorf("%d bytes are %q, not %q", bytes, got, want)
		}
	}
	if got := about(10<<20 + 1); got != "11 MiB" {
		t.Errorf("more than ten are about %q", got)
	}
}

// TestRefusalOfFiles checks that the refusal names the bound that was passed
// and what came, and that the files need to be attached again.
func TestRefusalOfFiles(t *testing.T) {
	s := builtinSet(t)
	again := " Envíelo otra vez con los ficheros que quepan; hay que adjuntarlos de nuevo."
	for name, c := range map[string]struct {
		answer Answer
		want   string
	}{
		"too many": {Answer{MaxFiles: 2, SentFiles: 3}, "Su mensaje lleva 3 ficheros y se admiten 2 como máximo." + again},
		"too large": {Answer{MaxFiles: 2, MaxBytes: 80 << 10, SentFiles: 1, SentBytes: 90_000},
			"Los ficheros de su mensaje ocupan 88 KiB y se admiten 80 KiB como máximo entre todos. Cada mensaje puede llevar 2 ficheros como máximo." + again},
		"both": {Answer{MaxFiles: 2, MaxBytes: 1 << 20, SentFiles: 3, SentBytes: 2 << 20},
			"Su mensaje lleva 3 ficheros y se admiten 2 como máximo. Además, los ficheros de su mensaje ocupan 2 MiB y se admiten 1 MiB como máximo entre todos." + again},
		"not known": {Answer{MaxFiles: 2}, "Su mensaje lleva más ficheros de los que se admiten, o más grandes. Cada mensaje puede llevar 2 ficheros como máximo." + again},
	} {
		v := story(t, s, KindRefused)
		v.Answer = &c.answer
		v.Answer.Reason = ticket.ReasonFiles
		if text := strings.Join(strings.Fields(render(t, s, v).Text), " "); !strings.Contains(text, c.want) {
			t.Errorf("%s lacks %q:\n%s", name, c.want, text)
		}
	}
}
