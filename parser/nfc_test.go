package parser

import (
	"testing"

	"golang.org/x/text/unicode/norm"
)

// What a Mac writes in two runes, or somebody joins with an invisible one, is
// read as one.
func TestNFC(t *testing.T) {
	const apart = "Petici\u006f\u0301n de prueba n\u200b\u0303"
	m := Parse([]byte("From: " + apart + " <ana@ayto.example>\nSubject: " + apart + "\nContent-Type: text/plain; charset=utf-8\n\n" + apart + "\n"))
	for _, s := range []string{m.Subject, m.From[0].Name, m.Text} {
		if !norm.NFC.IsNormalString(s) {
			t.Errorf("%q is not in NFC", s)
		}
	}
}
