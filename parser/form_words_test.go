package parser

import (
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/ticket"
)

var incident = ticket.Form{Name: "open", Fields: []ticket.Field{
	{ID: "service", Label: "Servicio/Aplicación", Synonyms: []string{"Servicio", "Aplicación"}, Kind: ticket.ChoiceField},
	{ID: "type", Label: "Tipo", Synonyms: []string{"Tipo de incidencia"}, Kind: ticket.ChoiceField},
	{ID: "description", Label: "Descripción", Synonyms: []string{"Detalle"}, Kind: ticket.LongTextField},
}}

// Lines of a description that look like labels are the description.
func TestLabelsWithinADescription(t *testing.T) {
	for _, text := range []string{
		"Falla.\nTipo de incidencia: grave\nDetalle: sale ORA-600\nTraza larga aquí",
		"Falla la pantalla.\n\nServicio: Matriculación también va mal.\nTipo: se queda en blanco",
		"Mensaje:\n> Tipo: x\nfin de la cita",
		"Error:\nTipo: fatal\nTipo: leve\nfin",
	} {
		read := FormIn("Servicio/Aplicación: EEFF\nTipo: Error Acceso\nDescripción: "+text+"\n", incident)
		if read["description"] != text || read["service"] != "EEFF" || read["type"] != "Error Acceso" {
			t.Errorf("%q read as %q", text, read)
		}
	}
	read := FormIn("Servicio/Aplicación: EEFF\nTipo: Error Acceso\nDescripción: Falla.\nServicio: Matriculación\n\n-- \nAna\nTipo: 3\n", incident)
	if want := "Falla.\nServicio: Matriculación"; read["description"] != want {
		t.Errorf("above a signature: %q, not %q", read["description"], want)
	}
}

// A blank that nobody filled in stays blank, whatever signature follows it.
func TestBlankAboveASignature(t *testing.T) {
	solution := ticket.Form{Fields: []ticket.Field{{ID: "solution", Label: "Solución", Kind: ticket.LongTextField, Required: true}}}
	for _, below := range []string{
		"\n\nEnviado desde mi iPhone\n",
		"\n\n-- \nAna Núñez\nServicio de Informática\n",
		"\n\nUn saludo,\n\nAna Núñez\nServicio de Informática\n\nAVISO LEGAL: este mensaje es confidencial y va dirigido a su destinatario; si lo ha recibido por error, notifíquelo y elimínelo.\n",
		"\n\nUn saludo,\nAna Núñez\n",
	} {
		if read := FormIn("Solución:"+below, solution); read["solution"] != "" {
			t.Errorf("%q read as %q", below, read["solution"])
		}
		if read := FormIn("Solución: Reiniciado."+below, solution); !strings.HasPrefix(read["solution"], "Reiniciado.") {
			t.Errorf("filled in, %q read as %q", below, read["solution"])
		}
	}
}
