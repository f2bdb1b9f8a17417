package smtpd

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// reports collects what Options.Refused is told.
type reports struct {
	mu   sync.Mutex
	all  []Refusal
	text []string
}

func (r *reports) add(refusal Refusal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, refusal)
	r.text = append(r.text, fmt.Sprintf("<%s> %q %d %.9s", refusal.From, refusal.To, refusal.Size, refusal.Reply))
}

const (
	fromAna = "MAIL FROM:<ana@correo.example>\r\n"
	toUno   = "RCPT TO:<uno@dgt.example>\r\n"
	toDos   = "RCPT TO:<dos@dgt.example>\r\n"
)

// TestRefusals sends a conversation after the greeting, all at once, and then
// hangs up. Each line wanted is sender, recipients, size, reply.
func TestRefusals(t *testing.T) {
	for _, test := range []struct {
		name, says string
		want       []string
	}{
		{"nothing refused", fromAna + toUno + "DATA\r\nhola\r\n.\r\n", nil},
		{"size announced", "MAIL FROM:<ana@Correo.Example> SIZE=101 BODY=8BITMIME\r\n", []string{`<ana@correo.example> [] 101 552 5.3.4`}},
		{"size announced, nobody's mail", "MAIL FROM:<> SIZE=101\r\n", []string{`<> [] 101 552 5.3.4`}},
		{"size of text", fromAna + toUno + toDos + "DATA\r\n" + strings.Repeat("0123456789\r\n", 9) + ".\r\n",
			[]string{`<ana@correo.example> ["uno@dgt.example" "dos@dgt.example"] 108 552 5.3.4`}},
		{"size of a chunk", fromAna + toUno + "BDAT 101 LAST\r\n" + strings.Repeat("0123456789\r\n", 8) + "12345",
			[]string{`<ana@correo.example> ["uno@dgt.example"] 101 552 5.3.4`}},
		{"chunk out of all bounds", fromAna + toUno + "BDAT 99999999 LAST\r\n", []string{`<ana@correo.example> ["uno@dgt.example"] 0 552 5.3.4`}},
		{"line", "MAIL FROM:<ana@correo.example> SIZE=70\r\n" + toUno + "DATA\r\n" + strings.Repeat("x", 60) + "\r\n.\r\n",
			[]string{`<ana@correo.example> ["uno@dgt.example"] 70 500 5.6.0`}},
		{"recipients", fromAna + toUno + toDos + "RCPT TO:<tres@dgt.example>\r\nRCPT TO:<cuatro@dgt.example>\r\nDATA\r\nhola\r\n.\r\n",
			[]string{`<ana@correo.example> ["tres@dgt.example"] 0 452 4.5.3`, `<ana@correo.example> ["cuatro@dgt.example"] 0 452 4.5.3`}},
		{"the desk's own no to a recipient", fromAna + "RCPT TO:<nadie@DGT.example>\r\nRCPT TO:<disco@dgt.example>\r\n" + toUno + "DATA\r\nhola\r\n.\r\n",
			[]string{`<ana@correo.example> ["nadie@dgt.example"] 0 550 5.1.1`, `<ana@correo.example> ["disco@dgt.example"] 0 451 4.3.0`}},
		{"the desk's own no to a mail", fromAna + "RCPT TO:<politica@dgt.example>\r\nDATA\r\nhola\r\n.\r\n", nil},
		{"the desk's failure", fromAna + "RCPT TO:<panico@dgt.example>\r\nBDAT 4 LAST\r\nhola", nil},
		{"addresses", "MAIL FROM:<ana@correo..example>\r\nMAIL FROM:<ana>\r\n" + fromAna + "RCPT TO:<uno@dgt..example>\r\nRCPT TO:<uno@dgt.example> NOTIFY=NEVER\r\n",
			[]string{`<ana@correo..example> [] 0 501 5.1.7`, `<ana> [] 0 501 5.5.2`, `<ana@correo.example> ["uno@dgt..example"] 0 501 5.1.3`, `<ana@correo.example> ["uno@dgt.example"] 0 504 5.5.4`}},
		{"a sender in two", "MAIL FROM:<ana@correo.example> FOO=1\r\n" + fromAna + "MAIL FROM:<eva@correo.example>\r\n",
			[]string{`<ana@correo.example> [] 0 500 5.5.4`, `<eva@correo.example> [] 0 503 5.5.1`}},
		{"commands of nobody", "FOO\r\nMAIL\r\nMAIL TO:ana\r\nVRFY <uno@dgt.example>\r\n" + toUno + "DATA\r\nBDAT 4 LAST\r\nhola" + fromAna + "RCPT TO:<>\r\nRCPT\r\nRCPT TO:<u\x00@dgt.example>\r\nDATA\r\n", nil},
		{"a slip before the text", fromAna + toUno + "NOOP\x00\r\nDATA now\r\nFOO\r\nDATA\r\nhola\r\n.\r\n", nil},
		{"broken off", fromAna + toUno + "DATA\r\nhola\r\n", []string{`<ana@correo.example> ["uno@dgt.example"] 6 451 4.4.2`}},
		{"broken off in a chunk", fromAna + toUno + "BDAT 9 LAST\r\nhola", []string{`<ana@correo.example> ["uno@dgt.example"] 0 451 4.4.2`}},
		{"broken off between chunks", fromAna + toUno + "BDAT 4\r\nholaFOO\r\n", []string{`<ana@correo.example> ["uno@dgt.example"] 0 451 4.4.2`}},
		{"broken off before it began", fromAna + toUno, nil},
		{"given up", fromAna + toUno + "BDAT 4\r\nholaRSET\r\n", []string{`<ana@correo.example> ["uno@dgt.example"] 0 421 4.5.0`}},
		{"an end that is none", fromAna + toUno + "DATA\r\nhola\r\r\n.\r\n", []string{`<ana@correo.example> ["uno@dgt.example"] 10 451 4.6.0`}},
		{"one after the other", fromAna + toUno + "DATA\r\n" + strings.Repeat("x", 60) + "\r\n.\r\n" + fromAna + toDos + "DATA\r\nhola\r\n.\r\n" + fromAna + toDos + "DATA\r\n" + strings.Repeat("x", 60) + "\r\n.\r\n",
			[]string{`<ana@correo.example> ["uno@dgt.example"] 62 500 5.6.0`, `<ana@correo.example> ["dos@dgt.example"] 62 500 5.6.0`}},
	} {
		for _, lmtp := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, lmtp %v", test.name, lmtp), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					got := refusals(t, lmtp, test.says, func(p *peer) { _ = p.conn.Close() })
					if !reflect.DeepEqual(got.text, test.want) {
						t.Errorf("reported %q, want %q", got.text, test.want)
					}
				})
			})
		}
	}
}

// refusals holds a conversation and returns what was reported of it.
func refusals(t *testing.T, lmtp bool, says string, end func(*peer)) *reports {
	r, l := &reports{}, newMemory()
	stop := serve(t, Options{LMTP: lmtp, MaxMessageBytes: 100, MaxRecipients: 2, MaxLineLength: 40, Refused: r.add}, &desk{}, l)
	p := l.dial(t, from4)
	if lmtp {
		p.send("LHLO cliente.example\r\n" + says)
	} else {
		p.send("EHLO cliente.example\r\n" + says)
	}
	synctest.Wait()
	end(p)
	synctest.Wait()
	stop()
	return r
}

// The whole of a report.
func TestRefusal(t *testing.T) {
	for says, want := range map[string]Refusal{
		fromAna + "RCPT TO:<nadie@dgt.example>\r\nQUIT\r\n": {Remote: from4, Hello: "cliente.example", Protocol: "LMTP",
			From: "ana@correo.example", To: []string{"nadie@dgt.example"}, Reply: "550 5.1.1 no such desk"},
		fromAna + toUno + toDos + "DATA\r\n" + strings.Repeat("x", 60) + "\r\n.\r\nQUIT\r\n": {Remote: from4, Hello: "cliente.example", Protocol: "LMTP",
			From: "ana@correo.example", To: []string{"uno@dgt.example", "dos@dgt.example"}, Size: 62, Reply: "500 5.6.0 <uno@dgt.example> a line of the mail is too long"},
		"MAIL FROM:<" + strings.Repeat("ñ", 300) + "@correo.example>\r\nQUIT\r\n": {Remote: from4, Hello: "cliente.example", Protocol: "LMTP",
			From: strings.Repeat("ñ", pathLimit/2), Reply: "501 5.1.7 sender is not a mail address"},
	} {
		synctest.Test(t, func(t *testing.T) {
			got := refusals(t, true, says, func(p *peer) { p.expectLast("221 *") })
			if len(got.all) != 1 || !reflect.DeepEqual(got.all[0], want) {
				t.Errorf("reported %+v, want %+v", got.all, want)
			}
		})
	}
}

// A mail that is not finished in time, before and between the chunks.
func TestRefusalByTime(t *testing.T) {
	for says, want := range map[string]string{
		fromAna + toUno:                      "",
		fromAna + toUno + "DATA\r\nhola\r\n": `<ana@correo.example> ["uno@dgt.example"] 6 451 4.4.2`,
		fromAna + toUno + "BDAT 4\r\nhola":   `<ana@correo.example> ["uno@dgt.example"] 0 421 4.4.2`,
	} {
		synctest.Test(t, func(t *testing.T) {
			got := refusals(t, false, says, func(*peer) { time.Sleep(time.Hour) }) // the bubble's clock
			if text := strings.Join(got.text, "\n"); text != want {
				t.Errorf("%q: reported %q, want %q", says, text, want)
			}
		})
	}
}

// Who never says EHLO is refused all the same.
func TestRefusalBeforeHello(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, l := &reports{}, newMemory()
		defer serve(t, Options{Refused: r.add}, &desk{}, l)()
		p := l.dial(t, from6)
		p.send(fromAna)
		synctest.Wait()
		_ = p.conn.Close()
		want := []Refusal{{Remote: from6, Protocol: "SMTP", From: "ana@correo.example", Reply: replyNoHello}}
		if !reflect.DeepEqual(r.all, want) {
			t.Errorf("reported %+v, want %+v", r.all, want)
		}
	})
}
