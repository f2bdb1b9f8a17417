package ticket

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// says are the words of a reply, or the blanks it filled in.
func (r Request) says() string {
	if text := strings.TrimSpace(r.Text); text != "" {
		return text
	}
	for _, value := range r.Read {
		if value = strings.TrimSpace(value); value != "" {
			return value
		}
	}
	return ""
}

// content checks the form and takes from it what the event keeps.
func (p Policy) content(t Ticket, r Request, line Transition) (Content, error) {
	c, err := p.filled(t, r, line)
	if err != nil {
		return c, err
	}
	switch {
	case line.Reply:
		c.Text = r.Text
	case !line.Opens():
		c.Text = c.Fields[line.Form.first(LongTextField)]
	}
	if r.Role != "" && c.Text == "" {
		c.Text = r.Text
	}
	for _, step := range []func(Ticket, Request, Transition, *Content) error{p.settle, p.specific, p.bound} {
		if err := step(t, r, line, &c); err != nil {
			return c, err
		}
	}
	return c, nil
}

// filled is the form as read. The daemon fills in none. What an opening lacks
// is kept as missing where the desk accepts that.
func (p Policy) filled(t Ticket, r Request, line Transition) (Content, error) {
	c := Content{Attachments: r.Attachments, Alarm: r.Alarm, Notice: r.Notice, Involves: line.Involves}
	if r.Role != "" {
		c.Fields = r.Read
		return c, nil
	}
	read := line.understood(t, r)
	values, problems := line.Form.Check(read)
	partial := p.AcceptIncomplete && (line.Is() == Open || line.Is() == Complete)
	if len(problems) > 0 && !partial {
		return c, &Refusal{Reason: ReasonForm, Problems: problems, Values: values}
	}
	c.Fields, c.Missing = values, problems
	return c, nil
}

// understood are the blanks of the action's form as the mail, and for a
// completion what was known before, fill them.
func (t Transition) understood(on Ticket, r Request) Values {
	read := maps.Clone(r.Read)
	if read == nil {
		read = Values{}
	}
	if id := t.Form.first(FilesField); id != "" {
		read[id] = names(r.Attachments)
	}
	if t.Is() != Complete {
		return read
	}
	t.guess(on, r, read)
	for id, value := range on.Fields {
		if strings.TrimSpace(read[id]) == "" {
			read[id] = value
		}
	}
	return read
}

// guess takes the words of a completion that fills in no blank for the first
// that is missing.
func (t Transition) guess(on Ticket, r Request, read Values) {
	for _, value := range read {
		if strings.TrimSpace(value) != "" {
			return
		}
	}
	if len(on.Missing) > 0 {
		read[on.Missing[0].Field] = r.Text
	}
}

func names(files []Attachment) string {
	var list []string
	for _, f := range files {
		list = append(list, f.Name)
	}
	return strings.Join(list, ", ")
}

// settle takes from the blanks what they set of the ticket. A value that
// cannot be, such as an agreed date in the past, is a problem of its field.
func (p Policy) settle(t Ticket, r Request, line Transition, c *Content) error {
	var problems []Problem
	for _, field := range line.Form.Fields {
		value := c.Fields[field.ID]
		if value == "" {
			continue
		}
		if field.Sets == SetsName {
			c.Requester = &Person{Address: firstAddress(t.Requester.Address, r.Actor.Address), Name: value}
		}
		if reason := p.setting(field.Sets, value, c); reason != "" {
			problems = append(problems, Problem{Field: field.ID, Reason: reason})
			delete(c.Fields, field.ID)
		}
	}
	if len(problems) > 0 {
		return &Refusal{Reason: ReasonForm, Problems: problems, Values: c.Fields}
	}
	return nil
}

// setting keeps what a value sets, or says why it cannot.
func (p Policy) setting(what Attribute, value string, c *Content) (reason string) {
	switch what {
	case SetsService:
		c.Service = value
	case SetsQueue:
		c.Queue = value
	case SetsPriority:
		c.Priority = value
	case SetsAssignee:
		c.Assignee = addressIn(value)
	case SetsRequester:
		person, _ := ParsePerson(value)
		c.Requester = &person
	case SetsMain:
		c.Main = Number(value)
	case SetsDue, SetsBegan:
		return p.settingTime(what, value, c)
	}
	return ""
}

// settingTime keeps a date: one to come for an agreement, one that was for the
// beginning of a failure.
func (p Policy) settingTime(what Attribute, value string, c *Content) (reason string) {
	at, err := time.ParseInLocation(DateTimeLayout, value, p.zone())
	switch {
	case err != nil:
		return "date_time"
	case what == SetsDue && at.Before(p.now):
		return "past"
	case what == SetsBegan && at.After(p.now):
		return "future"
	case what == SetsDue:
		c.Agreed = at.UTC()
	default:
		c.Began = at.UTC()
	}
	return ""
}

func (p Policy) zone() *time.Location {
	if p.Zone == nil {
		return time.UTC
	}
	return p.Zone
}

// addressIn is the address of a value that may have a name too.
func addressIn(value string) Address {
	person, err := ParsePerson(value)
	if err != nil {
		return ""
	}
	return person.Address
}

// specific adds what only some actions keep.
func (p Policy) specific(t Ticket, r Request, line Transition, c *Content) error {
	switch line.Is() {
	case Open, Complete, Register:
		return p.opening(t, r, line, c)
	case Approve:
		if whom := p.Enrols(t); !t.asks(whom) {
			c.Joins = []Person{{Address: whom}}
		}
	case Start:
		c.Assignee = r.Actor.Address
	case Acknowledge:
		c.Assignee = firstAddress(t.Assignee, r.Actor.Address)
	case Assign, Transfer, Reopen:
		return p.handOver(t, line, c)
	case Return:
		if c.Assignee = p.queue(t).Lead; c.Assignee == "" {
			return refuse(ReasonNoSuchPerson)
		}
	case Escalate:
		c.call(r, line, p.nextLevel(t))
	case Attach, Merge:
		return c.tie(t, r)
	case Follow:
		c.follow(r.Follower)
	}
	return nil
}

// opening adds what a new ticket keeps beyond its form. Who is nobody's agent
// by the form is put in charge by the service.
func (p Policy) opening(t Ticket, r Request, line Transition, c *Content) error {
	if line.Opens() {
		c.Subject, c.Contact = r.Subject, r.Contact
	}
	if p.WatchCopied && line.Is() == Open && r.Assurance.Meets(DemandEither) {
		c.Watchers = r.Copied
	}
	service := p.service(firstText(c.Service, t.Service))
	if c.Assignee != "" && !p.serves(c.Assignee) {
		return nobody(line, c)
	}
	if len(c.Missing) > 0 {
		return nil
	}
	c.Assignee = firstAddress(c.Assignee, service.Responsible)
	if t.Priority == "" && c.Priority == "" {
		c.Priority = service.Priority
	}
	return nil
}

// nobody refuses an opening that is turned to somebody who takes no tickets.
func nobody(line Transition, c *Content) error {
	field, _ := line.Form.Setting(SetsAssignee)
	delete(c.Fields, field.ID)
	return &Refusal{Reason: ReasonNoSuchPerson, Problems: []Problem{{Field: field.ID, Reason: "person"}}, Values: c.Fields}
}

func firstText(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// handOver finds out to whom the ticket goes: a person of its queue, or of the
// queue it goes to; for a transfer also that queue itself.
func (p Policy) handOver(t Ticket, line Transition, c *Content) error {
	if c.Assignee == "" {
		c.Assignee = addressIn(c.Fields[line.Form.first(AddressField)])
	}
	if c.Queue != "" {
		t.Queue = c.Queue
	}
	switch {
	case c.Assignee == "" && line.Is() == Transfer && c.Queue != "":
		return nil
	case c.Assignee == "" && line.Is() == Reopen:
		c.Assignee = t.Assignee
		return nil
	case line.Is() == Assign && !p.takes(t, c.Assignee), !p.takes(t, c.Assignee) && !p.serves(c.Assignee):
		return refuse(ReasonNoSuchPerson)
	}
	c.Assignee = p.spelled(c.Assignee)
	return nil
}

// spelled is an address as the desk writes it.
func (p Policy) spelled(a Address) Address {
	all := p.everybody()
	if i := slices.IndexFunc(all, a.Equal); i >= 0 {
		return all[i]
	}
	return a
}

// takes tells whether somebody works on a ticket's queue.
func (p Policy) takes(t Ticket, who Address) bool {
	queue := p.queue(t)
	return who != "" && (has(queue.Agents, who) || queue.Lead.Equal(who))
}

// call brings in a level of superiors, that of the clock or else the next, or a
// role.
func (c *Content) call(r Request, line Transition, next int) {
	switch {
	case line.Involves != "":
	case r.Alarm != nil:
		c.Level = r.Alarm.Level
	default:
		c.Level = next
	}
}

// tie finds out whether the ticket can follow, or go on under, the one that is
// named: another that goes on and follows none itself.
func (c *Content) tie(t Ticket, r Request) error {
	if m := r.Main; m == nil || m.Number != c.Main || m.Number == t.Number || m.State.Over() || m.Main != "" {
		return refuse(ReasonNoSuchTicket)
	}
	return nil
}

// follow keeps which ticket follows this one. The requesters of one that was
// merged are this one's too.
func (c *Content) follow(t *Ticket) {
	if t == nil {
		return
	}
	if t.Merged != "" {
		c.Joins = append([]Person{t.Requester}, t.Joined...)
	} else {
		c.Follower = t.Number
	}
}

// bound holds a mail's files to what its service allows. Those that come from
// another ticket were held to it there.
func (p Policy) bound(t Ticket, r Request, _ Transition, c *Content) error {
	if r.Role != "" {
		return nil
	}
	service := p.service(firstText(c.Service, t.Service))
	var size int64
	for _, a := range c.Attachments {
		size += int64(a.Size)
	}
	if service.MaxFiles > 0 && len(c.Attachments) > service.MaxFiles || service.MaxBytes > 0 && size > service.MaxBytes {
		return &Refusal{Reason: ReasonFiles, Values: c.Fields, Files: len(c.Attachments), Bytes: size}
	}
	return nil
}
