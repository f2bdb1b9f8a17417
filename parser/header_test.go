package parser

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestDecodeWords(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                                  "plain",
		"=?utf-8?Q?Petici=C3=B3n?=":              "Petición",
		"=?utf-8?Q?Petici=C3?= =?utf-8?Q?=B3n?=": "Petición", // a character split between words
		"Validar =?iso-8859-1?Q?Petici=F3?= =?iso-8859-1?Q?n?= 2024": "Validar Petición 2024",
		"=?UTF-8?B?UGV0aWNpw7Nu?=":                                   "Petición",
		"=?UTF-8?B?UGV0aWNpw7Nu":                                     "Petición", // cut off
		"=?utf-8*es?Q?a=C3=B1o?=":                                    "año",
		"=?windows-1252?Q?=93a=94_=80?=":                             "“a” €",
		"=?iso-8859-1?Q?=93a=94?=":                                   "“a”",
		"=?utf-8?Q?Petici=F3n?=":                                     "Petición", // mislabelled
		"=?iso-8859-15?Q?=A4?=":                                      "€",
		"=?x-nada?Q?a=F1o?=":                                         "año",
		"=?utf-7?Q?a+APE-o?=":                                        "año",
		"=?utf-8?Q?dos palabras?=":                                   "dos palabras",
		"\"=?utf-8?Q?Ana?=\"":                                        "\"Ana\"",
		"a =?utf-8?Q?b?= c":                                          "a b c",
		"=?utf-8?X?nada?=":                                           "=?utf-8?X?nada?=",
		"=?iso-2022-jp?B?GyRCJTklQSE8JWAbKEI=?=":                     "スチーム",
		"averi\xcc\x81a":                                             "averi\u0301a",
		"aver\xeda":                                                  "avería",
	} {
		if got := decodeWords(in, ""); got != want {
			t.Errorf("%q decoded to %q, want %q", in, got, want)
		}
	}
}

func TestParseAddresses(t *testing.T) {
	for in, want := range map[string][]Address{
		"":                                nil,
		"a@b.example":                     {{"", "a@b.example"}},
		"Ana <a@b.example>, c@d.example":  {{"Ana", "a@b.example"}, {"", "c@d.example"}},
		"a@b.example;c@d.example":         {{"", "a@b.example"}, {"", "c@d.example"}},
		`"Pérez, Ana" <a@b.example>`:      {{"Pérez, Ana", "a@b.example"}},
		`"Ana \"la jefa\"" <a@b.example>`: {{`Ana "la jefa"`, "a@b.example"}},
		`"Ana, la jefa <a@b.example>`:     {{"Ana, la jefa", "a@b.example"}},
		"a@b.example (Ana (la de 2))":     {{"Ana (la de 2)", "a@b.example"}},
		"Equipo: Ana <a@b.example>, c@d.example;, e@f.example": {{"Ana", "a@b.example"}, {"", "c@d.example"}, {"", "e@f.example"}},
		"undisclosed-recipients:;":                             nil,
		"<@ruta.example:a@b.example>":                          {{"", "a@b.example"}},
		"=?utf-8?Q?P=C3=A9rez=2C_Ana?= <a@b.example>":          {{"Pérez, Ana", "a@b.example"}},
		"<a@b.example> <c@d.example>":                          {{"", "a@b.example"}, {"", "c@d.example"}},
		"Ana <a@b.example":                                     {{"Ana", "a@b.example"}},
		"'a@b.example' <a@b.example>":                          {{"a@b.example", "a@b.example"}},
		"mailto:a@b.example":                                   {{"", "a@b.example"}},
		"root":                                                 nil,
		"\"x@v.example\"@e.example":                            {{"", "\"x@v.example\"@e.example"}},
		"Ana\r\nBcc: x@y.example <a@b.example>":                {{"Ana Bcc: x@y.example", "a@b.example"}},
		"José <josé@españa.example>":                           {{"José", "josé@españa.example"}},
	} {
		if got := parseAddresses(in, ""); !slices.Equal(got, want) {
			t.Errorf("%q read as %q, want %q", in, got, want)
		}
	}
}

func TestScanIDs(t *testing.T) {
	for in, want := range map[string]string{
		"<a@b>":                         "a@b",
		"<a@b> (comment (x)) <c@d>":     "a@b c@d",
		"Su mensaje de \"9 oct\" <a@b>": "a@b",
		"<a\r\n @b>":                    "a@b",
		"a@b c@d":                       "a@b c@d",
		"<<a@b>>":                       "a@b",
		"nada":                          "",
		"<a@b":                          "a@b",
	} {
		if got := strings.Join(scanIDs(in), " "); got != want {
			t.Errorf("%q has %q, want %q", in, got, want)
		}
	}
}

func TestParseDate(t *testing.T) {
	for in, want := range map[string]string{
		"Mon, 9 Oct 2017 10:23:58 +0200":      "2017-10-09T10:23:58+02:00",
		"9 Oct 17 10:23 CEST":                 "2017-10-09T10:23:00+02:00",
		"Mon, 09 Oct 2017 10:23:58 GMT (UTC)": "2017-10-09T10:23:58Z",
		"Mon Oct  9 10:23:58 2017":            "2017-10-09T10:23:58Z",
		"Mon Oct  9 10:23:58 EDT 2017":        "2017-10-09T10:23:58-04:00",
		"lun, 9 ene 2017 10:23:58 +0100":      "2017-01-09T10:23:58+01:00",
		"9-Oct-2017 10:23:58 -0500":           "2017-10-09T10:23:58-05:00",
		"2017-10-09T10:23:58Z":                "2017-10-09T10:23:58Z",
		"2017-10-09 10:23:58 +02:00":          "2017-10-09T10:23:58+02:00",
		"Mon, 9 Oct 117 10:23:58 +0000":       "2017-10-09T10:23:58Z",
		"Mon, 9 Oct 2017 10:23:58 PM +0000":   "2017-10-09T22:23:58Z",
		"mañana":                              "",
		"Mon, 99 Oct 2017 10:23:58 +0000":     "",
	} {
		got, ok := parseDate(in)
		if ok != (want != "") || ok && got.Format(time.RFC3339) != want {
			t.Errorf("%q read as %v, want %s", in, got, want)
		}
	}
}

func TestParseMedia(t *testing.T) {
	for in, want := range map[string][3]string{ // kind, a parameter, its value
		"text/plain; charset=utf-8":                             {"text/plain", "charset", "utf-8"},
		"Text/Plain charset=\"UTF-8\"":                          {"text/plain", "charset", "UTF-8"},
		"text/plain; charset=utf-8 (comment)":                   {"text/plain", "charset", "utf-8"},
		"text/plain; (comment) charset=utf-8":                   {"text/plain", "charset", "utf-8"},
		"application/pdf; name=un informe (2).pdf":              {"application/pdf", "name", "un informe (2).pdf"},
		"application/pdf; name=\"sin cerrar; x=y":               {"application/pdf", "name", "sin cerrar"},
		"application/pdf; name=uno.pdf; name=dos.pdf":           {"application/pdf", "name", "uno.pdf"},
		"multipart/mixed; boundary=\"a; b\"":                    {"multipart/mixed", "boundary", "a; b"},
		"attachment; filename*=ISO-8859-1'es'a%F1o.txt":         {"attachment", "filename", "año.txt"},
		"attachment; filename=b.txt; filename*=UTF-8''a%C3%B1o": {"attachment", "filename", "año"},
		"attachment; filename*1=dos.txt; filename*0=uno-":       {"attachment", "filename", "uno-dos.txt"},
		"attachment; filename*0*=UTF-8''a%C3; filename*1*=%B1o": {"attachment", "filename", "año"},
		"attachment; filename=\"=?utf-8?Q?a=C3=B1o.txt?=\"":     {"attachment", "filename", "año.txt"},
		"attachment; filename=\"C:\\\\temp\\\\a.txt\"":          {"attachment", "filename", `C:\temp\a.txt`},
		"charset=utf-8":                       {"", "charset", "utf-8"},
		"text/plain; format=flowed delsp=yes": {"text/plain", "delsp", "yes"},
	} {
		got := parseMedia(in, "")
		if got.kind != want[0] || got.params[want[1]] != want[2] {
			t.Errorf("%q read as %q, want %q", in, got, want)
		}
	}
}

func TestHeaderDamage(t *testing.T) {
	for name, c := range map[string]struct{ mail, subject, text string }{
		"mbox line":       {"From a@b Mon Oct 9\nSubject: x\n\ny", "x", "y\n"},
		"junk line":       {"Subject: x\nbasura\nTo: a@b.example\n\ny", "x", "y\n"},
		"no empty line":   {"Subject: x\nHola a todos\n\nadiós", "x", "Hola a todos\n\nadiós\n"},
		"empty lines":     {"\n\nSubject: x\n\ny", "x", "y\n"},
		"blanks only":     {"Subject: x\n \n z\n\ny", "x", " z\n\ny\n"},
		"blanks, a field": {"Subject: x\n \nTo: a@b.example\n\ny", "x", "y\n"},
		"folded":          {"Subject: uno\r\n dos\r\n\ttres\r\n\r\ny", "uno dos tres", "y\n"},
		"bare CR":         {"Subject: x\rTo: a@b.example\r\ry", "x", "y\n"},
		"CR CR LF":        {"Subject: x\r\r\nTo: a@b.example\r\r\n\r\r\ny", "x", "y\n"},
		"8-bit name":      {"Asunto\xf1: z\nSubject: x\n\ny", "x", "y\n"},
		"indented":        {" Subject: x\nTo: a@b.example\n\ny", "x", "y\n"},
		"byte order mark": {"\xef\xbb\xbfSubject: x\n\ny", "x", "y\n"},
		"encoded newline": {"Subject: =?utf-8?Q?a=0D=0ABcc:_x?=\n\ny", "a  Bcc: x", "y\n"},
		"only a body":     {"\nhola", "", "hola\n"},
		"nothing":         {"", "", ""},
		"bidi":            {"Subject: a\u202eb\u200b\n\ny", "ab", "y\n"},
	} {
		t.Run(name, func(t *testing.T) {
			m := Parse([]byte(c.mail))
			if m.Subject != c.subject || m.Text != c.text {
				t.Errorf("subject %q, text %q; want %q, %q", m.Subject, m.Text, c.subject, c.text)
			}
		})
	}
}

func TestEssentialFieldsBehindTraces(t *testing.T) {
	m := Parse([]byte(strings.Repeat("Received: x\n", 3000) + "From: a@b.example\nSubject: x\n\ny"))
	if len(m.From) != 1 || m.Subject != "x" || !slices.Contains(m.Defects, "header_too_large") {
		t.Errorf("from %v, subject %q, defects %v", m.From, m.Subject, m.Defects)
	}
}

func TestHeader(t *testing.T) {
	m := Parse([]byte("Received: uno\nX-A: =?utf-8?Q?a=C3=B1o?=\nreceived: dos\n\n"))
	if got := m.Header("Received"); !slices.Equal(got, []string{"uno", "dos"}) {
		t.Errorf("received %q", got)
	}
	if got := m.Header("x-a"); !slices.Equal(got, []string{"año"}) {
		t.Errorf("x-a %q", got)
	}
}
