package ticket

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
)

// Key is a desk's secret, at least 32 random bytes.
type Key []byte

// TokenLength is the number of characters of a token: 16 of base 32, 80 bits.
const TokenLength = 16

// crockford is Crockford's alphabet: no I, L, O or U, so that a token read
// aloud or copied by hand is not mistaken.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// Sign makes the token for some purpose: the first 80 bits of HMAC-SHA256
// (RFC 2104, truncated as its section 5 allows) over the parts, each written
// with its length so that no two lists of parts look alike.
func (k Key) Sign(parts ...string) string {
	mac := hmac.New(sha256.New, k)
	for _, part := range parts {
		fmt.Fprintf(mac, "%d:%s,", len(part), part)
	}
	return crockford.EncodeToString(mac.Sum(nil)[:TokenLength*5/8])
}

// Signed tells, in constant time, whether the token is the one Sign makes.
// Case and the letters a hand confuses (O for 0, I and L for 1) do not matter:
// clients and people change both.
func (k Key) Signed(token string, parts ...string) bool {
	token = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(token))
	return hmac.Equal([]byte(token), []byte(k.Sign(parts...)))
}

// Token is what a link to an action carries in its subject: only the
// addressee of our mail can know it, and it is stale once the ticket has left
// the stage in which the action was offered.
func (p Policy) Token(t Ticket, a Action, addressee Address) string {
	return p.Key.Sign(tokenParts(t, a, addressee, p.Stage(t, a))...)
}

// tokenState is what a token found in a mail turns out to be.
type tokenState int

const (
	tokenUnknown tokenState = iota
	tokenValid
	tokenStale   // right once, for this person, in an earlier stage
	tokenForeign // right, for somebody else on this ticket
)

// inspect finds out what a token is worth in the hands of an address.
func (p Policy) inspect(t Ticket, a Action, holder Address, token string) tokenState {
	if p.Signed(token, tokenParts(t, a, holder, p.Stage(t, a))...) && p.allows(t, a) {
		return tokenValid
	}
	for _, stay := range t.Path {
		if p.Signed(token, tokenParts(t, a, holder, stay.Event)...) {
			return tokenStale
		}
	}
	for _, other := range p.Participants(t) {
		for _, stay := range t.Path {
			if p.Signed(token, tokenParts(t, a, other, stay.Event)...) {
				return tokenForeign
			}
		}
	}
	return tokenUnknown
}

// Signed tells whether one of the desk's keys that are honoured made the token.
func (p Policy) Signed(token string, parts ...string) bool {
	for _, key := range append([]Key{p.Key}, p.Earlier...) {
		if key.Signed(token, parts...) {
			return true
		}
	}
	return false
}

// Holds tells whether an address came by a token honestly: it was sent to it,
// now or in an earlier stage of the ticket.
func (p Policy) Holds(t Ticket, a Action, holder Address, token string) bool {
	state := p.inspect(t, a, holder, token)
	return token != "" && (state == tokenValid || state == tokenStale)
}

// Scrub takes out of a text the tokens that follow a ticket's number, whatever
// a mail program or a person put between the two: what somebody quotes must
// never hand a key to somebody else.
func (p Policy) Scrub(text string) string {
	return p.Applications.withoutTokens(p.Numbers.withoutTokens(text))
}

func tokenParts(t Ticket, a Action, addressee Address, stage int) []string {
	return []string{"action", t.Desk, string(t.Number), string(a), strings.ToLower(string(addressee)), fmt.Sprint(stage)}
}
