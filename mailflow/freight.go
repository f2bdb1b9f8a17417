package mailflow

import (
	"github.com/cauce-desk/cauce/mailflow/compose"
	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/ticket"
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
	mails := map[string][]parser.Attachment{}
	for mail, raw := range f.raw {
		mails[mail] = parser.Parse(raw).Attachments
	}
	for _, a := range f.attachments() {
		parsed := mails[a.Mail]
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
	return c
}

// attachments are all files of the events that the notice carries.
func (f *dossier) attachments() []ticket.Attachment { return filesOf(f.carried()) }

func filesOf(events []ticket.Event) []ticket.Attachment {
	var list []ticket.Attachment
	for _, e := range events {
		list = append(list, e.Files()...)
	}
	return list
}
