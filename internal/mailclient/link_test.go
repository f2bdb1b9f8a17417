package mailclient_test

import (
	"testing"

	"github.com/cauce-desk/cauce/internal/mailclient"
)

func TestParseLink(t *testing.T) {
	for url, want := range map[string]mailclient.Link{
		"mailto:a@dgt.example": {Address: "a@dgt.example"},
		"mailto:a%2Bb@dgt.example?subject=uno%20+dos&body=x%0D%0Ay": {Address: "a+b@dgt.example", Subject: "uno +dos", Body: "x\ny"},
		"mailto:a@dgt.example?subject=1&subject=2&bcc=c@d.example":  {Address: "a@dgt.example", Subject: "1"},
	} {
		want.Name, want.URL = "x", url
		if got, err := mailclient.ParseLink("x", url); err != nil || got != want {
			t.Errorf("%s: %+v, %v", url, got, err)
		}
	}
	for _, url := range []string{"", "a@dgt.example", "https://dgt.example", "mailto:a%zz@dgt.example", "mailto:a@dgt.example?subject=%F"} {
		if got, err := mailclient.ParseLink("x", url); err == nil {
			t.Errorf("%s is taken for %+v", url, got)
		}
	}
}

func TestFill(t *testing.T) {
	for _, c := range []struct{ body, label, value, want string }{
		{"Tipo:\n\nDescripción:", "Tipo", "Error Acceso", "Tipo: Error Acceso\n\nDescripción:"},
		{"Motivo (opcional):", "motivo", "no va", "Motivo (opcional): no va"},
		{"Tipo: Descripción:", "Descripción", "a\nb", "Tipo: Descripción: a\nb"},
		{"Tipo: Motivo (opcional): Descripción:", "Motivo", "no", "Tipo: Motivo (opcional): no Descripción:"},
		{"Tipo (Alta / Baja): Motivo:", "Tipo", "Baja", "Tipo (Alta / Baja): Baja Motivo:"},
		{"Nivel (opcional: 1 / 2): 1\n\nTipo (A / B):", "Tipo", "A", "Nivel (opcional: 1 / 2): 1\n\nTipo (A / B): A"},
		{"Nivel (opcional: 1 / 2): 1\n\nTipo (A / B):", "Nivel", "2", "Nivel (opcional: 1 / 2): 2\n\nTipo (A / B):"},
	} {
		if got, err := mailclient.Fill(c.body, map[string]string{c.label: c.value}); err != nil || got != c.want {
			t.Errorf("%q became %q: %v", c.body, got, err)
		}
	}
	for _, body := range []string{"", "Envíe el mensaje sin modificar nada.", "Solución: según el Tipo: x\nFin"} {
		if got, err := mailclient.Fill(body, map[string]string{"Tipo": "x"}); err == nil {
			t.Errorf("%q became %q", body, got)
		}
	}
}
