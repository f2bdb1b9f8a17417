package templates

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/ticket"
)

// chain lists the names under which the words of a view's notice may stand,
// the most particular first. Each piece of a notice (subject, title, blocks) is
// that of the first name which has it. For a desk's own action page_up, a
// record, they are to the help desk:
//
//	page_up.help_desk  page_up.staff  record.help_desk  record.staff
//	event.help_desk    event.staff
//
// What lacks something yet is told under a name of its own first. Who takes an
// action of the desk's own is not told of it as if they had written a reply.
func (v View) chain() []string {
	name, audience, changes := strings.Cut(v.Kind, ".")
	if !changes {
		return []string{v.Kind}
	}
	action, to := ticket.Action(name), ticket.Audience(audience)
	var names []string
	if v.incomplete(to) {
		names = append(names, KindIncomplete)
	}
	for _, a := range slices.Compact([]ticket.Action{action, v.is(action), event}) {
		if a != action && to == ticket.ToActor && isReply(a) {
			continue
		}
		names = append(names, ticket.NoticeKind(a, to))
		if staffLike(to) {
			names = append(names, ticket.NoticeKind(a, ticket.ToStaff))
		}
	}
	return names
}

// event stands for any action in the names of the general notices.
const event ticket.Action = "event"

// is is the kind of the action a notice tells of.
func (v View) is(a ticket.Action) ticket.Action {
	if v.Event.Action == a && a != "" {
		return v.Event.Is()
	}
	return a
}

// isReply tells whether an action of the common table is what a reply means.
func isReply(a ticket.Action) bool {
	line, _ := a.Transition()
	return line.Reply
}

// incomplete tells whether a notice tells a requester what their opening lacks.
func (v View) incomplete(to ticket.Audience) bool {
	opening := v.Event.Is() == ticket.Open || v.Event.Is() == ticket.Complete
	return to == ticket.ToRequester && opening && len(v.Ticket.Missing) > 0
}

// staffLike tells whether an audience may be told what the staff is told.
func staffLike(to ticket.Audience) bool {
	switch to {
	case ticket.ToLead, ticket.ToSuperior, ticket.ToValidator, ticket.ToHelpDesk, ticket.ToAttention, ticket.ToAdministrator:
		return true
	}
	return false
}

// notice puts together what the catalogue has under the names of a chain.
func (c *catalogue) notice(chain []string) notice {
	var n notice
	for _, name := range chain {
		n = c.Notices[name].under(n)
	}
	return n
}

// whole tells whether a notice has all its pieces.
func (n notice) whole() bool { return n.Subject.said() && n.Title.said() && len(n.Blocks) > 0 }

// notice finds the words of a view's notice.
func (s *Set) notice(v View) (notice, error) {
	if n := s.words.notice(v.chain()); n.whole() {
		return n, nil
	}
	return notice{}, fmt.Errorf("there is no notice %q", v.Kind)
}

// actionName is how an action may be called.
var actionName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func isActionName(a ticket.Action) bool { return actionName.MatchString(string(a)) }

// isNoticeName tells whether a name may be that of a notice: an answer's, or
// that of an action, which may be a desk's own, and an audience.
func isNoticeName(kind string) bool {
	name, audience, changes := strings.Cut(kind, ".")
	if !changes {
		return slices.Contains(answerKinds, kind)
	}
	return kind == KindIncomplete || isActionName(ticket.Action(name)) && slices.Contains(ticket.Audiences, ticket.Audience(audience))
}

// resolve returns an error for every kind of the table of actions that would
// leave an audience without words.
func (s *Set) resolve() error {
	var errs []error
	for _, action := range actionKeys() {
		for _, audience := range ticket.Audiences {
			_, err := s.notice(View{Kind: ticket.NoticeKind(action, audience)})
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
