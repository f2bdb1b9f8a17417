package templates

import (
	"maps"
	"slices"
	"strings"

	"github.com/cauce-desk/cauce/ticket"
)

// show makes the block a catalogue calls by one of showKeys.
func (b *builder) show(what string) shown {
	v := b.view
	switch what {
	case "fields":
		return b.fields(b.labels(), b.petition())
	case "form":
		return b.fields(v.Form, v.Event.Content.Fields)
	case "filled":
		return b.fields(v.Form, b.filled())
	case "problems":
		return b.problems()
	case "guide":
		return b.guide()
	case "files":
		return b.list(v.Files)
	case "omitted":
		return b.omitted()
	case "attachments":
		return b.list(attachmentNames(v.Event))
	case "links":
		return b.buttons(v.Links)
	case "opening":
		return b.buttons(b.openingLinks())
	case "reply":
		return b.buttons(b.replyLinks())
	}
	return b.showMore(what)
}

// showMore makes those that are no part of most mails.
func (b *builder) showMore(what string) shown {
	switch what {
	case "clocks":
		return b.clocks()
	case "contact":
		return b.contact()
	case "queries":
		return b.buttons(b.view.Queries)
	case "asked":
		return b.asked()
	case "tables":
		return b.tables()
	case "chart":
		return b.chart()
	}
	return shown{}
}

// asked are the blanks of a query as somebody filled them in.
func (b *builder) asked() shown {
	if b.view.Answer == nil {
		return shown{}
	}
	return b.fields(b.view.Answer.Form, b.view.Answer.Values)
}

// labels are those of the ticket's fields.
func (b *builder) labels() ticket.Form {
	v := b.view
	switch {
	case len(v.Labels.Fields) > 0:
		return v.Labels
	case len(v.Opening.Fields) == 0 && v.Event.Is() == ticket.Open:
		return v.Form
	}
	return v.Opening
}

// petition are the ticket's fields without the blanks by which it was handed
// over, which are kept beside those of the opening and were told then, and
// without those that say what the mails say of every ticket.
func (b *builder) petition() ticket.Values {
	values := maps.Clone(b.view.Ticket.Fields)
	for _, blank := range slices.Concat(b.set.Action(ticket.Transfer).Form.Fields, told(b.labels())) {
		if _, asked := b.view.Opening.Field(blank.ID); !asked {
			delete(values, blank.ID)
		}
	}
	for _, blank := range b.labels().Fields {
		if blank.Sets == ticket.SetsAssignee { // who it was turned to first: somebody else may be in charge now
			delete(values, blank.ID)
		}
	}
	return values
}

// told are the fields of a form that set what the mails name of every ticket:
// its priority, its department, its agreed date, its main ticket.
func told(form ticket.Form) []ticket.Field {
	return slices.DeleteFunc(slices.Clone(form.Fields), func(f ticket.Field) bool {
		return !slices.Contains([]ticket.Attribute{ticket.SetsPriority, ticket.SetsQueue, ticket.SetsDue, ticket.SetsMain}, f.Sets)
	})
}

// fields are values with their labels, in the form's order; those the form
// does not know any more come last, under their IDs.
func (b *builder) fields(form ticket.Form, values ticket.Values) shown {
	out := shown{Kind: "facts"}
	if b.view.Brief {
		return out
	}
	for _, field := range form.Fields {
		out.Facts = b.fact(out.Facts, field.Label, values[field.ID])
	}
	for _, id := range sorted(values) {
		if _, known := form.Field(id); !known {
			out.Facts = b.fact(out.Facts, b.classified(id), values[id])
		}
	}
	return out
}

// classified is the label of a field by which tickets are classified where no
// desk names its own; that of any other is its ID.
func (b *builder) classified(id string) string {
	if field, known := b.set.Action(ticket.Classify).Form.Field(id); known {
		return field.Label
	}
	return id
}

// filled are the event's fields but for those whose value is told anyway: its
// text, who is in charge, and what the mails say of every ticket.
func (b *builder) filled() ticket.Values {
	rest, written := ticket.Values{}, b.view.written().ID
	for id, value := range b.view.Event.Content.Fields {
		if id != written && !b.view.Event.Content.Assignee.Equal(ticket.Address(value)) {
			rest[id] = value
		}
	}
	for _, field := range told(b.view.Form) {
		delete(rest, field.ID)
	}
	return rest
}

// problem is what the words for a problem can say.
type problem struct {
	Terms   map[string]string
	Options string // of a closed list
	Limit   int    // runes the form allows, 0 if it does not say
}

// problems are those of the form that is answered, or else what the ticket's
// opening lacks still.
func (b *builder) problems() shown {
	out := shown{Kind: "facts"}
	problems := b.view.Ticket.Missing
	if b.view.Answer != nil {
		problems = b.view.Answer.Problems
	}
	for _, p := range problems {
		field := b.problemField(p.Field)
		phrase, ok := b.set.words.Problems[p.Reason]
		if !ok {
			phrase = b.set.words.Problems[other]
		}
		text, err := phrase.fill(problem{Terms: b.values.Terms, Options: b.options(field), Limit: field.MaxLen})
		if b.err == nil {
			b.err = err
		}
		out.Facts = b.fact(out.Facts, field.Label, text)
	}
	return out
}

// problemField finds the field a problem is with; one nobody knows goes by
// its ID.
func (b *builder) problemField(id string) ticket.Field {
	forms := []ticket.Form{b.view.Opening, b.view.Labels, b.view.Form}
	if b.view.Answer != nil {
		forms = append([]ticket.Form{b.view.Answer.Form}, forms...)
	}
	for _, form := range forms {
		if field, ok := form.Field(id); ok {
			return field
		}
	}
	return ticket.Field{ID: id, Label: id}
}

// guide says of each blank of an opening what it takes, to who may open.
func (b *builder) guide() shown {
	out := shown{Kind: "facts"}
	if b.view.OpeningSubject == "" {
		return out
	}
	for _, field := range b.view.Opening.Fields {
		takes := b.takes(field)
		if field.Required {
			takes = b.set.word("required") + " " + takes
		}
		out.Facts = b.fact(out.Facts, field.Label, takes)
	}
	return out
}

// takes says what a blank takes.
func (b *builder) takes(field ticket.Field) string {
	if options := b.options(field); options != "" {
		return b.set.word("one_of") + " " + options + "."
	}
	switch field.Kind {
	case ticket.AddressField, ticket.PersonField:
		return b.set.word("takes_address")
	case ticket.DateTimeField:
		return b.set.word("takes_date_time")
	case ticket.TicketField:
		return b.set.word("takes_ticket")
	case ticket.FilesField:
		return b.set.word("takes_files")
	}
	return b.set.word("free")
}

const (
	maxOptions = 40 // of a closed list
	maxItems   = 50 // of any other
	maxFile    = 120
)

// options are the values of a closed list in one line, the first of them if
// there are many.
func (b *builder) options(field ticket.Field) string {
	var names []string
	for i, option := range field.Options {
		if i == maxOptions {
			names = append(names, b.set.word("more"))
			break
		}
		names = append(names, option.Value)
	}
	return strings.Join(names, ", ")
}

// list is a list of names of files.
func (b *builder) list(names []string) shown {
	out := shown{Kind: "list"}
	if b.view.Brief {
		return out
	}
	for i, name := range names {
		if i == maxItems {
			out.Lines = append(out.Lines, b.spans(b.set.word("more")))
			break
		}
		out.Lines = append(out.Lines, b.spans(firstOf(cleanLine(name, maxFile), b.set.word("nameless"))))
	}
	return out
}

// omitted are the files that do not travel, and beside those that might do harm
// that they do not for that.
func (b *builder) omitted() shown {
	out := b.list(b.view.Omitted)
	for _, l := range b.list(b.view.Withheld).Lines {
		out.Lines = append(out.Lines, append(l, b.spans(" "+b.set.word("withheld"))...))
	}
	return out
}

// firstOf is the first of the texts that says anything.
func firstOf(texts ...string) string {
	for _, text := range texts {
		if strings.TrimSpace(text) != "" {
			return text
		}
	}
	return ""
}

func attachmentNames(e ticket.Event) []string {
	var names []string
	for _, a := range e.Content.Attachments {
		names = append(names, a.Name)
	}
	return names
}
