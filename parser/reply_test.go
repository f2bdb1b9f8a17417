package parser

import (
	"slices"
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/ticket"
)

func foldSlowly(s string) string { return ticket.Fold(s) }

func TestSplitReply(t *testing.T) {
	quote := "\n\n> uno\n> dos\n"
	for name, c := range map[string]struct{ text, want string }{
		"gmail es":                    {"Bien.\n\nEl mar, 22 feb 2022 a las 17:15, Ana (<a@b.example>) escribió:" + quote, "Bien."},
		"gmail es, wrapped":           {"Bien.\n\nEl mar, 22 feb 2022 a las 17:15, Ana de la Torre (<ana@dgt.example>)\nescribió:" + quote, "Bien."},
		"gmail android":               {"Bien.\n\nEl lun., 9 ago. 2021 12:40, Ana <a@b.example> escribió:" + quote, "Bien."},
		"apple es":                    {"Bien.\n\n> El 3 ene 2025, a las 9:15, Ana <a@b.example> escribió:\n>\n> uno", "Bien."},
		"evolution es":                {"Bien.\n\nEl lun, 09-10-2017 a las 10:23 +0200, Ana escribió:\n> uno", "Bien."},
		"thunderbird, name":           {"Ana escribió:\n> uno\n\nBien.", "Bien."},
		"catalan":                     {"Bé.\n\nEl 9/10/17 a les 8:23, Ana ha escrit:" + quote, "Bé."},
		"galician":                    {"Ben.\n\nO 9/10/17 ás 8:23, Ana escribiu:" + quote, "Ben."},
		"basque":                      {"Ondo.\n\n2017/10/9 8:23(e)an, Ana igorleak idatzi zuen:" + quote, "Ondo."},
		"mutt":                        {"Bien.\n\nOn Mon, Oct 09, 2017 at 10:23:00AM +0200, Ana wrote:\n> uno", "Bien."},
		"outlook es":                  {"Bien.\n\n________________________________\nDe: Ana <a@b.example>\nEnviado: lunes\nPara: Luis\nAsunto: x\n\nuno", "Bien."},
		"outlook es, old":             {"Bien.\n\n-----Mensaje original-----\nDe: Ana [mailto:a@b.example]\nEnviado el: lunes\n\nuno", "Bien."},
		"outlook bold":                {"Bien.\n\n*De:* Ana\n*Enviado el:* lunes, 9 de octubre de 2017 10:23\n*Para:* Luis\n*Asunto:* x\n\nuno", "Bien."},
		"samsung":                     {"Bien.\n\nEnviado desde mi equipo Galaxy\n\n-------- Mensaje original --------\nDe: Ana\nFecha: 9/10/17\n\nuno", "Bien."},
		"bottom":                      {"El 9/10/17 a las 8:23, Ana escribió:\n> uno\nBien.\n\n-- \nLuis", "Bien."},
		"interleaved":                 {"El 9/10/17 a las 8:23, Ana escribió:\n> uno\nSí.\n> dos\nNo.", "Sí.\nNo."},
		"interleaved, no attribution": {"> uno\nSí.\n> dos\nNo.", "> uno\nSí.\n> dos\nNo."},
		"quotation only":              {"> uno\n> dos", "> uno\n> dos"},
		"telephone":                   {"Bien.\n\nEnviado desde mi iPhone", "Bien."},
		"outlook telephone":           {"Bien.\n\nObtener Outlook para iOS<https://aka.ms/o0ukef>", "Bien."},
		"notice":                      {"Bien.\n\nAVISO LEGAL: Este mensaje va dirigido exclusivamente a su destinatario.", "Bien."},
		"environment":                 {"Bien.\n\nP Antes de imprimir este correo electrónico piense bien si es necesario hacerlo: el medio ambiente es cosa de todos. Si no es el destinatario, elimínelo.", "Bien."},
		"own colon":                   {"El error dice a las 8:23:\nno hay sesión", "El error dice a las 8:23:\nno hay sesión"},
		"own verb":                    {"Ana me escribió:\nque no funciona.", "Ana me escribió:\nque no funciona."},
		"own fields":                  {"Pruebo con\nDe: Madrid\nPara: Soria\ny no va.", "Pruebo con\nDe: Madrid\nPara: Soria\ny no va."},
		"own rule":                    {"uno\n-----\ndos", "uno\n-----\ndos"},
		"code":                        {"```\n> uno\n```\nfin", "```\n> uno\n```\nfin"},
		"signature only":              {"-- \nAna\nSoporte", ""},
		"telephone only":              {"Enviado desde mi móvil", ""},
		"below the signature":         {"-- \nAna\n\nNo funciona.", "-- \nAna\n\nNo funciona."},
		"forward":                     {"-------- Mensaje reenviado --------\nAsunto: \tx\nFecha: \tlunes\nDe: \tAna\nPara: \tLuis\n\n\nuno", "uno"},
	} {
		t.Run(name, func(t *testing.T) {
			m := &Message{Text: c.text}
			if m.cut(); m.ReplyText != c.want {
				t.Errorf("own words are %q, want %q", m.ReplyText, c.want)
			}
		})
	}
}

func TestCanonicalSubject(t *testing.T) {
	const key = "validar peticion i171009_000049"
	for in, want := range map[string]string{ // r: reply, f: forward, t: tag
		"Validar Petición I171009_000049":                              "",
		"VALIDAR  PETICION\u00a0I171009_000049.":                       "",
		"Validar Peticio\u0301n I171009_000049":                        "",
		"Val\u00ad\u200bidar Petición I171009_000049":                  "",
		"Re: Validar Petición I171009_000049":                          "r",
		"RE: RV: Validar Petición I171009_000049":                      "rf",
		"Re[2]: Validar Petición I171009_000049":                       "r",
		"Re : Validar Petición I171009_000049":                         "r",
		"RE：Validar Petición I171009_000049":                           "r",
		"AW: WG: Validar Petición I171009_000049":                      "rf",
		"Réf. : Validar Petición I171009_000049":                       "r",
		"回复：Validar Petición I171009_000049":                           "r",
		"[Rv: Validar Petición I171009_000049]":                        "f",
		"[gestion@dgt.example: Validar Petición I171009_000049]":       "f",
		"Validar Petición I171009_000049 (fwd)":                        "f",
		"[EXTERNO] Validar Petición I171009_000049":                    "t",
		"RE: [EXTERNAL] Re: Validar Petición I171009_000049":           "rt",
		"*****SPAM***** Validar Petición I171009_000049":               "t",
		"[SUSPECTED SPAM]Validar Petición I171009_000049":              "t",
		"Validar Petición I171009_000049 {Spam?}":                      "t",
		"CORREO EXTERNO: Validar Petición I171009_000049":              "t",
		"[Sede electrónica] Validar Petición I171009_000049":           "t",
		strings.Repeat("Re: ", 15) + "Validar Petición I171009_000049": "r",
	} {
		s := CanonicalSubject(in, "[Sede electrónica]")
		if s.Key != key || s.Reply != strings.Contains(want, "r") || s.Forward != strings.Contains(want, "f") || (len(s.Tags) > 0) != strings.Contains(want, "t") {
			t.Errorf("%q becomes %+v", in, s)
		}
	}
}

func TestSubjectKeepsContent(t *testing.T) {
	for _, in := range []string{"Externalización: dudas", "[Extintores] revisión", "Error: no abre", "Madrid: caída", "a@b.example: rebota", "x (fwd) y", "De"} {
		if s := CanonicalSubject(in); s.Text != in || s.Reply || s.Forward || s.Tags != nil {
			t.Errorf("%q becomes %+v", in, s)
		}
	}
}

func TestKind(t *testing.T) {
	const to = "To: soportecau@dgt.example\n"
	for name, c := range map[string]struct {
		mail     string
		kind     Kind
		suppress bool
	}{
		"person":              {"From: a@b.example\n" + to, Person, false},
		"auto-submitted no":   {"From: a@b.example\nAuto-Submitted: no\n", Person, false},
		"wish":                {"From: a@b.example\nX-Auto-Response-Suppress: DR, OOF, AutoReply\n", Person, true},
		"harmless wish":       {"From: a@b.example\nX-Auto-Response-Suppress: DR, NDR\n", Person, false},
		"no-reply":            {"From: no-reply@b.example\n", Person, true},
		"null path":           {"Return-Path: <>\nFrom: a@b.example\n", Person, true},
		"replied":             {"From: a@b.example\nAuto-Submitted: auto-replied (vacation)\n", AutoReply, true},
		"generated":           {"From: a@b.example\nauto-submitted:\n auto-generated; x=y\n", Generated, true},
		"exchange rule":       {"From: a@b.example\nX-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent\n", Generated, true},
		"redirect rule":       {"From: a@b.example\nX-MS-Exchange-Inbox-Rules-Loop: a@b.example\n", Person, false},
		"subject es":          {"From: a@b.example\nSubject: Respuesta automática: x\n", AutoReply, true},
		"subject en":          {"From: a@b.example\nSubject: Automatic reply: x\n", AutoReply, true},
		"subject of a person": {"From: a@b.example\nSubject: Automatización de altas\n", Person, false},
		"precedence":          {"From: a@b.example\nPrecedence: bulk\n", List, true},
		"first class":         {"From: a@b.example\nPrecedence: first-class\n", Person, false},
		"list":                {"From: a@b.example\nList-Id: <x.example>\n", List, true},
		"about a bounce":      {"From: a@b.example\nSubject: Re: Undeliverable: lo que os comenté\nIn-Reply-To: <x@y>\n\nuser unknown", Person, false},
		"reporting a bounce":  {"From: a@b.example\nSubject: No se puede entregar el correo\n\nBuenos días:\nme sale could not be delivered.", Person, false},
		"mailer-daemon":       {"From: Mailer-Daemon@b.example\nSubject: x\n", Bounce, true},
		"invitation answered": {"From: a@b.example\nContent-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR", Calendar, true},
		"loop":                {"From: a@b.example\nX-Loop: soportecau@dgt.example\n", Person, true},
		"nobody":              {"Subject: x\n", Person, true},
	} {
		t.Run(name, func(t *testing.T) {
			m := Parse([]byte(c.mail + "\n"))
			if strings.Contains(c.mail, "\n\n") {
				m = Parse([]byte(c.mail))
			}
			if m.Kind != c.kind || m.SuppressReply != c.suppress || m.Machine() != (c.kind != Person) {
				t.Errorf("%s, suppress %v, because %v", m.Kind, m.SuppressReply, m.AutoReasons)
			}
		})
	}
}

func TestReportListsAreNeverNull(t *testing.T) {
	r := Parse(nil).JSON()
	if r.From == nil || r.Attachments == nil || r.Parts == nil || r.Defects == nil || r.BounceInfo.Recipients == nil || r.References == nil {
		t.Errorf("%+v", r)
	}
	if r.Subject != nil || r.Date != nil || r.ReturnPath != nil || !slices.Contains(r.Defects, "no_header") {
		t.Errorf("%+v", r)
	}
}
