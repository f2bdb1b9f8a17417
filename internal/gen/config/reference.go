package main

import (
	"fmt"
	"strings"

	"github.com/cauce-desk/cauce/config"
)

const referenceHead = "# Configuration reference\n" + `
<!-- Made by "go generate ./config" from package config. Change the tags there. -->

One YAML file configures the daemon and its desks. ` + "[`config.example.yaml`](../config.example.yaml)" + ` has every key
in its place; ` + "`cauce check --config FILE`" + ` finds every fault of a file, with its line.

**Strict.** An unknown key, a key given twice, a value of another type, out of its bounds or at odds with another is an
error, and a file with an error is not used at all. A running daemon that is told to read its file again (SIGHUP) and
finds an error in it says so and keeps the configuration it has.

**Where a value comes from.** The first of these that has it: a flag of ` + "`cauce serve`" + `; an environment variable; the
file; the default. The variable of a key outside ` + "`desks`" + ` is ` + "`CAUCE_`" + ` and its path in capitals, with ` + "`_`" + ` for each
dot: ` + "`limits.idle`" + ` is ` + "`CAUCE_LIMITS_IDLE`" + `, ` + "`delivery.relay.password`" + ` is ` + "`CAUCE_DELIVERY_RELAY_PASSWORD`" + `. A list is
written with commas. An empty variable counts as none. ` + "`include` and `desks`" + ` come from files only.

| Flag | Key |
|---|---|
| ` + "`--listen ADDR`" + ` | ` + "`listen`" + ` |
| ` + "`--data DIR`" + ` | ` + "`data`" + ` |
| ` + "`--relay ADDR`" + ` | ` + "`delivery.relay.address`, and `delivery.via: relay`" + ` |
| ` + "`--resolver ADDR`" + ` | ` + "`resolver`" + ` |
| ` + "`--trusted NET[,NET]`" + ` | ` + "`trusted`" + ` |

**Durations** are numbers with units: ` + "`30s`, `5m`, `1h30m`, `3d`" + ` (a day is 24 hours). **Sizes** are a whole number and
` + "`B`, `KiB`, `MiB` or `GiB`" + `. Neither goes without its unit. **Texts** are one line unless the key says otherwise.
**Networks** are as ` + "`192.0.2.0/24`" + ` or one address. In a path, ` + "`[]`" + ` stands for each element of a list.

**A desk** is put together in this order. ` + "`opening`" + ` is the mail that makes a ticket; a field of it may set the ticket's
service, priority, requester and more. ` + "`services`" + ` and ` + "`queues`" + ` say who looks after a ticket; ` + "`validators`" + `,
` + "`help_desk`, `attention`, `administrators` and `auditors`" + ` have a part in all of them. ` + "`actions`" + ` is what can happen to a ticket: each
leads from some states to one, may be taken by some roles, asks for some blanks and is told to some audiences, all of
it as [the table of actions](states.md) has it unless the desk says otherwise. ` + "`clocks`" + ` run from one action to another by a
calendar. ` + "`queries` and `digests`" + ` are what can be asked. ` + "`states`, `wording` and `words`" + ` are how it all is called. The
presets are five desks, each different: ` + "`presets/*.yaml`" + `.
`

// referencePage writes a table for each section.
func referencePage(keys []config.Key) string {
	o := newOutline(keys)
	page := referenceHead + "\n## The daemon\n\n" + table(o[""])
	for _, k := range keys {
		if k.Section {
			page += fmt.Sprintf("\n## `%s`\n\n%s\n\n%s", inside(k), k.Doc, table(o[inside(k)]))
		}
	}
	return page
}

func table(keys []config.Key) string {
	rows := "| Key | Type | Default | Bounds | Meaning |\n|---|---|---|---|---|\n"
	for _, k := range keys {
		rows += fmt.Sprintf("| `%s` | %s | %s | %s | %s |\n", nameOf(k), k.Type, fallback(k), bounds(k), meaning(k))
	}
	return rows
}

// fallback is what the key is when the file does not say.
func fallback(k config.Key) string {
	switch {
	case k.Default != "":
		return "`" + k.Default + "`"
	case k.Required:
		return "required"
	}
	return ""
}

// bounds says what a key may hold, "" if that goes without saying.
func bounds(k config.Key) string {
	switch {
	case k.Section:
		return ""
	case k.Words != nil:
		return "one of " + strings.Join(k.Words, ", ")
	case k.Min != "":
		return "from " + k.Min + " to " + k.Max
	case k.Max != "":
		return "at most " + k.Max + " characters"
	}
	return ""
}

// meaning is the key's explanation, with an example where it has no default; a
// section's stands above its own table.
func meaning(k config.Key) string {
	text := k.Doc
	if k.Short {
		text += " An element that says nothing else may be written as just this."
	}
	switch {
	case k.Section:
		return "See [`" + inside(k) + "`](#" + anchor(inside(k)) + ")."
	case k.Default == "" && k.Example != "":
		return text + " Example: `" + nameOf(k) + ": " + k.Example + "`."
	}
	return text
}

// anchor is the link to a heading, as the usual renderers make it: in lower
// case, without punctuation but - and _.
func anchor(heading string) string {
	return strings.NewReplacer(".", "", "[", "", "]", "").Replace(heading)
}
