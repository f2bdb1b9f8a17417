package ticket

import (
	"reflect"
	"strings"
	"testing"
)

var openingForm = Form{Name: "open", Fields: []Field{
	{ID: "type", Label: "Tipo", Kind: ChoiceField, Required: true, Options: []Option{
		{Value: "Pérdida de Servicio"}, {Value: "Error Acceso", Synonyms: []string{"Error de acceso"}}}},
	{ID: "mail", Label: "Correo", Kind: AddressField},
	{ID: "since", Label: "Desde", Kind: DateTimeField},
	{ID: "description", Label: "Descripción", Kind: LongTextField, Required: true, MaxLen: 20},
}}

func TestFormCheck(t *testing.T) {
	cases := []struct {
		name     string
		read     Values
		want     Values
		problems []Problem
	}{
		{"as asked", Values{"type": "Pérdida de Servicio", "description": "uno\ndos"},
			Values{"type": "Pérdida de Servicio", "description": "uno\ndos"}, nil},
		{"typed by hand", Values{"type": " perdida  de SERVICIO.", "description": "x"},
			Values{"type": "Pérdida de Servicio", "description": "x"}, nil},
		{"synonym", Values{"type": "error de acceso", "description": "x"},
			Values{"type": "Error Acceso", "description": "x"}, nil},
		{"nothing", nil, Values{}, []Problem{{"type", "missing"}, {"description", "missing"}}},
		{"every fault", Values{"type": "Otro", "mail": "a b", "since": "ayer", "description": strings.Repeat("x", 21)},
			Values{}, []Problem{{"type", "choice"}, {"mail", "address"}, {"since", "date_time"}, {"description", "too_long"}}},
		{"optional filled", Values{"type": "Error Acceso", "mail": "<Ana@Ayto.EXAMPLE>", "since": "09/10/2017 10:23", "description": "x"},
			Values{"type": "Error Acceso", "mail": "Ana@ayto.example", "since": "09/10/2017 10:23", "description": "x"}, nil},
		{"unknown field", Values{"type": "Error Acceso", "description": "x", "evil": "y"},
			Values{"type": "Error Acceso", "description": "x"}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, problems := openingForm.Check(c.read)
			if !reflect.DeepEqual(got, c.want) || !reflect.DeepEqual(problems, c.problems) {
				t.Errorf("got %v %v, want %v %v", got, problems, c.want, c.problems)
			}
		})
	}
}

func TestFold(t *testing.T) {
	same := []string{"Validar Petición", "VALIDAR  PETICION", "validar\u00a0petici\u00f3n", "Validar Peticio\u0301n", "Vali\u00addar\u200b Petición"}
	for _, s := range same {
		if got := Fold(s); got != "validar peticion" {
			t.Errorf("Fold(%q) = %q", s, got)
		}
	}
	if got := Fold("“A‑B” – ’c’"); got != `"a-b" - 'c'` {
		t.Errorf("dashes and quotes: %q", got)
	}
}

func TestParseAddress(t *testing.T) {
	for _, bad := range []string{"", "ana", "@x.example", "ana@", "a b@x.example", "a@x.example, b@x.example", strings.Repeat("a", 250) + "@x.example"} {
		if a, err := ParseAddress(bad); err == nil {
			t.Errorf("%q taken as %q", bad, a)
		}
	}
	if !Address("Ana@X.example").Equal("ana@x.EXAMPLE") {
		t.Error("case made a difference")
	}
}
