package authn

import (
	"errors"
	"strings"
)

// AuthResults is one Authentication-Results field as read (RFC 8601 section
// 2.2).
type AuthResults struct {
	ServID  string // who says so
	Results []MethodResult
}

// MethodResult is what one method came to. Methods, result words and the names
// of properties ("header.from") are in lower case; values are as they stand.
type MethodResult struct {
	Method     string
	Result     Result
	Reason     string
	Properties []Property
}

// Property is one "ptype.property=value".
type Property struct{ Name, Value string }

// Property gives the value of a property, "" if it is not there.
func (r MethodResult) Property(name string) string {
	for _, p := range r.Properties {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

var errAuthResults = errors.New("malformed Authentication-Results")

const (
	maxAuthResults = 100 // in one field
	maxComments    = 20  // nested
)

// ParseAuthResults reads the value of a field. It reads all of it or fails.
func ParseAuthResults(value string) (AuthResults, error) {
	p := authParser{s: value}
	a := AuthResults{ServID: p.servID()}
	p.version()
	for !p.end() {
		if !p.take(';') || len(a.Results) == maxAuthResults {
			p.fail()
			break
		}
		if p.end() {
			break // a final semicolon is wrong, and common
		}
		if r := p.result(); r.Method != "none" {
			a.Results = append(a.Results, r)
		}
	}
	if p.failed {
		return AuthResults{ServID: a.ServID}, errAuthResults
	}
	return a, nil
}

// authParser reads a structured field. Once it has failed it is at its end.
type authParser struct {
	s      string
	i      int
	failed bool
}

func (p *authParser) fail() { p.failed, p.i = true, len(p.s) }

// end tells whether nothing is left but space and comments.
func (p *authParser) end() bool {
	p.skip()
	return p.i >= len(p.s)
}

// skip passes over white space and comments, which nest.
func (p *authParser) skip() {
	for p.i < len(p.s) {
		switch {
		case strings.IndexByte(fws, p.s[p.i]) >= 0:
			p.i++
		case p.s[p.i] == '(':
			p.comment()
		default:
			return
		}
	}
}

func (p *authParser) comment() {
	depth := 0
	for ; p.i < len(p.s); p.i++ {
		switch p.s[p.i] {
		case '\\':
			p.i++
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			p.i++
			return
		}
		if depth > maxComments {
			break
		}
	}
	p.fail()
}

func (p *authParser) take(c byte) bool {
	p.skip()
	if p.i < len(p.s) && p.s[p.i] == c {
		p.i++
		return true
	}
	return false
}

// servID reads who says so: a token or a quoted string.
func (p *authParser) servID() string {
	id := p.value("")
	if id == "" {
		p.fail()
	}
	return id
}

// version reads the version, which may be left out and is 1.
func (p *authParser) version() {
	p.skip()
	if p.i < len(p.s) && p.s[p.i] != ';' && p.value("") != "1" {
		p.fail()
	}
}

// result reads method "=" result with all that follows, to the next semicolon.
func (p *authParser) result() MethodResult {
	r := MethodResult{Method: strings.ToLower(p.keyword())}
	if r.Method == "none" && (p.end() || p.at(';')) {
		return r // RFC 8601 section 2.2, no-result
	}
	if p.take('/') && p.keyword() != "1" || r.Method == "" || !p.take('=') {
		p.fail()
		return r
	}
	r.Result = Result(strings.ToLower(p.keyword()))
	for !p.end() && !p.at(';') {
		p.property(&r)
	}
	return r
}

func (p *authParser) at(c byte) bool {
	p.skip()
	return p.i < len(p.s) && p.s[p.i] == c
}

// property reads reason=value or ptype.property=value.
func (p *authParser) property(r *MethodResult) {
	name := strings.ToLower(p.keyword())
	if p.take('.') {
		name += "." + strings.ToLower(p.keyword())
	}
	if name == "" || !p.take('=') {
		p.fail()
		return
	}
	value := p.value("@/=:+[]")
	if name == "reason" {
		r.Reason = value
		return
	}
	r.Properties = append(r.Properties, Property{name, value})
}

// keyword is a run of letters, digits, "-" and "_".
func (p *authParser) keyword() string {
	p.skip()
	start := p.i
	for p.i < len(p.s) && (isAlnum(p.s[p.i]) || p.s[p.i] == '-' || p.s[p.i] == '_') {
		p.i++
	}
	return p.s[start:p.i]
}

// value reads a token, a quoted string, or an address made of these. Of what a
// token may not hold, also may be in it: people do not quote base64.
func (p *authParser) value(also string) string {
	p.skip()
	var b strings.Builder
	for p.i < len(p.s) {
		c := p.s[p.i]
		switch {
		case c == '"':
			b.WriteString(p.quoted())
		case c > ' ' && c != 0x7f && strings.IndexByte(`()<>@,;:\/[]?=`, c) < 0 || strings.IndexByte(also, c) >= 0:
			b.WriteByte(c)
			p.i++
		default:
			return b.String()
		}
	}
	return b.String()
}

func (p *authParser) quoted() string {
	var b strings.Builder
	for p.i++; p.i < len(p.s); p.i++ {
		switch p.s[p.i] {
		case '"':
			p.i++
			return b.String()
		case '\\':
			if p.i++; p.i == len(p.s) {
				p.fail()
				return ""
			}
		}
		b.WriteByte(p.s[p.i])
	}
	p.fail()
	return ""
}
