package ticket

import (
	"slices"
	"testing"
	"time"
)

// A substitute is told in the place of somebody absent; what the absent do
// themselves is confirmed to them.
func TestAbsentActorsAreConfirmedTo(t *testing.T) {
	const away, stand = Address("ana@ayuntamiento.example"), Address("eva@diputacion.example")
	morning := time.Date(2017, 10, 9, 8, 0, 0, 0, time.UTC)
	p := Policy{Absences: []Absence{{Who: away, Substitute: stand, From: morning, Until: morning.Add(time.Hour)}}}.At(morning)
	asked := Ticket{Requester: Person{Address: away}}
	for audience, want := range map[Audience]Address{ToActor: away, ToRequester: stand} {
		if got := p.Addressees(asked, audience, away); !slices.Equal(got, []Address{want}) {
			t.Errorf("%s: %v", audience, got)
		}
	}
}

func TestIsRole(t *testing.T) {
	for a, want := range map[Address]bool{
		"postmaster@dgt.example": true, "Abuse@dgt.example": true, "postmaster2@dgt.example": false, "ana@postmaster.example": false, "": false,
	} {
		if a.IsRole() != want {
			t.Errorf("%q: %v", a, !want)
		}
	}
}
