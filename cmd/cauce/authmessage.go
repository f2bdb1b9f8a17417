package main

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/cauce-desk/cauce/mailflow/authn"
	"github.com/cauce-desk/cauce/parser"
)

func newAuthDKIMCommand(q *authQuestion) *cobra.Command {
	return &cobra.Command{
		Use:   "dkim FILE",
		Short: "Verify the signatures of a mail",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cmd.SilenceUsage = true
			raw, err := readInput(args[0], cmd.InOrStdin())
			if err != nil {
				return err
			}
			r, err := q.resolver()
			if err != nil {
				return err
			}
			return newScreen(cmd).authDKIM(authn.CheckDKIM(cmd.Context(), r, raw, "", time.Now()))
		},
	}
}

// dkimAnswer is the DKIM results of a mail as JSON; the result of the mail is
// the best of its signatures.
type dkimAnswer struct {
	Result     authn.Result      `json:"result"`
	Signatures []signatureAnswer `json:"signatures"`
}

type signatureAnswer struct {
	Result    authn.Result `json:"result"`
	Domain    string       `json:"domain"`
	Selector  string       `json:"selector"`
	Algorithm string       `json:"algorithm"`
	Testing   bool         `json:"testing"`
	Reason    string       `json:"reason"`
}

func dkimAnswerOf(signatures []authn.Signature) dkimAnswer {
	a := dkimAnswer{Result: authn.CombinedResult(signatures), Signatures: []signatureAnswer{}}
	for _, s := range signatures {
		a.Signatures = append(a.Signatures, signatureAnswer{s.Result, s.Domain, s.Selector, s.Algorithm, s.Testing, s.Reason})
	}
	return a
}

func (a dkimAnswer) rows() [][]string {
	if len(a.Signatures) == 0 {
		return [][]string{{"DKIM", string(a.Result), "there is no signature"}}
	}
	var rows [][]string
	for _, s := range a.Signatures {
		if s.Testing {
			s.Reason = strings.TrimSpace(s.Reason + " (test key: it counts for nothing)")
		}
		rows = append(rows, []string{"DKIM " + s.Domain, string(s.Result), s.Reason})
	}
	return rows
}

func (s screen) authDKIM(signatures []authn.Signature) error {
	a := dkimAnswerOf(signatures)
	return s.show(a, func() error { return s.authRows(a.rows()) })
}

func newAuthMessageCommand(q *authQuestion) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "message FILE --ip ADDRESS --helo NAME --mail-from ADDRESS",
		Short: "Check a mail as the daemon would, and give its verdict",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cmd.SilenceUsage = true
			raw, err := readInput(args[0], cmd.InOrStdin())
			if err != nil {
				return err
			}
			verdict, err := q.examine(cmd, raw)
			if err != nil {
				return err
			}
			return newScreen(cmd).authVerdict(verdict)
		},
	}
	q.addEnvelope(cmd)
	return cmd
}

// examine judges a mail. That it cannot be told now is an answer, too.
func (q *authQuestion) examine(cmd *cobra.Command, raw []byte) (verdictAnswer, error) {
	r, err := q.resolver()
	if err != nil {
		return verdictAnswer{}, err
	}
	ip, err := q.peer()
	if err != nil {
		return verdictAnswer{}, err
	}
	judge := authn.Judge{Resolver: r, AuthservID: "localhost", Timeout: authTimeout}
	origin := authn.Origin{Address: ip, Hello: q.helo, MailFrom: bare(q.mailFrom)}
	v, err := judge.Examine(cmd.Context(), origin, raw, parser.Parse(raw))
	return verdictAnswerOf(v, err), nil
}

const authTimeout = 30 * time.Second

// verdictAnswer is all that was found out about a mail as JSON. Result says in
// a word of RFC 8601 section 2.7 whether the sender is known.
type verdictAnswer struct {
	Result        authn.Result      `json:"result"`
	Author        string            `json:"author"`
	Authenticated bool              `json:"authenticated"`
	Strict        bool              `json:"strict"`
	How           string            `json:"how"`
	Disposition   authn.Disposition `json:"disposition"`
	SPF           spfAnswer         `json:"spf"`
	DKIM          dkimAnswer        `json:"dkim"`
	DMARC         dmarcAnswer       `json:"dmarc"`
	Header        string            `json:"authentication_results"`
}

func verdictAnswerOf(v authn.Verdict, temporary error) verdictAnswer {
	a := verdictAnswer{
		Result: authn.Fail, Author: string(v.Author.Address), Authenticated: v.Authenticated, Strict: v.Strict,
		How: v.How, Disposition: v.Disposition, SPF: spfAnswerOf(v.SPF), DKIM: dkimAnswerOf(v.DKIM),
		DMARC: dmarcAnswerOf(v.DMARC), Header: v.Results,
	}
	switch {
	case temporary != nil:
		a.Result, a.How = authn.TempError, temporary.Error()
	case v.Authenticated:
		a.Result = authn.Pass
	}
	return a
}

func (s screen) authVerdict(a verdictAnswer) error {
	return s.show(a, func() error {
		rows := append([][]string{a.SPF.row()}, a.DKIM.rows()...)
		rows = append(rows, a.DMARC.row())
		return s.authRows(append(rows, []string{"sender " + a.Author, fmt.Sprintf("%s, then %s", a.Result, a.Disposition), a.How}))
	})
}

// peer is the address of the sending server; one of IPv4 in the clothes of
// IPv6 is the former.
func (q *authQuestion) peer() (netip.Addr, error) {
	ip, err := netip.ParseAddr(strings.Trim(q.ip, "[]"))
	if err != nil {
		return netip.Addr{}, fmt.Errorf("--ip: %w", err)
	}
	return ip.WithZone("").Unmap(), nil
}

// bare is an address without angle brackets.
func bare(address string) string {
	return strings.TrimSuffix(strings.TrimPrefix(address, "<"), ">")
}

// domainPart is the domain of an address, or of itself.
func domainPart(s string) string {
	s = bare(s)
	return s[strings.LastIndexByte(s, '@')+1:]
}
