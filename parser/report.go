package parser

import (
	"crypto/md5"
	"encoding/hex"
	"time"
)

// Report is a Message as `cauce parse --json` prints it.
type Report struct {
	Schema         int                `json:"schema"`
	OK             bool               `json:"ok"`
	Error          *string            `json:"error"`
	MessageID      *string            `json:"message_id"`
	InReplyTo      []string           `json:"in_reply_to"`
	References     []string           `json:"references"`
	Date           *string            `json:"date"`
	Subject        *string            `json:"subject"`
	From           []Address          `json:"from"`
	Sender         []Address          `json:"sender"`
	ReplyTo        []Address          `json:"reply_to"`
	To             []Address          `json:"to"`
	Cc             []Address          `json:"cc"`
	ReturnPath     *string            `json:"return_path"`
	Text           string             `json:"text"`
	HTML           *string            `json:"html"`
	ReplyText      string             `json:"reply_text"`
	Signature      string             `json:"signature"`
	Quoted         string             `json:"quoted"`
	Kind           Kind               `json:"kind"`
	Attachments    []ReportAttachment `json:"attachments"`
	Parts          []ReportPart       `json:"parts"`
	Bounce         bool               `json:"bounce"`
	BounceInfo     BounceInfo         `json:"bounce_info"`
	AutoReply      bool               `json:"auto_reply"`
	Bulk           bool               `json:"bulk"`
	FeedbackReport bool               `json:"feedback_report"`
	SuppressReply  bool               `json:"suppress_reply"`
	AutoReasons    []string           `json:"auto_reasons"`
	Defects        []string           `json:"defects"`
}

// ReportAttachment is an Attachment in a Report. Filename is the name the
// sender gave, decoded; SafeName the one to use on a disk.
type ReportAttachment struct {
	Filename    *string `json:"filename"`
	SafeName    string  `json:"safe_name"`
	ContentType string  `json:"content_type"`
	Size        int     `json:"size"`
	MD5         string  `json:"md5"`
	Inline      bool    `json:"inline"`
	Disposition *string `json:"disposition"`
	ContentID   *string `json:"content_id"`
}

// ReportPart is a Part in a Report.
type ReportPart struct {
	Path        string  `json:"path"`
	ContentType string  `json:"content_type"`
	Charset     *string `json:"charset"`
	Filename    *string `json:"filename"`
	Size        *int    `json:"size"`
	MD5         string  `json:"md5,omitempty"`
	Start       int     `json:"start"`
	End         int     `json:"end"`
}

// JSON is the object that `cauce parse --json` prints. Lists are never null;
// what the mail does not say is null.
func (m *Message) JSON() Report {
	r := Report{
		Schema: 1, OK: true, MessageID: optional(m.MessageID), InReplyTo: list(m.InReplyTo), References: list(m.References),
		From: list(m.From), Sender: list(m.Sender), ReplyTo: list(m.ReplyTo), To: list(m.To), Cc: list(m.Cc),
		ReturnPath: m.ReturnPath, Text: m.Text, HTML: optional(m.HTML), ReplyText: m.ReplyText, Signature: m.Signature,
		Quoted: m.Quoted, Kind: m.Kind, Bounce: m.Bounce != nil, AutoReply: m.AutoReply, Bulk: m.Bulk,
		FeedbackReport: m.FeedbackReport, SuppressReply: m.SuppressReply, AutoReasons: list(m.AutoReasons), Defects: list(m.Defects),
		Attachments: []ReportAttachment{}, Parts: []ReportPart{}, BounceInfo: BounceInfo{Recipients: []Recipient{}},
	}
	if _, ok := m.fields.first("subject"); ok {
		r.Subject = &m.Subject
	}
	if !m.Date.IsZero() {
		r.Date = optional(m.Date.Format(time.RFC3339))
	}
	if m.Bounce != nil {
		r.BounceInfo = *m.Bounce
		r.BounceInfo.Recipients = list(r.BounceInfo.Recipients)
	}
	for _, a := range m.Attachments {
		r.Attachments = append(r.Attachments, a.report())
	}
	for _, p := range m.Parts {
		r.Parts = append(r.Parts, p.report())
	}
	return r
}

func (a Attachment) report() ReportAttachment {
	return ReportAttachment{
		Filename: optional(a.Original), SafeName: a.Filename, ContentType: a.ContentType, Size: len(a.Data), MD5: sum(a.Data),
		Inline: a.Inline, Disposition: optional(a.Disposition), ContentID: optional(a.ContentID),
	}
}

func (p Part) report() ReportPart {
	r := ReportPart{Path: p.Path, ContentType: p.ContentType, Charset: optional(p.Charset), Filename: optional(p.Filename), Start: p.Start, End: p.End}
	if p.Size >= 0 {
		r.Size = &p.Size
		r.MD5 = sum(p.data)
	}
	return r
}

func sum(data []byte) string {
	h := md5.Sum(data)
	return hex.EncodeToString(h[:])
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}
