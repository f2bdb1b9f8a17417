package parser

// rtfUnseen are destinations that hold no text of the mail.
var rtfUnseen = map[string]bool{
	"fonttbl": true, "colortbl": true, "stylesheet": true, "info": true, "pict": true, "object": true, "objdata": true, "header": true,
	"headerl": true, "headerr": true, "headerf": true, "footer": true, "footerl": true, "footerr": true, "footerf": true, "filetbl": true,
	"listtable": true, "listoverridetable": true, "rsidtbl": true, "xmlnstbl": true, "fldinst": true, "generator": true, "nonshppict": true,
	"mhtmltag": true, "bkmkstart": true, "bkmkend": true, "themedata": true, "datastore": true,
}

// rtfSigns are control words that stand for text.
var rtfSigns = map[string]string{
	"par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n", "tab": "\t", "cell": "\t", "nestcell": "\t", "nestrow": "\n",
	"emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ",
}

// word obeys one control word; n is its number, or -1.
func (r *rtfReader) word(name string, n int) {
	star := r.star
	r.star = false
	if sign, is := rtfSigns[name]; is {
		r.write(sign)
		return
	}
	switch {
	case name == "htmltag":
		r.now.skip = r.now.skip || !r.html
	case rtfUnseen[name] || star:
		r.now.skip = true
	case name == "u" && n >= 0:
		r.unicode(n)
	case name == "bin" && n > 0:
		r.rest = r.rest[min(n, len(r.rest)):]
	default:
		r.mode(name, n)
	}
}

// mode obeys the control words that change how what follows is read.
func (r *rtfReader) mode(name string, n int) {
	switch name {
	case "uc":
		r.now.uc = min(max(n, 0), 10)
	case "ansicpg":
		r.flush()
		if charset := codePage(uint32(max(n, 0))); charset != "" {
			r.charset = charset
		}
	case "fromhtml":
		r.html = n != 0
	case "htmlrtf":
		r.now.rtf = n != 0
	case "v":
		r.now.hidden = n != 0
	case "plain":
		r.now.hidden = false
	}
}

// unicode takes a character given by its number. Two halves of one beyond the
// first 65,536 come one after the other.
func (r *rtfReader) unicode(n int) {
	if r.repeat > 0 {
		r.repeat--
		return
	}
	if r.shown() {
		if len(r.narrow) > 0 {
			r.flush()
		}
		r.wide = append(r.wide, uint16(n&0xffff))
	}
	r.repeat = r.now.uc
}
