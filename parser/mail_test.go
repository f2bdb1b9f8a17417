package parser

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the .want files anew")

// reading is what the .want file beside a mail holds.
type reading struct {
	Subject     string            `json:"subject"`
	From        []Address         `json:"from"`
	To          []Address         `json:"to"`
	Date        string            `json:"date,omitempty"`
	Kind        Kind              `json:"kind"`
	Reasons     []string          `json:"reasons,omitempty"`
	Suppress    bool              `json:"suppress_reply,omitempty"`
	ReplyText   string            `json:"reply_text"`
	Signature   string            `json:"signature,omitempty"`
	Quoted      string            `json:"quoted,omitempty"`
	Form        map[string]string `json:"form,omitempty"`
	Attachments []string          `json:"attachments,omitempty"`
	Bounce      *BounceInfo       `json:"bounce,omitempty"`
	Parts       []string          `json:"parts"`
	Defects     []string          `json:"defects,omitempty"`
}

func read(raw []byte) reading {
	m := Parse(raw)
	r := reading{
		Subject: m.Subject, From: m.From, To: m.To, Kind: m.Kind, Reasons: m.AutoReasons, Suppress: m.SuppressReply, ReplyText: m.ReplyText,
		Signature: m.Signature, Quoted: m.Quoted, Form: m.ReadForm(opening), Bounce: m.Bounce, Defects: m.Defects,
	}
	if !m.Date.IsZero() {
		r.Date = m.Date.Format("2006-01-02T15:04:05Z07:00")
	}
	for _, a := range m.Attachments {
		line := a.Filename + " " + a.ContentType
		if a.Inline {
			line += " inline"
		}
		r.Attachments = append(r.Attachments, line)
	}
	for _, p := range m.Parts {
		r.Parts = append(r.Parts, strings.TrimSpace(p.Path+" "+p.ContentType))
	}
	return r
}

// written is a reading as the .want file has it.
func written(t *testing.T, r reading) string {
	t.Helper()
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "\t")
	if err := e.Encode(r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestMails reads each mail of testdata and compares with the file beside it.
func TestMails(t *testing.T) {
	for name, raw := range mails(t) {
		t.Run(name, func(t *testing.T) {
			got := written(t, read(raw))
			file := "testdata/" + strings.TrimSuffix(name, ".eml") + ".want"
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
				t.Errorf("%s reads as\n%s", name, got)
			}
			checkMessage(t, Parse(raw), len(raw))
		})
	}
}
