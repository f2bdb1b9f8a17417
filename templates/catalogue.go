package templates

import (
	"maps"

	"github.com/cauce-desk/cauce/ticket"
)

// catalogue is all the words of one language, or the part of them that one
// file holds. It mirrors the YAML.
type catalogue struct {
	Language phrase            `yaml:"language"` // BCP 47, for the lang attribute
	Terms    map[string]phrase `yaml:"terms"`    // what the desk calls its things: {{.Terms.the_ticket}}
	Words    map[string]phrase `yaml:"words"`    // of the layouts; wordKeys
	Head     phrase            `yaml:"head"`     // over every mail, under the desk's name
	Foot     []phrase          `yaml:"foot"`     // under every mail, before the signature

	States     map[ticket.State]phrase `yaml:"states"`
	Reasons    map[string]phrase       `yaml:"reasons"`    // reasonKeys
	Problems   map[string]phrase       `yaml:"problems"`   // problemKeys
	Columns    map[string]phrase       `yaml:"columns"`    // columnKeys: heads of tables
	Clocks     map[string]phrase       `yaml:"clocks"`     // by the name the desk gives a clock
	Priorities map[string]phrase       `yaml:"priorities"` // likewise; those without words go by their names

	Actions map[ticket.Action]actionPhrase `yaml:"actions"` // those of the table, and a desk's own
	Queries map[string]actionPhrase        `yaml:"queries"` // queryKeys

	Parts   map[string][]block `yaml:"parts"`   // blocks that several notices share
	Notices map[string]notice  `yaml:"notices"` // see View.chain
}

// notice is one kind of mail.
type notice struct {
	Subject phrase  `yaml:"subject"`
	Title   phrase  `yaml:"title"`
	Blocks  []block `yaml:"blocks"`
}

// block is one thing a mail shows. It holds exactly one of the fields below
// Intro. A block that comes out empty is left out, with its heading and intro.
type block struct {
	Heading phrase `yaml:"heading"`
	Intro   phrase `yaml:"intro"`

	Text   phrase `yaml:"text"`   // a paragraph
	Line   phrase `yaml:"line"`   // a paragraph that is one line in the text part, for programs that look for it
	Note   phrase `yaml:"note"`   // a paragraph that stands out
	Strong phrase `yaml:"strong"` // one line of a person's words
	Quote  phrase `yaml:"quote"`  // a person's words
	Facts  pairs  `yaml:"facts"`  // label: value
	Show   phrase `yaml:"show"`   // something the desk knows; showKeys
	Part   phrase `yaml:"part"`   // the blocks of this name in Parts
}

// contents are the fields of which a block has one.
func (b *block) contents() []*phrase {
	return []*phrase{&b.Text, &b.Line, &b.Note, &b.Strong, &b.Quote, &b.Show, &b.Part}
}

// add puts another catalogue over this one: what it says goes, what it does
// not say stays. Lists (blocks, blanks, foot) are replaced whole.
func (c *catalogue) add(over catalogue) {
	over.Language.overrule(&c.Language)
	over.Head.overrule(&c.Head)
	if over.Foot != nil {
		c.Foot = over.Foot
	}
	put(&c.Terms, over.Terms)
	put(&c.Words, over.Words)
	put(&c.States, over.States)
	put(&c.Reasons, over.Reasons)
	put(&c.Problems, over.Problems)
	put(&c.Columns, over.Columns)
	put(&c.Clocks, over.Clocks)
	put(&c.Priorities, over.Priorities)
	put(&c.Parts, over.Parts)
	put(&c.Actions, merged(c.Actions, over.Actions, actionPhrase.under))
	put(&c.Queries, merged(c.Queries, over.Queries, actionPhrase.under))
	put(&c.Notices, merged(c.Notices, over.Notices, notice.under))
}

func put[K comparable, V any](all *map[K]V, more map[K]V) {
	if *all == nil {
		*all = map[K]V{}
	}
	maps.Copy(*all, more)
}

// merged joins the entries that stand in both maps.
func merged[K comparable, V any](base, over map[K]V, under func(V, V) V) map[K]V {
	all := map[K]V{}
	for key, entry := range over {
		all[key] = under(base[key], entry)
	}
	return all
}

// overrule puts the phrase in the place of another if it says anything.
func (p phrase) overrule(other *phrase) {
	if p.said() {
		*other = p
	}
}

// under is the notice with another put over it.
func (n notice) under(over notice) notice {
	over.Subject.overrule(&n.Subject)
	over.Title.overrule(&n.Title)
	if over.Blocks != nil {
		n.Blocks = over.Blocks
	}
	return n
}

// phrases calls visit for every phrase of the catalogue. Entries of maps are
// not addressable, so each is visited as a copy and put back.
func (c *catalogue) phrases(visit func(*phrase)) {
	visit(&c.Language)
	visit(&c.Head)
	for i := range c.Foot {
		visit(&c.Foot[i])
	}
	each(c.Terms, visit)
	each(c.Words, visit)
	each(c.States, visit)
	each(c.Reasons, visit)
	each(c.Problems, visit)
	each(c.Columns, visit)
	each(c.Clocks, visit)
	each(c.Priorities, visit)
	each(c.Actions, func(a *actionPhrase) { a.phrases(visit) })
	each(c.Queries, func(a *actionPhrase) { a.phrases(visit) })
	each(c.Parts, func(b *[]block) { blockPhrases(*b, visit) })
	each(c.Notices, func(n *notice) {
		visit(&n.Subject)
		visit(&n.Title)
		blockPhrases(n.Blocks, visit)
	})
}

func each[K comparable, V any](all map[K]V, visit func(*V)) {
	for key, entry := range all {
		visit(&entry)
		all[key] = entry
	}
}

func blockPhrases(blocks []block, visit func(*phrase)) {
	for i := range blocks {
		b := &blocks[i]
		visit(&b.Heading)
		visit(&b.Intro)
		for _, content := range b.contents() {
			visit(content)
		}
		for j := range b.Facts {
			visit(&b.Facts[j].label)
			visit(&b.Facts[j].value)
		}
	}
}
