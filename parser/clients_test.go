//go:build corpora

package parser

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The mails lie beside the checkout; what each means lies in testdata.
const (
	clientMails  = "../../shared/corpora/clients/"
	clientsFiles = "testdata/clients/"
)

// TestClients reads each mail that a real program wrote from a link, or as an
// answer, and compares with what the program meant by it. A mail without an
// expectation fails, and so does an expectation without a mail.
func TestClients(t *testing.T) {
	mails := stems(t, clientMails, ".eml")
	for _, name := range mails {
		t.Run(name, func(t *testing.T) { checkClient(t, name) })
	}
	for _, name := range stems(t, clientsFiles, ".want") {
		if !slices.Contains(mails, name) {
			t.Errorf("%s is expected, and there is no such mail", name)
		}
	}
}

// stems are the names of the files in a folder, without the extension.
func stems(t *testing.T, folder, extension string) []string {
	t.Helper()
	files, err := filepath.Glob(folder + "*" + extension)
	if err != nil || len(files) == 0 {
		t.Fatalf("no %s in %s: %v", extension, folder, err)
	}
	for i, file := range files {
		files[i] = strings.TrimSuffix(filepath.Base(file), extension)
	}
	return files
}

func checkClient(t *testing.T, name string) {
	raw, err := os.ReadFile(clientMails + name + ".eml")
	if err != nil {
		t.Fatal(err)
	}
	m := Parse(raw)
	checkMessage(t, m, len(raw))
	got := meaning(m)
	file := clientsFiles + name + ".want"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("reads as\n%s\nwanted\n%s", got, want)
	}
}

// meaning is what the .want file holds: the fields that have a value, then the
// sender's own text, then what was cut from it.
func meaning(m *Message) string {
	var b strings.Builder
	field := func(name string, values ...string) {
		if value := strings.Join(values, ", "); value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	field("From", people(m.From)...)
	field("Reply-To", people(m.ReplyTo)...)
	field("To", people(m.To)...)
	field("Cc", people(m.Cc)...)
	field("Bcc", m.Header("bcc")...)
	field("Subject", m.Subject)
	field("Means", canonical(m.Subject))
	field("In-Reply-To", m.InReplyTo...)
	field("References", m.References...)
	field("Machine", m.AutoReasons...)
	for _, a := range m.Attachments {
		field("Attachment", fmt.Sprintf("%s %s, %d bytes, inline %v", a.Filename, a.ContentType, len(a.Data), a.Inline))
	}
	field("Defects", m.Defects...)
	if len(m.InReplyTo) == 0 {
		form := m.ReadForm(opening)
		for _, label := range slices.Sorted(maps.Keys(form)) {
			field("Form "+label, fmt.Sprintf("%q", form[label]))
		}
	}
	if lines := strings.Split(m.Quoted, "\n"); m.Quoted != "" {
		field("Quoted", fmt.Sprintf("%d lines, from %q to %q", len(lines), lines[0], lines[len(lines)-1]))
	}
	if m.Echo {
		field("Echo", "nothing but a quotation, so it counts as own text")
	}
	passage(&b, "own text", m.ReplyText)
	passage(&b, "signature", m.Signature)
	return b.String()
}

// canonical is the subject as it is compared, if it says anything more.
func canonical(subject string) string {
	s := CanonicalSubject(subject)
	if s.Text == subject {
		return ""
	}
	marks := map[bool]string{true: " (an answer)"}[s.Reply] + map[bool]string{true: " (a forward)"}[s.Forward]
	return s.Text + marks
}

func people(list []Address) []string {
	var written []string
	for _, a := range list {
		written = append(written, strings.TrimSpace(a.Name+" <"+a.Address+">"))
	}
	return written
}

// passage writes a text of several lines; of a long one the ends and the sum.
func passage(b *strings.Builder, name, text string) {
	if text == "" {
		return
	}
	lines := strings.Split(text, "\n")
	if n := len(lines); n > 60 {
		sum := fmt.Sprintf("(%d lines in all, SHA-256 %x)", n, sha256.Sum256([]byte(text)))
		lines = slices.Concat(lines[:3], []string{sum}, lines[n-3:])
	}
	fmt.Fprintf(b, "\n== %s\n%s\n", name, strings.Join(lines, "\n"))
}
