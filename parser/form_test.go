package parser

import (
	"maps"
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/ticket"
)

// opening is the template of the DGT desk.
var opening = ticket.Form{Name: "opening", Fields: []ticket.Field{
	{ID: "service", Label: "Servicio/Aplicación", Synonyms: []string{"Servicio", "Aplicación"}, Kind: ticket.ChoiceField},
	{ID: "type", Label: "Tipo", Synonyms: []string{"Tipo de incidencia"}, Kind: ticket.ChoiceField},
	{ID: "description", Label: "Descripción", Synonyms: []string{"Descripción de la incidencia"}, Kind: ticket.LongTextField},
}}

var solution = ticket.Form{Name: "resolve", Fields: []ticket.Field{{ID: "solution", Label: "Solución", Kind: ticket.LongTextField}}}

func values(service, kind, description string) map[string]string {
	return map[string]string{"service": service, "type": kind, "description": description}
}

func TestFormIn(t *testing.T) {
	eeff := values("EEFF", "Error Acceso", "No entra.")
	for name, c := range map[string]struct {
		text string
		want map[string]string
	}{
		"as sent":               {"Servicio/Aplicación: EEFF\nTipo: Error Acceso\nDescripción: No entra.\n", eeff},
		"any order":             {"Descripción: No entra.\n\nTipo: Error Acceso\nServicio/Aplicación: EEFF", eeff},
		"bold":                  {"*Servicio/Aplicación:* EEFF\n\n*Tipo*: Error Acceso\n_Descripción:_ No entra.", eeff},
		"cells":                 {"Servicio/Aplicación:\tEEFF\nTipo:\tError Acceso\nDescripción:\tNo entra.", eeff},
		"cells without colon":   {"Servicio/Aplicación\tEEFF\nTipo\tError Acceso\nDescripción\tNo entra.", eeff},
		"list":                  {"  * Servicio/Aplicación: EEFF\n  * Tipo: Error Acceso\n  * Descripción: No entra.", eeff},
		"word bullets":          {"·  Servicio/Aplicación: EEFF\no  Tipo: Error Acceso\n§  Descripción: No entra.", eeff},
		"numbers":               {"1. Servicio/Aplicación: EEFF\n2) Tipo: Error Acceso\n3.- Descripción: No entra.", eeff},
		"next line":             {"Servicio/Aplicación:\nEEFF\nTipo:\n\nError Acceso\nDescripción:\nNo entra.", eeff},
		"headings":              {"Servicio/Aplicación\nEEFF\n\nTipo\nError Acceso\n\nDescripción\nNo entra.", eeff},
		"capitals, no accent":   {"SERVICIO/APLICACION: EEFF\nTIPO: Error Acceso\nDESCRIPCION: No entra.", eeff},
		"spaces and slashes":    {"Servicio / Aplicación : EEFF\nTipo : Error Acceso\nDescripción : No entra.", eeff},
		"other colons":          {"Servicio∕Aplicación： EEFF\nTipo∶ Error Acceso\nDescripción： No entra.", eeff},
		"no-break spaces":       {"Servicio/Aplicación:\u00a0EEFF\nTipo:\u00a0Error Acceso\nDescripción:\u00a0No entra.", eeff},
		"dash and equals":       {"Servicio-Aplicación = EEFF\nTipo - Error Acceso\nDescripción – No entra.", eeff},
		"synonyms":              {"Aplicación: EEFF\nTipo de incidencia: Error Acceso\nDescripción de la incidencia: No entra.", eeff},
		"greeting above":        {"Buenos días:\nles paso una incidencia.\n\nServicio/Aplicación: EEFF\nTipo: Error Acceso\nDescripción: No entra.", eeff},
		"one line":              {"Servicio/Aplicación: EEFF  Tipo: Error Acceso  Descripción: No entra.", eeff},
		"one line, greeting":    {"Hola. Servicio/Aplicación: EEFF Tipo: Error Acceso Descripción: No entra.", eeff},
		"two lines joined":      {"Servicio/Aplicación: EEFF Tipo: Error Acceso\nDescripción: No entra.", eeff},
		"quoted only":           {"> Servicio/Aplicación: EEFF\n> Tipo: Error Acceso\n> Descripción: No entra.", eeff},
		"answered in quotation": {"> Servicio/Aplicación:\nEEFF\n> Tipo:\nError Acceso\n> Descripción:\nNo entra.\n", eeff},
		"quoted and not":        {"Servicio/Aplicación: EEFF\nTipo: Error Acceso\nDescripción: No entra.\n\n> Servicio/Aplicación: ABCD\n> Tipo: Otro\n> Descripción: vieja", eeff},
		"blank, then filled":    {"Servicio/Aplicación:\nTipo:\nDescripción:\n\nServicio/Aplicación: EEFF\nTipo: Error Acceso\nDescripción: No entra.", eeff},
		"filled, then blank":    {"Servicio/Aplicación: EEFF\nTipo: Error Acceso\nDescripción: No entra.\n\nServicio/Aplicación:\nTipo:\nDescripción:", eeff},
		"signature above":       {"-- \nAna Pérez\nServicio de Informática\n\nServicio/Aplicación: EEFF\nTipo: Error Acceso\nDescripción: No entra.", eeff},
		"signature below":       {"Servicio/Aplicación: EEFF\nTipo: Error Acceso\nDescripción: No entra.\n\n-- \nAna Pérez\nServicio: Informática", eeff},
		"telephone":             {"Servicio/Aplicación: EEFF\nTipo: Error Acceso\nDescripción: No entra.\n\nEnviado desde mi iPhone", eeff},
		"notice": {"Servicio/Aplicación: EEFF\nTipo: Error Acceso\nDescripción: No entra.\n\nEste mensaje y sus archivos adjuntos van dirigidos exclusivamente a su destinatario, " +
			"pudiendo contener información confidencial. Si lo recibe por error, elimínelo.", eeff},
		"blank":          {"Servicio/Aplicación:\nTipo:\nDescripción:\n\n-- \nAna", values("", "", "")},
		"drawn blank":    {"Servicio/Aplicación: ______\nTipo: ...\nDescripción: ____\n", values("", "", "")},
		"part":           {"Servicio/Aplicación: EEFF\nNo sé qué más poner", map[string]string{"service": "EEFF"}},
		"none":           {"No me funciona el servicio de la aplicación.", map[string]string{}},
		"prose":          {"Tengo un problema con el tipo: no lo veo, y la descripción: tampoco.", map[string]string{}},
		"long text":      {"Servicio/Aplicación: EEFF\nTipo: Error Acceso\nDescripción: Primera.\n\n  Segunda: con dos puntos\n- un punto\n", values("EEFF", "Error Acceso", "Primera.\n\n  Segunda: con dos puntos\n- un punto")},
		"label in text":  {"Servicio/Aplicación: EEFF\nTipo: Error Acceso\nDescripción: Dice Tipo: desconocido al entrar.\nTipo: desconocido, otra vez.", values("EEFF", "Error Acceso", "Dice Tipo: desconocido al entrar.\nTipo: desconocido, otra vez.")},
		"bullets kept":   {"Servicio/Aplicación: EEFF\nTipo: Error Acceso\nDescripción:\n* uno\n* dos", values("EEFF", "Error Acceso", "* uno\n* dos")},
		"bold value":     {"Servicio/Aplicación: *EEFF*\nTipo: *Error Acceso*\nDescripción: No *entra*.", values("EEFF", "Error Acceso", "No *entra*.")},
		"number in text": {"Servicio/Aplicación: EEFF\nTipo: Error Acceso\nDescripción: A las 10:30 - error 500: timeout = 3", values("EEFF", "Error Acceso", "A las 10:30 - error 500: timeout = 3")},
	} {
		t.Run(name, func(t *testing.T) {
			if got := FormIn(c.text, opening); !maps.Equal(got, c.want) {
				t.Errorf("read %q, want %q", got, c.want)
			}
		})
	}
}

func TestFormOfOneField(t *testing.T) {
	for name, c := range map[string]struct {
		text, want string
		none       bool
	}{
		"same line":   {text: "Solución: Se ha reiniciado.", want: "Se ha reiniciado."},
		"below":       {text: "Solución:\n\nSe ha reiniciado.\nYa funciona.\n", want: "Se ha reiniciado.\nYa funciona."},
		"collapsed":   {text: "Escriba la solución y envíe el correo. Solución: Se ha reiniciado.", want: "Se ha reiniciado."},
		"repeated":    {text: "Solución: Provisional.\nSolución: definitiva, mañana.", want: "Provisional.\nSolución: definitiva, mañana."},
		"blank first": {text: "Solución:\nSolución: Hecho.", want: "Hecho."},
		"signed":      {text: "Solución: Hecho.\n-- \nLuis", want: "Hecho."},
		"blank":       {text: "Solución:\n\n-- \nLuis", want: ""},
		"optional":    {text: "Solución (opcional): Hecho.", want: "Hecho."},
		"no label":    {text: "Se ha reiniciado el servidor.", none: true},
		"in prose":    {text: "No encuentro la solución: sigue igual.", none: true},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := FormIn(c.text, solution)["solution"]
			if got != c.want || ok == c.none {
				t.Errorf("read %q (found %v), want %q", got, ok, c.want)
			}
		})
	}
}

func TestOptionalLabel(t *testing.T) {
	f := ticket.Form{Fields: []ticket.Field{{ID: "comment", Label: "Comentario (opcional)", Kind: ticket.LongTextField}}}
	for _, text := range []string{"Comentario (opcional): bien", "Comentario: bien", "COMENTARIO (Opcional):\nbien"} {
		if got := FormIn(text, f)["comment"]; got != "bien" {
			t.Errorf("%q read as %q", text, got)
		}
	}
}

// A program that makes one line of the blanks may break it before, or within, a
// remark.
func TestLabelBrokenAtItsRemark(t *testing.T) {
	f := ticket.Form{Fields: []ticket.Field{{ID: "person", Label: "Persona"}, {ID: "queue", Label: "Departamento"}, {ID: "reason", Label: "Motivo", Kind: ticket.LongTextField}}}
	for _, text := range []string{
		"Persona (opcional): Departamento\n(opcional): Soporte Motivo (opcional): Es suyo.",
		"Persona (opcional): Departamento (opcional: Soporte /\nRedes): Soporte Motivo\n(opcional): Es suyo.",
	} {
		read := FormIn(text, f)
		if read["person"] != "" || read["queue"] != "Soporte" || read["reason"] != "Es suyo." {
			t.Errorf("%q read as %q", text, read)
		}
	}
}

// A label may say in parentheses which values its blank takes, on a line of its
// own or in a body that a program made one line of.
func TestLabelWithValues(t *testing.T) {
	diagnosis := ticket.Form{Fields: []ticket.Field{
		{ID: "diagnosis", Label: "Diagnóstico", Kind: ticket.LongTextField},
		{ID: "corrective", Label: "Mantenimiento correctivo", Kind: ticket.ChoiceField},
	}}
	for _, text := range []string{
		"Diagnóstico: El disco.\n\nMantenimiento correctivo (opcional: Sí / No): Sí\n",
		"Diagnóstico: El disco. Mantenimiento correctivo (opcional: Sí / No): Sí\n",
		"Mantenimiento correctivo [Sí; No]: Sí\nDiagnóstico (obligatorio: texto libre): El disco.\n",
	} {
		if read := FormIn(text, diagnosis); read["diagnosis"] != "El disco." || read["corrective"] != "Sí" {
			t.Errorf("%q read as %q", text, read)
		}
	}
}

func TestReadFormChoosesPart(t *testing.T) {
	template := "Servicio/Aplicación: EEFF<br>Tipo: Error Acceso<br>Descripción: No entra."
	want := values("EEFF", "Error Acceso", "No entra.")
	for name, mail := range map[string]string{
		"html only":      "Content-Type: text/html; charset=utf-8\n\n<p>" + template + "</p>",
		"divs":           "Content-Type: text/html; charset=utf-8\n\n<div>" + strings.ReplaceAll(template, "<br>", "</div><div>") + "</div>",
		"word":           "Content-Type: text/html; charset=utf-8\n\n<p class=MsoNormal><b>" + strings.NewReplacer(": ", ":</b>&nbsp;", "<br>", "<o:p></o:p></p><p class=MsoNormal><b>").Replace(template) + "</p>",
		"rewrapped html": "Content-Type: text/html; charset=utf-8\n\n<p>" + strings.ReplaceAll(template, ": ", ":\n      ") + "</p>",
		"joined plain": "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\nvea la versión HTML\n" +
			"--b\nContent-Type: text/html; charset=utf-8\n\n" + template + "\n--b--\n",
		"forward": "Subject: RV: incidencia\nContent-Type: text/plain; charset=utf-8\n\n-----Mensaje original-----\nDe: Luis\nEnviado el: lunes\nAsunto: incidencia\n\n" + strings.ReplaceAll(template, "<br>", "\n"),
		"forward with a word": "Subject: RV: incidencia\nContent-Type: text/plain; charset=utf-8\n\nOs lo paso.\n\n-----Mensaje original-----\nDe: Luis\nEnviado el: lunes\nAsunto: incidencia\n\n" +
			strings.ReplaceAll(template, "<br>", "\n"),
		"attached": "Subject: RV: incidencia\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nOs lo paso.\n--b\nContent-Type: message/rfc822\n\nContent-Type: text/html; charset=utf-8\n\n" + template + "\n--b--\n",
		"reply over old": "Subject: Re: x\nIn-Reply-To: <a@b.example>\nContent-Type: text/plain; charset=utf-8\n\n" + strings.ReplaceAll(template, "<br>", "\n") +
			"\n\nEl lun, 9 oct 2017 a las 10:23, Soporte (<s@dgt.example>) escribió:\n\n> Servicio/Aplicación: ABCD\n> Tipo: Otro\n> Descripción: vieja\n",
	} {
		t.Run(name, func(t *testing.T) {
			if got := Parse([]byte(mail)).ReadForm(opening); !maps.Equal(got, want) {
				t.Errorf("read %q, want %q", got, want)
			}
		})
	}
}

func TestDescriptionWithPastedHeader(t *testing.T) {
	mail := "Subject: Apertura\nContent-Type: text/plain; charset=utf-8\n\nServicio/Aplicación: EEFF\nTipo: Error Acceso\nDescripción: Llega esto:\nDe: Luis\nEnviado el: lunes\nAsunto: x\n> cita"
	got := Parse([]byte(mail)).ReadForm(opening)["description"]
	if want := "Llega esto:\nDe: Luis\nEnviado el: lunes\nAsunto: x\n> cita"; got != want {
		t.Errorf("read %q, want %q", got, want)
	}
}

func TestASignatureWithoutAMark(t *testing.T) {
	form := ticket.Form{Fields: []ticket.Field{
		{ID: "who", Label: "Nombre", Kind: ticket.TextField}, {ID: "what", Label: "Descripción", Kind: ticket.LongTextField}}}
	for body, want := range map[string]string{
		"Descripción: No va.\n\nLaura Meza\nServicio de Informática":                    "No va.",
		"Descripción:\n\nLAURA MEZA\nServicio de Informática":                           "",
		"Descripción: Lo pide\nLaura Meza":                                              "Lo pide\nLaura Meza",
		"Descripción: Laura Meza":                                                       "Laura Meza",
		"Descripción: No va.\n\nLaura Meza no puede entrar.":                            "No va.\n\nLaura Meza no puede entrar.",
		"Nombre: Laura Meza\nDescripción: a\n\nLaura Meza\n" + strings.Repeat("x\n", 9): "a\n\nLaura Meza\n" + strings.TrimSpace(strings.Repeat("x\n", 9)),
	} {
		m := &Message{Text: body, From: []Address{{Name: "Laura Meza", Address: "laura@uach.example"}}}
		if got := m.ReadForm(form)["what"]; got != want {
			t.Errorf("%q is read as %q, not %q", body, got, want)
		}
	}
}
