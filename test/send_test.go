package test

import (
	"bytes"
	"context"
	"fmt"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/internal/mailtest"
	"github.com/cauce-desk/cauce/mailflow/compose"
)

// outgoing is a mail on its way to the desk.
type outgoing struct {
	from string
	to   []string
	raw  []byte
}

// mail FILE [as=PROGRAM] [attach=FILE,…] [sender=ADDRESS] [recipient=ADDRESS]
// [times=N] sends a mail. A file with MIME-Version goes out as it stands; of
// another the headers and the text are written by a mail program. The envelope
// has the addresses of From, To and Cc, if no others are given. With times it
// is sent so often at once, and all must be answered alike.
func (s *scene) mail(c call) error {
	mail, err := s.outgoing(c)
	if err != nil {
		return err
	}
	if sender, ok := c.options["sender"]; ok {
		mail.from = strings.Trim(sender, "<>")
	}
	if recipient, ok := c.options["recipient"]; ok {
		mail.to = []string{recipient}
	}
	times := 1
	if n, ok := c.options["times"]; ok {
		if times, err = strconv.Atoi(n); err != nil {
			return err
		}
	}
	return s.send(mail, times)
}

func (s *scene) send(mail outgoing, times int) error {
	raw, err := s.signed(mail.raw)
	if err != nil {
		return err
	}
	answers := make([]mailtest.Answer, times)
	var group errgroup.Group
	for i := range answers {
		group.Go(func() (err error) {
			answers[i], err = mailtest.Submit(context.Background(), s.office.client.Server, mail.from, mail.to, raw)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, answer := range answers {
		s.Logf("  %s", answer)
		if answer != answers[0] {
			return fmt.Errorf("the same mail was answered %q and %q", answers[0], answer)
		}
		if answer.Code == 250 {
			s.sent += s.office.addressed(mail.to)
		}
	}
	s.answer = answers[0]
	return nil
}

var addrSpec = regexp.MustCompile(`[^\s<>,";:()]+@[^\s<>,";:()]+`)

func (s *scene) outgoing(c call) (outgoing, error) {
	content := s.ReadFile(c.words[0])
	m, err := mail.ReadMessage(strings.NewReader(content))
	if err != nil {
		return outgoing{}, fmt.Errorf("%s: %w", c.words[0], err)
	}
	out := outgoing{from: addrSpec.FindString(m.Header.Get("From"))}
	for _, field := range []string{"To", "Cc"} {
		out.to = append(out.to, addrSpec.FindAllString(m.Header.Get(field), -1)...)
	}
	if m.Header.Get("Mime-Version") != "" {
		out.raw = []byte(content)
		return out, nil
	}
	out.raw, err = s.written(c, m, out)
	return out, err
}

// written has a mail program write a mail of which the headers and the text
// are given. Headers that are nobody's business but the mail's go first.
func (s *scene) written(c call, m *mail.Message, out outgoing) ([]byte, error) {
	var body bytes.Buffer
	if _, err := body.ReadFrom(m.Body); err != nil {
		return nil, err
	}
	draft := mailclient.Draft{From: out.from, To: strings.Join(out.to, ", "), Subject: m.Header.Get("Subject"), Body: body.String()}
	draft.FromName, _, _ = strings.Cut(m.Header.Get("From"), " <")
	raw, err := s.bytes(c, draft)
	for name, values := range m.Header {
		if name != "From" && name != "To" && name != "Subject" {
			raw = append([]byte(name+": "+values[0]+"\r\n"), raw...)
		}
	}
	return raw, err
}

// bytes is a draft as the program named by as= writes it, or as any would.
func (s *scene) bytes(c call, d mailclient.Draft) ([]byte, error) {
	d.Files = append(d.Files, s.files(c.options["attach"])...)
	name, ok := c.options["as"]
	if !ok {
		return s.office.client.Bytes(d)
	}
	program, err := mailtest.ProgramNamed(name)
	if err != nil {
		return nil, err
	}
	s.typed++
	return program.Bytes(d, s.office.client.Now(), s.typed), nil
}

var types = map[string]string{".pdf": "application/pdf", ".png": "image/png", ".txt": "text/plain"}

func (s *scene) files(names string) []compose.Attachment {
	var files []compose.Attachment
	for name := range strings.SplitSeq(names, ",") {
		if name == "" {
			continue
		}
		content, err := os.ReadFile(s.MkAbs(name))
		s.Check(err)
		kind := types[filepath.Ext(name)]
		if kind == "" {
			kind = "application/octet-stream"
		}
		files = append(files, compose.Attachment{Filename: name, ContentType: kind, Data: content})
	}
	return files
}

// click WHO LINK [LABEL=VALUE…] [as=PROGRAM] [from=OTHER] [prefix=TEXT]
// [token=TEXT] [body=FILE] [attach=FILE,…] [findings=TEXT] follows a link of the
// mail somebody has before them: the blanks are filled in, and it is sent; with
// findings, by a server that writes them on top.
func (s *scene) click(c call) error {
	m, err := s.before(c.words[0])
	if err != nil {
		return err
	}
	link, ok := m.Link(c.words[1])
	if !ok {
		return fmt.Errorf("there is no link %q in %q", c.words[1], m.Subject)
	}
	draft, err := s.clicked(c, link, m.For)
	if err != nil {
		return err
	}
	if token, ok := c.options["token"]; ok {
		draft.Subject = draft.Subject[:strings.LastIndexByte(draft.Subject, ' ')+1] + token
	}
	if file, ok := c.options["body"]; ok {
		draft.Body = s.ReadFile(file)
	}
	return s.post(c, draft)
}

func (s *scene) clicked(c call, link mailclient.Link, from string) (mailclient.Draft, error) {
	if name, ok := c.options["as"]; ok {
		program, err := mailtest.ProgramNamed(name)
		if err != nil {
			return mailclient.Draft{}, err
		}
		return program.Click(link, from, c.blanks)
	}
	draft := mailclient.Follow(link, from)
	var err error
	draft.Body, err = mailclient.Fill(draft.Body, c.blanks)
	return draft, err
}

// post sends a draft, after what the options change in it.
func (s *scene) post(c call, d mailclient.Draft) error {
	if from, ok := c.options["from"]; ok {
		d.From = from
	}
	if subject, ok := c.options["subject"]; ok {
		d.Subject = subject
	}
	d.Subject = c.options["prefix"] + d.Subject
	raw, err := s.bytes(c, d)
	if err != nil {
		return err
	}
	if findings, ok := c.options["findings"]; ok {
		raw = append([]byte("Authentication-Results: "+findings+"\r\n"), raw...)
	}
	return s.send(outgoing{from: d.From, to: []string{d.To}, raw: raw}, 1)
}

// reply WHO FILE [as=PROGRAM] [from=OTHER] [subject=TEXT] [prefix=TEXT]
// [attach=FILE,…] answers the mail somebody has before them with the text of a
// file, quoting that mail.
func (s *scene) reply(c call) error {
	m, err := s.before(c.words[0])
	if err != nil {
		return err
	}
	text := strings.TrimRight(s.ReadFile(c.words[1]), "\n")
	draft := mailclient.Reply(m, text)
	if name, ok := c.options["as"]; ok {
		program, err := mailtest.ProgramNamed(name)
		if err != nil {
			return err
		}
		draft = program.Reply(m, text)
	}
	return s.post(c, draft)
}

// answer CODE [TEXT…] says what the server answered to the latest mail.
func (s *scene) answered(c call) error {
	if err := mismatch("answer", c.words[0], strconv.Itoa(s.answer.Code)); err != nil {
		return fmt.Errorf("%w: %s", err, s.answer)
	}
	for _, text := range c.words[1:] {
		if !strings.Contains(s.answer.Text, text) {
			return fmt.Errorf("the answer %q does not contain %q", s.answer, text)
		}
	}
	return nil
}
