package parser

import (
	"mime"
	"strings"
)

// attachments are the files of the stream. A message among them becomes a mail.
func (t *tnef) attachments() []Attachment {
	var list []Attachment
	for i := range t.files {
		f := &t.files[i]
		if !f.found {
			t.bad = true // kept elsewhere, by reference
			continue
		}
		if f.inner != nil {
			list = append(list, t.asMail(f))
			continue
		}
		list = append(list, f.attachment())
	}
	return list
}

func (f *tnefFile) attachment() Attachment {
	a := Attachment{Original: f.name(), ContentType: cleanType(f.kind), Disposition: "attachment", ContentID: idText(strings.Trim(headerText(f.contentID), "<> ")), Data: f.data}
	if f.inline && a.ContentID != "" {
		a.Disposition, a.Inline = "inline", true
	}
	a.Filename = safeName(a.Original, a.ContentType)
	return a
}

// asMail writes an attached message as a mail. If that would make too much, it
// stays a stream.
func (t *tnef) asMail(f *tnefFile) Attachment {
	a := f.attachment()
	a.ContentType = "application/ms-tnef"
	data, ok := f.inner.mail()
	t.bad = t.bad || f.inner.bad || !ok
	if ok {
		a.ContentType, a.Data = "message/rfc822", data
	}
	a.Filename = safeName(a.Original, a.ContentType)
	if ok && !strings.HasSuffix(strings.ToLower(a.Filename), ".eml") {
		a.Filename = shorten(a.Filename + ".eml")
	}
	return a
}

// name is the first name that says something; the title comes before the short
// name, which is one of eight letters and three.
func (f *tnefFile) name() string {
	for _, name := range []string{f.long, f.title, f.display, f.short} {
		if name = headerText(name); name != "" {
			return name
		}
	}
	return ""
}

// cleanType is a media type in lower case without parameters, and that of any
// file if it is none.
func cleanType(kind string) string {
	kind, _, err := mime.ParseMediaType(kind)
	if err != nil || strings.Count(kind, "/") != 1 || strings.HasPrefix(kind, "multipart/") || len(kind) > maxFilename {
		return "application/octet-stream"
	}
	return kind
}
