package templates

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cauce-desk/cauce/ticket"
)

// unknown returns an error for every key that nothing would ever look up and
// every block that is none.
func (c *catalogue) unknown() error {
	self := func(p phrase) phrase { return p }
	errs := []error{
		strange("word", c.Words, wordKeys, self),
		strange("state", c.States, ticket.States, self),
		strange("reason", c.Reasons, reasonKeys, self),
		strange("problem", c.Problems, problemKeys, self),
		strange("column", c.Columns, columnKeys, self),
		strange("query", c.Queries, queryKeys, actionPhrase.first),
		nameless("action", c.Actions, isActionName, actionPhrase.first),
		nameless("notice", c.Notices, isNoticeName, notice.first),
	}
	for _, name := range sorted(c.Parts) {
		errs = append(errs, checkBlocks(c.Parts[name], true))
	}
	for _, name := range sorted(c.Notices) {
		errs = append(errs, checkBlocks(c.Notices[name].Blocks, false))
	}
	for _, name := range sorted(c.Actions) {
		errs = append(errs, c.Actions[name].check())
	}
	for _, name := range sorted(c.Queries) {
		errs = append(errs, c.Queries[name].check())
	}
	return errors.Join(errs...)
}

// missing returns an error for every key a whole catalogue must have and this
// one has not.
func (c *catalogue) missing() error {
	var errs []error
	if !c.Language.said() {
		errs = append(errs, errors.New("no words for language"))
	}
	errs = append(errs, absent("words", c.Words, wordKeys), absent("states", c.States, ticket.States),
		absent("reasons", c.Reasons, reasonKeys), absent("problems", c.Problems, problemKeys),
		absent("actions", c.Actions, actionKeys()), absent("queries", c.Queries, queryKeys), absent("columns", c.Columns, columnKeys),
		absent("notices", c.Notices, slices.Concat(answerKinds, generalNotices)))
	for _, kind := range sorted(c.Notices) {
		if !c.notice(View{Kind: kind}.chain()).whole() {
			errs = append(errs, fmt.Errorf("notice %s lacks its subject, title or blocks", kind))
		}
	}
	return errors.Join(errs...)
}

// strange returns an error for every entry whose key is not known.
func strange[K ~string, V any](what string, entries map[K]V, known []K, first func(V) phrase) error {
	return nameless(what, entries, func(key K) bool { return slices.Contains(known, key) }, first)
}

// nameless returns an error for every entry whose key is no name for one.
func nameless[K ~string, V any](what string, entries map[K]V, isName func(K) bool, first func(V) phrase) error {
	var errs []error
	for _, key := range sorted(entries) {
		if !isName(key) {
			errs = append(errs, first(entries[key]).fault(fmt.Errorf("there is no %s %q", what, key)))
		}
	}
	return errors.Join(errs...)
}

func absent[K ~string, V any](what string, entries map[K]V, known []K) error {
	var errs []error
	for _, key := range known {
		if _, there := entries[key]; !there {
			errs = append(errs, fmt.Errorf("no words for %s: %s", what, key))
		}
	}
	return errors.Join(errs...)
}

// sorted are a map's keys in order, so that errors always come in the same.
func sorted[K ~string, V any](entries map[K]V) []K {
	var keys []K
	for key := range entries {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// first is the phrase by whose place the notice is found.
func (n notice) first() phrase {
	return place(func(visit func(*phrase)) {
		visit(&n.Subject)
		visit(&n.Title)
		blockPhrases(n.Blocks, visit)
	})
}

// place is the first phrase that says anything.
func place(phrases func(visit func(*phrase))) phrase {
	var first phrase
	phrases(func(p *phrase) {
		if p.said() && !first.said() {
			first = *p
		}
	})
	return first
}

// checkBlocks checks that each block is exactly one thing. A part is made of
// blocks and of no other part.
func checkBlocks(blocks []block, inPart bool) error {
	var errs []error
	for _, b := range blocks {
		errs = append(errs, b.check(inPart))
	}
	return errors.Join(errs...)
}

func (b block) check(inPart bool) error {
	things, where := 0, place(func(visit func(*phrase)) { blockPhrases([]block{b}, visit) })
	if len(b.Facts) > 0 {
		things++
	}
	for _, content := range b.contents() {
		if content.said() {
			things++
		}
	}
	show, err := b.Show.fill(nil)
	switch {
	case things != 1:
		return where.fault(errors.New("a block is one of text, line, note, strong, quote, facts, show and part"))
	case inPart && b.Part.said():
		return where.fault(errors.New("a part cannot hold another"))
	case err != nil || b.Show.said() && !slices.Contains(showKeys, show):
		return where.fault(fmt.Errorf("there is nothing to show called %q; there is %v", show, showKeys))
	}
	return nil
}
