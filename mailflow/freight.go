package mailflow

import (
	"github.com/cauce-desk/cauce/mailflow/compose"
	"github.com/cauce-desk/cauce/parser"
)

// freight are the files that a notice carries, and the names of those that it
// does and does not.
type freight struct {
	files    []compose.Attachment
	names    []string
	omitted  []string // too large, or they hold a key of somebody's
	withheld []string // they might do harm
}

// room is how many bytes of files may travel with the notice: none with one that
// came back for what it held.
func (f *dossier) room() int64 {
	if f.notice.Bare {
		return -1
	}
	return f.site.AttachmentBytes
}

// freight sorts the files of the events that the notice carries.
func (f *dossier) freight() freight {
	var c freight
	left := f.room()
	for _, e := range f.carried() {
		parsed := parser.Parse(f.raw[e.Mail]).Attachments
		for _, a := range e.Content.Attachments {
			switch {
			case a.Index < len(parsed) && harmful(parsed[a.Index]):
				c.withheld = append(c.withheld, a.Name)
			case a.Index >= len(parsed) || int64(a.Size) > left || f.desk.holdsKey(parsed[a.Index]):
				c.omitted = append(c.omitted, a.Name)
			default:
				left -= int64(a.Size)
				c.names = append(c.names, a.Name)
				c.files = append(c.files, compose.Attachment{Filename: a.Name, ContentType: a.Type, Data: parsed[a.Index].Data})
			}
		}
	}
	return c
}
