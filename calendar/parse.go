package calendar

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxRule is the longest rule in bytes, maxLength the most days one closes. The
// years are those of the Gregorian calendar, in four digits.
const (
	maxRule   = 400
	maxLength = 100
	minYear   = 1583
	maxYear   = 9999
)

// ParseRule reads a holiday as people write it, in lower or upper case:
//
//	12-25                        every 25 December
//	2026-11-02                   that day and no other
//	first monday of february     or second, third, fourth, last
//	easter, easter -2            Easter Sunday; the Friday before it
//
// and then, in any order, what changes it:
//
//	to monday                    kept on the Monday after, unless it is one
//	if sunday to monday          moved only from those days; several may
//	if saturday to previous friday   follow one another, the first that applies is made
//	for 7 days                   that day and the six after it (1 to 100)
//	from 2006, until 2018        the first and the last year it holds
//	every 6 years from 2024      2024, 2030 …
//
// The error says what was not understood.
func ParseRule(text string) (Rule, error) {
	if len(text) > maxRule {
		return Rule{}, fmt.Errorf("a holiday of more than %d characters", maxRule)
	}
	p := &ruleParser{words: strings.Fields(strings.ToLower(text))}
	err := p.base()
	for err == nil && len(p.words) > 0 {
		err = p.clause()
	}
	if err == nil {
		err = p.rule.check()
	}
	if err != nil {
		return Rule{}, fmt.Errorf("holiday %q: %w", text, err)
	}
	return p.rule, nil
}

type ruleParser struct {
	words []string
	rule  Rule
	dated bool // one day of one year
}

// next takes the next word; "" when there is none.
func (p *ruleParser) next() string {
	if len(p.words) == 0 {
		return ""
	}
	word := p.words[0]
	p.words = p.words[1:]
	return word
}

// expect takes the next words if they are these.
func (p *ruleParser) expect(words ...string) error {
	for _, want := range words {
		if got := p.next(); got != want {
			return fmt.Errorf("%q is wanted, not %q", want, got)
		}
	}
	return nil
}

func (p *ruleParser) base() error {
	word := p.next()
	if offset, ok := strings.CutPrefix(word, "easter"); ok {
		return p.easter(offset)
	}
	if n := slices.Index(ordinals, word); n > 0 {
		return p.nth(n)
	}
	if date, err := ParseDate(word); err == nil && date.Year >= minYear {
		p.dated = true
		p.rule = Rule{kind: fixed, month: date.Month, day: date.Day, first: date.Year, last: date.Year}
		return nil
	}
	if date, err := ParseDate("2000-" + word); err == nil { // a leap year has every day there is
		p.rule = Rule{kind: fixed, month: date.Month, day: date.Day}
		return nil
	}
	return fmt.Errorf("%q begins no holiday; write one like 12-25, 2026-11-02, first monday of february or easter -2", word)
}

func (p *ruleParser) easter(offset string) error {
	p.rule.kind = easter
	if offset == "" && len(p.words) > 0 && strings.ContainsAny(p.words[0][:1], "+-") {
		offset = p.next()
	}
	if offset == "" {
		return nil
	}
	n, err := strconv.Atoi(offset)
	if err != nil || n < -200 || n > 200 || !strings.ContainsAny(offset[:1], "+-") {
		return fmt.Errorf("%q is not a number of days from Easter, from -200 to +200", offset)
	}
	p.rule.offset = n
	return nil
}

var ordinals = []string{1: "first", 2: "second", 3: "third", 4: "fourth", lastOfMonth: "last"}

func (p *ruleParser) nth(n int) (err error) {
	p.rule.kind, p.rule.nth = nth, n
	if p.rule.weekday, err = parseWeekday(p.next()); err != nil {
		return err
	}
	if err := p.expect("of"); err != nil {
		return err
	}
	p.rule.month, err = parseMonth(p.next())
	return err
}

func parseWeekday(word string) (time.Weekday, error) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if word == strings.ToLower(d.String()) {
			return d, nil
		}
	}
	return 0, fmt.Errorf("%q is not a day of the week", word)
}

func parseMonth(word string) (time.Month, error) {
	for m := time.January; m <= time.December; m++ {
		if word == strings.ToLower(m.String()) {
			return m, nil
		}
	}
	return 0, fmt.Errorf("%q is not a month", word)
}

func (p *ruleParser) clause() error {
	switch word := p.next(); word {
	case "to":
		return p.move(everyDay)
	case "if":
		return p.moveIf()
	case "for":
		return p.number(&p.rule.length, 1, maxLength, "days")
	case "from", "until", "every":
		return p.years(word)
	default:
		return fmt.Errorf("%q is none of to, if, for, from, until, every", word)
	}
}

func (p *ruleParser) moveIf() error {
	weekday, err := parseWeekday(p.next())
	if err != nil {
		return err
	}
	if err := p.expect("to"); err != nil {
		return err
	}
	return p.move(weekday)
}

func (p *ruleParser) move(from time.Weekday) error {
	earlier := func(m move) bool { return m.from == from || m.from == everyDay }
	if slices.ContainsFunc(p.rule.moves, earlier) {
		return errors.New("a day is moved twice")
	}
	word, back := p.next(), false
	if word == "previous" || word == "next" {
		word, back = p.next(), word == "previous"
	}
	weekday, err := parseWeekday(word)
	if err != nil {
		return err
	}
	p.rule.moves = append(p.rule.moves, move{from, back, weekday})
	return nil
}

func (p *ruleParser) years(word string) error {
	switch {
	case p.dated:
		return errors.New("a date that has its year takes no other")
	case word == "from":
		return p.number(&p.rule.first, minYear, maxYear)
	case word == "until":
		return p.number(&p.rule.last, minYear, maxYear)
	}
	return p.number(&p.rule.every, 1, 100, "years")
}

// number takes the next word as a number within bounds, once, and its unit.
func (p *ruleParser) number(to *int, least, most int, unit ...string) error {
	word := p.next()
	n, err := strconv.Atoi(word)
	if err != nil || n < least || n > most {
		return fmt.Errorf("%q is not a number from %d to %d", word, least, most)
	}
	if *to != 0 {
		return fmt.Errorf("%d comes after %d: once is enough", n, *to)
	}
	*to = n
	return p.expect(unit...)
}

func (r Rule) check() error {
	if r.last != 0 && r.first > r.last {
		return fmt.Errorf("it begins in %d and ends in %d", r.first, r.last)
	}
	if r.every != 0 && r.first == 0 {
		return errors.New("every so many years needs the first: from 2024")
	}
	return nil
}
