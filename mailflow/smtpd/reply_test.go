package smtpd

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"
)

func TestErrorsBecomeReplies(t *testing.T) {
	const temporary = "451 4.3.0 cannot take this mail now, try again later"
	for _, test := range []struct {
		err  error
		want string
	}{
		{errors.New("open /var/lib/secret: EIO"), temporary},
		{fmt.Errorf("writing: %w", errors.New("disk full")), temporary},
		{smtp.ErrDataReset, temporary},
		{smtp.ErrDataTooLarge, "552 5.3.4 Maximum message size exceeded"},
		{fmt.Errorf("receiving: %w", errMailCut), "451 4.4.2 the rest of the mail did not come in time"},
		{&Refused{Code: 550, Enhanced: [3]int{5, 7, 1}, Text: "no", Cause: errors.New("secret")}, "550 5.7.1 no"},
		{fmt.Errorf("deep: %w", errors.Join(errors.New("x"), &Refused{Code: 450, Enhanced: [3]int{4, 2, 0}, Text: "later"})), "450 4.2.0 later"},
		{&Refused{Code: 550, Enhanced: [3]int{4, 0, 1}, Text: "no"}, "550 5.0.0 no"},
		{&Refused{Code: 550, Text: "a\r\n250 b\x1b[2J\u2028ñ\tc"}, "550 5.0.0 a 250 b [2J?? c"},
		{&Refused{Code: 250, Text: "fine"}, temporary},
		{&Refused{}, temporary},
	} {
		reply := toSMTP(test.err)
		got := fmt.Sprintf("%d %d.%d.%d %s", reply.Code, reply.EnhancedCode[0], reply.EnhancedCode[1], reply.EnhancedCode[2], reply.Message)
		if got != test.want {
			t.Errorf("%v is answered %q, want %q", test.err, got, test.want)
		}
	}
}

func TestRefusedTellsTheLogMore(t *testing.T) {
	cause := errors.New("secret")
	err := &Refused{Code: 550, Text: "no", Cause: cause}
	if err.Error() != "550 no: secret" || !errors.Is(err, cause) {
		t.Errorf("Refused reads %q", err)
	}
}

func TestAcceptedTexts(t *testing.T) {
	for _, test := range []struct {
		texts []string
		want  string
	}{
		{nil, "done"},
		{[]string{"", ""}, "done"},
		{[]string{"I171009_000001"}, "I171009_000001"},
		{[]string{"I171009_000002", "recorded 7", "I171009_000002", ""}, "I171009_000002, recorded 7"},
		{[]string{strings.Repeat("ñ", 1000)}, strings.Repeat("?", 400)},
	} {
		if got := accepted(merge(test.texts)); got.Code != 250 || got.Message != test.want {
			t.Errorf("%q is answered %d %q, want %q", test.texts, got.Code, got.Message, test.want)
		}
	}
}
