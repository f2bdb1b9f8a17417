package parser

import "testing"

// TestSentencesAreNoAttribution holds that a person's sentence which begins
// like "El 9/10/17 … escribió:" is not taken for the beginning of it.
func TestSentencesAreNoAttribution(t *testing.T) {
	const below = "El 9/10/17 a las 8:23, Soporte <soporte@dgt.example> escribió:\n> Hola\n> Adiós\n"
	for _, own := range []string{
		"El error sigue en EEFF.",
		"El último intento, a las 9:40.",
		"En la de la calle Mayor, 3.",
		"El fallo se repite desde las 9:40",
		"A las 10:15 volvió a fallar!",
	} {
		for _, gap := range []string{"\n", "\n\n"} {
			raw := "From: ana@ayto.example\nSubject: Re: x\nIn-Reply-To: <a@dgt.example>\nContent-Type: text/plain; charset=utf-8\n\n" + own + gap + below
			if got := Parse([]byte(raw)).ReplyText; got != own {
				t.Errorf("%q above the quotation: own text is %q", own+gap, got)
			}
		}
	}
}
