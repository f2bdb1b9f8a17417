package parser

import (
	"slices"
	"strings"
	"testing"
)

func TestDecodeCharset(t *testing.T) {
	for _, c := range []struct{ label, in, want string }{
		{"utf-8", "a\u0303", "ã"}, {"UTF-8", "\xef\xbb\xbfaño", "año"}, {"utf-8", "a\xf1o", "año"}, {"", "a\xf1o", "año"}, {"us-ascii", "año", "año"},
		{"iso-8859-1", "\x93a\x94", "“a”"}, {"iso-8859-1", "año", "año"}, {"iso-8859-15", "\xa4", "€"}, {"\"windows-1252\"", "\x80", "€"},
		{"windows-1251", "\xe4\xe0", "да"}, {"koi8-r", "\xc4\xc1", "да"}, {"utf-16le", "h\x00i\x00", "hi"}, {"utf-16", "\xfe\xff\x00h\x00i", "hi"},
		{"utf-16", "h\x00i\x00", "hi"}, {"utf-7", "a+APE-o +- b", "año + b"}, {"unicode-1-1-utf-7", "+AGE-", "a"}, {"gb2312", "\xc4\xe3", "你"}, {"big5", "\xa7A", "你"},
		{"iso-2022-kr", "\x1b$)C\x0eHQ\x0f!", "훼!"}, {"shift_jis", "\x82\xa0", "あ"}, {"iso-8859-8-i", "\xf9", "ש"}, {"ibm850", "\xa4", "ñ"}, {"x-nada", "a\xf1o", "año"},
		{"utf-8", "año \x93a\x94", "año “a”"}, // two sources in one text
	} {
		if got, _ := decodeCharset([]byte(c.in), c.label); got != c.want {
			t.Errorf("%s %q decoded to %q, want %q", c.label, c.in, got, c.want)
		}
	}
}

func TestDecodeTransfer(t *testing.T) {
	for _, c := range []struct {
		encoding, in, want string
		clean              bool
	}{
		{"base64", "aG9sYQ==", "hola", true}, {"base64", "aG9s\r\nYQ", "hola", true}, {"base64", "aG9s!!YQ==", "hola", false},
		{"base64", "aG9sYQ==\n-- \nEste correo lo envía una lista", "hola", false}, {"base64", "aG8=\nbGE=", "hola", true},
		{"quoted-printable", "a=C3=B1o=\r\n s \r\n", "a\xc3\xb1o s\n", true}, {"quoted-printable", "a=c3=b1o=ZZ", "a\xc3\xb1o=ZZ", false},
		{"x-uuencode", "begin 644 x\n$:&]L80``\n`\nend\n", "hola", true}, {"7bit", "hola", "hola", true}, {"nada", "hola", "hola", false},
	} {
		var d defects
		got := string(decodeTransfer([]byte(c.in), c.encoding, &d))
		if got != c.want || (len(d.found) == 0) != c.clean {
			t.Errorf("%s %q decoded to %q (%v), want %q", c.encoding, c.in, got, d.found, c.want)
		}
	}
}

func TestHTMLText(t *testing.T) {
	for in, want := range map[string]string{
		"<p>uno</p><p>dos</p>":                         "uno\n\ndos",
		"uno<br>dos<br/>tres":                          "uno\ndos\ntres",
		"<div>uno</div><div>dos</div>":                 "uno\ndos",
		"<p class=MsoNormal>uno<p class=MsoNormal>dos": "uno\ndos",
		"<p class=MsoNormal>a</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>b</p>": "a\n\nb",
		"  uno\n   <b>dos</b>&nbsp; tres":                                               "uno dos tres",
		"<table><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table>":               "a\tb\nc",
		"<ul><li>uno<li><p>dos</p></ul><ol><li>x<li>y</ol>":                             "- uno\n- dos\n\n1. x\n2. y",
		"<blockquote>uno<blockquote>dos</blockquote></blockquote>tres":                  "> uno\n>>\n>> dos\n\ntres",
		"<a href='https://a.example/x'>ver</a>":                                         "ver <https://a.example/x>",
		"<a href='https://a.example/'>a.example</a>":                                    "a.example",
		"<a href='mailto:a@b.example?subject=x'>Validar</a>":                            "Validar",
		"<style>x</style><script>y</script><title>z</title>uno":                         "uno",
		"<span style='DISPLAY: none'>no</span>sí<i hidden>no</i>":                       "sí",
		"<div style='max-height:0; overflow:hidden'>no</div>sí":                         "sí",
		"<head><title>no</title><body>sí</body>":                                        "sí",
		"<pre>a\n  b</pre>":                          "a\n  b",
		"a &lt;b&gt; &amp; &eacute; &#243; &#x20AC;": "a <b> & é ó €",
		"<!-- no --><![if !x]>·<![endif]>sí":         "·sí",
		"uno</p>dos":                                 "unodos",
		"<o:p>&nbsp;</o:p>x":                         "x",
	} {
		if got := htmlText(in); got != want {
			t.Errorf("%q reads %q, want %q", in, got, want)
		}
	}
}

func TestUnflow(t *testing.T) {
	for _, c := range []struct {
		in, want string
		delSp    bool
	}{
		{"uno \ndos\ntres", "uno dos\ntres", false}, {"uno \ndos", "unodos", true}, {"> a \n> b\nc", "> a b\nc", false},
		{"a\n-- \nAna", "a\n-- \nAna", false}, {" >no es cita\n  sangrado", ">no es cita\n sangrado", false}, {"> a \n>> b", "> a \n>> b", false},
	} {
		if got := unflow(c.in, c.delSp); got != c.want {
			t.Errorf("%q flows to %q, want %q", c.in, got, c.want)
		}
	}
}

// parts builds a multipart of plain parts.
func parts(kind string, list ...string) string {
	return "Content-Type: multipart/" + kind + "; boundary=b\n\n--b\n" + strings.Join(list, "\n--b\n") + "\n--b--\n"
}

func TestStructure(t *testing.T) {
	plain, page := "Content-Type: text/plain\n\nuno", "Content-Type: text/html\n\n<p>dos</p>"
	file := "Content-Type: application/pdf; name=a.pdf\n\nx"
	for name, c := range map[string]struct {
		mail, text, files string
	}{
		"alternative":          {parts("alternative", plain, page), "uno\n", ""},
		"alternative, html":    {parts("alternative", page), "dos\n", ""},
		"empty plain":          {parts("alternative", "Content-Type: text/plain\n\n \n", page), "dos\n", ""},
		"mixed":                {parts("mixed", plain, page, file), "uno\ndos\n", "a.pdf"},
		"type in capitals":     {strings.Replace(parts("mixed", plain, file), "multipart/mixed", "MULTIPART/Mixed", 1), "uno\n", "a.pdf"},
		"no end":               {strings.TrimSuffix(parts("mixed", plain, file), "--b--\n"), "uno\n", "a.pdf"},
		"text after the end":   {parts("mixed", plain) + "sobra", "uno\n", ""},
		"part after the end":   {parts("mixed", plain) + "--b\n" + file + "\n--b--\n", "uno\n", "a.pdf"},
		"boundary not named":   {strings.Replace(parts("mixed", plain, file), "; boundary=b", "", 1), "uno\n", "a.pdf"},
		"boundary never comes": {"Content-Type: multipart/mixed; boundary=z\n\nhola", "hola\n", ""},
		"encoded container":    {"Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\nLS1iCgpob2xhCi0tYi0tCg==", "hola\n", ""},
		"outer ends inner":     {"Content-Type: multipart/mixed; boundary=a\n\n--a\n" + strings.TrimSuffix(parts("alternative", plain), "--b--\n") + "--a\n" + file + "\n--a--", "uno\n", "a.pdf"},
		"text with a name":     {parts("mixed", plain, "Content-Type: text/plain; name=b.txt\n\nx"), "uno\n", "b.txt"},
		"attached text":        {parts("mixed", plain, "Content-Disposition: attachment\n\nx"), "uno\n", "adjunto.txt"},
		"attached mail":        {parts("mixed", plain, "Content-Type: message/rfc822\n\nSubject: x\n\ny"), "uno\n", "adjunto.eml"},
		"digest":               {parts("digest", "\nSubject: x\n\ny"), "", "adjunto.eml"},
		"file only":            {file, "", "a.pdf"},
		"bad type, named":      {parts("mixed", plain, "Content-Type: pdf; name=a.pdf\n\nx"), "uno\n", "a.pdf"},
	} {
		t.Run(name, func(t *testing.T) {
			m := Parse([]byte(c.mail))
			var files []string
			for _, a := range m.Attachments {
				files = append(files, a.Filename)
			}
			if m.Text != c.text || strings.Join(files, " ") != c.files {
				t.Errorf("text %q, files %q; want %q, %q", m.Text, files, c.text, c.files)
			}
		})
	}
}

func TestOffsets(t *testing.T) {
	mail := strings.ReplaceAll(parts("signed", "Content-Type: text/plain\n\nuno\n", "Content-Type: application/pkcs7-signature\n\nx"), "\n", "\r\n")
	p := Parse([]byte(mail)).Parts[1]
	if got, want := mail[p.Start:p.End], "Content-Type: text/plain\r\n\r\nuno\r\n"; got != want {
		t.Errorf("the signed part is %q, want %q", got, want)
	}
}

func TestLimits(t *testing.T) {
	for defect, mail := range map[string]string{
		"too_deep":         hostile["nested"](20_000),
		"too_many_parts":   hostile["parts"](20_000),
		"header_too_large": hostile["fields"](20_000),
		"field_too_long":   hostile["folds"](60_000),
		"text_too_long":    "\n" + strings.Repeat("x", maxText+1),
	} {
		if m := Parse([]byte(mail)); !slices.Contains(m.Defects, defect) {
			t.Errorf("%s is not among %v", defect, m.Defects)
		}
	}
}

func TestLongTextIsKept(t *testing.T) {
	m := Parse([]byte("\n" + strings.Repeat("x", maxText+1)))
	if len(m.Attachments) != 1 || len(m.Attachments[0].Data) != maxText+1 {
		t.Errorf("%d attachments", len(m.Attachments))
	}
}

func TestSafeName(t *testing.T) {
	for in, want := range map[string]string{
		"a.pdf": "a.pdf", "../../etc/passwd": "passwd", `C:\temp\a.txt`: "a.txt", "..": "adjunto.pdf", "": "adjunto.pdf", ".htaccess": "htaccess",
		"a\x00b\r\n.pdf": "ab.pdf", "a\u202efdp.exe": "afdp.exe", "con.txt": "_con.txt", `a:b*c?"<>|.pdf`: "a_b_c_____.pdf", "  a  b .pdf ": "a b .pdf",
		strings.Repeat("ñ", 300) + ".pdf": strings.Repeat("ñ", 98) + ".pdf",
	} {
		if got := safeName(in, "application/pdf"); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestFoldIsTicketFold(t *testing.T) {
	for _, s := range []string{"Asunto", "RE: a  b", "", " a ", "~`a`", "a\tb", "Ñ"} {
		if got, want := fold(s), foldSlowly(s); got != want {
			t.Errorf("%q folds to %q, want %q", s, got, want)
		}
	}
}
