package parser

import (
	"mime"
	"strings"
)

// Attachment is a part that is not shown as text, or a file out of a TNEF
// stream (winmail.dat). Filename is safe for a disk
// and for a header: no separators, controls, bidirectional characters or
// leading dots, never empty (a name is made up from the type). Original is the
// name as the sender gave it, decoded, or "". Data is the decoded content; it
// may share memory with the bytes given to Parse, so it must not be changed.
type Attachment struct {
	Filename, ContentType, Disposition, ContentID string
	Original                                      string
	Inline                                        bool // shown within the text, as an image is
	Data                                          []byte
}

// content decodes the body of a leaf, once.
func (n *node) content(d *defects) []byte {
	if n.data == nil {
		n.data = decodeTransfer(n.raw(), n.encoding, d)
	}
	return n.data
}

func (n *node) disposition() media {
	value, _ := n.header.first("content-disposition")
	return parseMedia(value, "")
}

// originalName is the file name a part gives itself. Content-Disposition
// counts more than Content-Type (RFC 2183 section 2.3).
func (n *node) originalName() string {
	for _, name := range []string{n.disposition().params["filename"], n.media.params["name"], n.media.params["filename"], n.media.params["file"]} {
		if name = oneLine(name); name != "" {
			return name
		}
	}
	return ""
}

// attachment makes an Attachment of a part.
func (n *node) attachment(d *defects) Attachment {
	id, _ := n.header.first("content-id")
	disposition := n.disposition().kind
	original := n.originalName()
	a := Attachment{
		Original: original, ContentType: n.media.kind, Disposition: disposition,
		ContentID: idText(strings.Trim(id, "<> ")), Data: n.content(d),
	}
	a.Inline = disposition == "inline" || disposition != "attachment" && a.ContentID != "" && n.parent != nil && n.parent.media.kind == "multipart/related"
	a.Filename = safeName(original, a.ContentType)
	return a
}

// reserved names are devices on Windows, whatever their ending.
var reserved = map[string]bool{"con": true, "prn": true, "aux": true, "nul": true, "com1": true, "com2": true, "com3": true, "com4": true, "lpt1": true, "lpt2": true, "lpt3": true}

// safeName makes a file name that is safe for a disk and for a header.
func safeName(name, contentType string) string {
	name = strings.ReplaceAll(name, `\`, "/")
	name = name[strings.LastIndexByte(name, '/')+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case hidden(r):
			return -1
		case strings.ContainsRune(`/\:*?"<>|`, r):
			return '_'
		}
		return r
	}, name)
	name = shorten(strings.Trim(strings.Join(strings.Fields(name), " "), ". "))
	if name == "" {
		return "adjunto" + extension(contentType)
	}
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	if reserved[stem] {
		name = "_" + name
	}
	return name
}

// shorten cuts a name to maxFilename bytes and keeps its ending.
func shorten(name string) string {
	if len(name) <= maxFilename {
		return name
	}
	ending := ""
	if dot := strings.LastIndexByte(name, '.'); dot > 0 && len(name)-dot <= 12 {
		ending = name[dot:]
	}
	return strings.ToValidUTF8(name[:maxFilename-len(ending)], "") + ending
}

// extension is the usual ending of a type. Types whose first registered ending
// is odd are listed.
func extension(contentType string) string {
	known := map[string]string{
		"message/rfc822": ".eml", "text/plain": ".txt", "text/html": ".html", "image/jpeg": ".jpg", "application/pdf": ".pdf",
		"text/calendar": ".ics", "message/delivery-status": ".txt", "text/rfc822-headers": ".txt", "application/octet-stream": ".bin",
		"application/pkcs7-mime": ".p7m", "application/x-pkcs7-mime": ".p7m", "application/ms-tnef": ".dat", "application/vnd.ms-tnef": ".dat",
	}
	if ending, ok := known[contentType]; ok {
		return ending
	}
	if endings, err := mime.ExtensionsByType(contentType); err == nil && len(endings) > 0 {
		return endings[0]
	}
	return ".bin"
}
