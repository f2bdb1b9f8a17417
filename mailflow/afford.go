package mailflow

import (
	"cmp"

	"github.com/cauce-desk/cauce/mailflow/smtpd"
	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/templates"
	"github.com/cauce-desk/cauce/ticket"
)

// What a person has to spend is spent by their own mail alone: what somebody
// else writes in their name must neither shut them out nor show, by what is said
// to it, what they have a part in.

// proves tells whether a request is its author's beyond doubt.
func (h *hearing) proves(request ticket.Request) bool {
	return request.Assurance.Meets(ticket.DemandEither) || h.possessed()
}

// affords tells whether the author may open another ticket now: anybody but who
// acts for the desk so many a day; in the name of somebody nobody vouches for,
// so many an hour, and so many in all.
func (h *hearing) affords(request ticket.Request) bool {
	limits, author, now := h.site.Limits, h.author(), h.mail.at
	if !h.desk.Policy.Actions[request.Action].Opens() {
		return true
	}
	if request.Assurance.Meets(ticket.DemandEither) {
		return h.policy().Staff(author) || h.room.openings.spend(author, now, cmp.Or(limits.OpeningsPerDay, openingsADay))
	}
	if !h.room.unproven.spend(author, now, cmp.Or(limits.OpeningsPerHour, unprovenAnHour)) {
		return false
	}
	if h.room.unproven.spend(ticket.Address("all "+h.desk.ID()), now, unprovenInAll) {
		return true
	}
	if h.room.alarms.spend(ticket.Address("breaker "+h.desk.ID()), now, 1) {
		h.warn(templates.KindBreaker, store.Answer{})
	}
	return false
}

// bears tells whether a ticket takes one more change that nobody vouches for,
// where the desk asks for no proof. Such changes are counted for the ticket.
func (h *hearing) bears(request ticket.Request, number ticket.Number) bool {
	return h.proves(request) || h.desk.Policy.Actions[request.Action].Opens() ||
		h.room.unproven.spend(ticket.Address("acts "+h.desk.ID()+" "+string(number)), h.mail.at, actsAnHour)
}

// tooManyOpenings is temporary: who means it sends again, and the address in
// From, if it is not theirs, gets no more mail meanwhile.
var tooManyOpenings = &smtpd.Refused{Code: 450, Enhanced: [3]int{4, 7, 1}, Text: "too many openings of this sender; try again later"}

// tooMuch is said to who writes more about tickets than a person does.
var tooMuch = &smtpd.Refused{Code: 450, Enhanced: [3]int{4, 7, 1}, Text: "too many mails of this sender; try again later"}

// actsAnHour is how often one person may change tickets in an hour: a robot
// that does not say it is one must not go round in circles with us.
const actsAnHour = 120
