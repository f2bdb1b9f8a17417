package parser

import "testing"

// A server that names whom it takes no mail from does not name who failed.
func TestSenderIsNoFailedRecipient(t *testing.T) {
	m := Parse([]byte("From: MAILER-DAEMON@correo.example\nSubject: Mail Delivery Problem\n\n" +
		"Your mail to the following recipients could not be delivered because they are not accepting mail from soporte@dgt.example:\n\tana\n"))
	if m.Bounce == nil || len(m.Bounce.Recipients) > 0 {
		t.Errorf("bounce %+v", m.Bounce)
	}
}
