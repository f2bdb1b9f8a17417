package dnsplan

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// dkim are the public halves of the keys that a domain's mail is signed with
// (RFC 6376 section 3.6.1).
func (s Site) dkim(d Domain) []item {
	var items []item
	for _, key := range s.Keys {
		if key.Domain != d.Name {
			continue
		}
		items = append(items, item{
			Record{
				Name: key.Name, Type: "TXT", Value: key.TXT, Purpose: "dkim",
				Comment: "A key that mail of " + d.Name + " is signed with. Leave its record for a week after the last mail it signed.",
			},
			func(ctx context.Context, l lookup) verdict { return checkDKIM(ctx, l, key) },
		})
	}
	if len(items) > 0 || !d.Sends {
		return items
	}
	advice := "There is no DKIM key for " + d.Name + ", so its mail goes out unsigned: make one with \"cauce keys dkim " + d.Name + "\"."
	return []item{{
		Record{Name: "_domainkey." + d.Name, Type: "TXT", Purpose: "dkim", Comment: advice},
		func(context.Context, lookup) verdict { return missing("", advice) },
	}}
}

func checkDKIM(ctx context.Context, l lookup, key Key) verdict {
	found, err := l.txt(ctx, key.Name)
	switch {
	case err != nil:
		return unknown(err)
	case len(found) == 0:
		return missing(key.TXT)
	case len(found) > 1: // RFC 6376 section 3.6.2.2
		return wrong(found, "There are several records, of which verifiers take any. Leave only: "+key.TXT)
	}
	return judgeDKIM(found, key)
}

func judgeDKIM(found []string, key Key) verdict {
	published, err := tags(found[0])
	if err != nil {
		return wrong(found, fmt.Sprintf("The record cannot be read: %v. Publish: %s", err, key.TXT))
	}
	ours, err := tags(key.TXT)
	if err != nil {
		return unknown(err)
	}
	public := strings.Join(strings.Fields(published["p"]), "")
	switch {
	case public == "":
		return wrong(found, "The record has no key, which says that it is revoked. Publish: "+key.TXT)
	case cmp.Or(published["v"], "DKIM1") != "DKIM1" || cmp.Or(published["k"], "rsa") != cmp.Or(ours["k"], "rsa"):
		return wrong(found, "The record is for another kind of key. Publish: "+key.TXT)
	case public != ours["p"]:
		return wrong(found, "The published key is not the one mail is signed with. Publish: "+key.TXT)
	case !permits(published["h"], "sha256"), !permits(published["s"], "email"):
		return wrong(found, "The record keeps the key from being used for what we sign. Publish: "+key.TXT)
	case slices.Contains(words(published["t"]), "y"):
		return right(found, "It says that DKIM is only being tried out (t=y): take that off once all is well.")
	}
	return right(found)
}

// permits tells whether a list is absent, or has the word or the star that
// stands for all.
func permits(list, word string) bool {
	found := words(list)
	return list == "" || slices.Contains(found, word) || slices.Contains(found, "*")
}

// words are the members of a list parted by colons.
func words(list string) []string { return strings.Split(strings.ReplaceAll(list, " ", ""), ":") }
