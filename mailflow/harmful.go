package mailflow

import (
	"bytes"
	"html"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/parser"
	"github.com/cauce-desk/cauce/ticket"
)

// runnable are the endings of files that a double click runs, or that make the
// system run something else: programs, scripts, links, settings, documents that
// are made to hold macros, and disks that would open as folders of such files.
var runnable = strings.Fields(`
	ade adp apk appimage appinstaller application appref-ms appx appxbundle bat cab chm cmd com command cpl crx deb diagcab
	diagcfg diagpkg dll dmg docm dotm elf exe gadget hlp hta img inf ins iqy iso isp jar jnlp js jse lib library-ms
	lnk mde mjs msc msh msi msix msixbundle msp mst msu nsh ocx one pif pkg potm ppam ppsm pptm ps1 ps1xml ps2 psc1
	psd1 psm1 py pyw rdp reg rpm scf scr sct search-ms settingcontent-ms shb shs slk sys theme url vb vbe vbs vhd
	vhdx vxd website wsc wsf wsh xbap xlam xll xlsm xltm`)

// magic are the first octets of files that run, whatever they are named:
// programs of Windows, Linux and macOS, Java classes, and links.
var magic = []string{
	"MZ", "\x7fELF", "\xfe\xed\xfa\xce", "\xfe\xed\xfa\xcf", "\xce\xfa\xed\xfe", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe",
	"L\x00\x00\x00\x01\x14\x02\x00", "ITSF", "conectix", "vhdxfile",
}

// A disk image of ISO 9660 says so here.
const (
	isoMark = "CD001"
	isoAt   = 0x8001
)

// active finds in a page or a picture what a browser would run.
var active = regexp.MustCompile(`(?i)<(?:\w+:)?script|javascript:|vbscript:|[\s/"']on[a-z]{3,30}\s*=|<(?:iframe|object|embed|foreignobject)|http-equiv\s*=\s*["']?refresh`)

// harmful tells whether a file could do something of its own when it is opened:
// such files are kept with the mail they came in and handed on to nobody. It is
// judged by its name and by its first octets, and never opened; a mail within
// the mail by the files in it. What archives and documents hold is for a filter
// to say.
func harmful(a parser.Attachment) bool { return harms(a, maxNested) }

func harms(a parser.Attachment, depth int) bool {
	switch {
	case endsIn(a, runnable...), runs(a.Data), shownByBrowser(a) && isActive(a.Data):
		return true
	case !isMail(a):
		return false
	case depth == 0:
		return true
	}
	return slices.ContainsFunc(parser.Parse(a.Data).Attachments, func(inner parser.Attachment) bool { return harms(inner, depth-1) })
}

// endsIn tells whether a file's name, as it was sent or as it is handed on, has
// one of these endings.
func endsIn(a parser.Attachment, endings ...string) bool {
	return slices.Contains(endings, ending(a.Filename)) || slices.Contains(endings, ending(a.Original))
}

// ending is what stands after the last dot of a name, as Windows sees it: dots
// and spaces at the end do not count, nor does what nobody sees.
func ending(name string) string {
	return strings.TrimPrefix(strings.ToLower(path.Ext(strings.TrimRight(ticket.Clean(name), ". "))), ".")
}

// runs tells whether the first octets are those of a program. A text may begin
// with the two letters of one, but has no zeros.
func runs(data []byte) bool {
	head := data[:min(len(data), 512)]
	for _, mark := range magic {
		if bytes.HasPrefix(head, []byte(mark)) && (len(mark) > 2 || bytes.IndexByte(head, 0) >= 0) {
			return true
		}
	}
	return len(data) > isoAt && bytes.HasPrefix(data[isoAt:], []byte(isoMark))
}

var pages = []string{"html", "htm", "xhtml", "xht", "shtml", "mht", "mhtml", "svg", "xml"}

// shownByBrowser tells whether a double click would open a file in a browser.
func shownByBrowser(a parser.Attachment) bool {
	return endsIn(a, pages...) || strings.HasPrefix(a.ContentType, "text/html") ||
		strings.HasPrefix(a.ContentType, "image/svg") || strings.HasPrefix(a.ContentType, "application/xhtml")
}

// unseen are the zeros that UTF-16 has between its letters; and ignored is what
// browsers drop from a link.
var (
	unseen  = strings.NewReplacer("\x00", "")
	ignored = strings.NewReplacer("\t", "", "\r", "", "\n", "")
)

// isActive tells whether a browser would run something in a page, however its
// letters are written.
func isActive(data []byte) bool {
	page := html.UnescapeString(unseen.Replace(string(data)))
	return active.MatchString(page) || active.MatchString(ignored.Replace(page))
}
