package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cauce-desk/cauce/mailflow/authn"
)

// newAuthCommand has the checks of who sent a mail, each by itself, for
// administrators who want to know why a mail was not believed.
func newAuthCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "auth",
		Short: "Check who sent a mail: SPF, DKIM, DMARC, or all of them",
	}
	asked := &authQuestion{}
	flags := cmd.PersistentFlags()
	flags.StringSliceVar(&asked.dns, "dns", nil, "`ADDRESS` of the name server to ask, with port if it is not 53; default: the system's")
	flags.Bool("json", false, "print one JSON object")
	cmd.AddCommand(newAuthSPFCommand(asked), newAuthDKIMCommand(asked), newAuthDMARCCommand(asked), newAuthMessageCommand(asked))
	return cmd
}

// authQuestion is what the flags say of a mail and whom to ask about it.
type authQuestion struct {
	dns      []string
	ip       string
	helo     string
	mailFrom string
}

func (q *authQuestion) addEnvelope(cmd *cobra.Command) {
	cmd.Flags().StringVar(&q.ip, "ip", "", "`ADDRESS` of the server that sends the mail")
	cmd.Flags().StringVar(&q.helo, "helo", "", "`NAME` it gave in HELO or EHLO")
	cmd.Flags().StringVar(&q.mailFrom, "mail-from", "", "`ADDRESS` in MAIL FROM; empty for <>")
}

func (q *authQuestion) resolver() (authn.Resolver, error) {
	return authn.NewDNS(authn.DNSOptions{Servers: q.dns})
}

// authRows shows results for people, one a line.
func (s screen) authRows(rows [][]string) error {
	return s.table([]string{"WHAT", "RESULT", "WHY"}, rows)
}

func newAuthSPFCommand(q *authQuestion) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "spf --ip ADDRESS --helo NAME --mail-from ADDRESS",
		Short: "Check whether a server may send mail with an address",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cmd.SilenceUsage = true
			r, err := q.resolver()
			if err != nil {
				return err
			}
			ip, err := q.peer()
			if err != nil {
				return err
			}
			return newScreen(cmd).authSPF(authn.CheckSPF(cmd.Context(), r, ip, q.helo, bare(q.mailFrom)))
		},
	}
	q.addEnvelope(cmd)
	return cmd
}

// spfAnswer is an SPF result as JSON.
type spfAnswer struct {
	Result      authn.Result `json:"result"`
	Domain      string       `json:"domain"`
	Explanation string       `json:"explanation"` // the domain's own words, or else ours
	Reason      string       `json:"reason"`
}

func spfAnswerOf(s authn.SPF) spfAnswer {
	a := spfAnswer{s.Result, s.Domain, s.Explanation, s.Reason}
	if a.Explanation == "" {
		a.Explanation = s.Reason
	}
	return a
}

func (s screen) authSPF(result authn.SPF) error {
	a := spfAnswerOf(result)
	return s.show(a, func() error { return s.authRows([][]string{a.row()}) })
}

func (a spfAnswer) row() []string {
	return []string{"SPF " + a.Domain, string(a.Result), a.Explanation}
}

func newAuthDMARCCommand(q *authQuestion) *cobra.Command {
	var from, spf, spfDomain, dkim string
	var dkimDomains []string
	cmd := &cobra.Command{
		Use:   "dmarc --from ADDRESS [--spf RESULT --spf-domain DOMAIN] [--dkim RESULT --dkim-domain DOMAIN]",
		Short: "Check what the owner of a domain makes of the results of SPF and DKIM",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cmd.SilenceUsage = true
			r, err := q.resolver()
			if err != nil {
				return err
			}
			var signers []authn.Identity
			for _, domain := range dkimDomains {
				signers = append(signers, authn.Identity{Result: resultWord(dkim), Domain: domainPart(domain)})
			}
			sender := authn.Identity{Result: resultWord(spf), Domain: domainPart(spfDomain)}
			return newScreen(cmd).authDMARC(authn.CheckDMARC(cmd.Context(), r, domainPart(from), sender, signers...))
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&from, "from", "", "`ADDRESS` or domain in From")
	flags.StringVar(&spf, "spf", "none", "`RESULT` of SPF")
	flags.StringVar(&spfDomain, "spf-domain", "", "`DOMAIN` that SPF was checked for")
	flags.StringVar(&dkim, "dkim", "none", "`RESULT` of DKIM")
	flags.StringSliceVar(&dkimDomains, "dkim-domain", nil, "`DOMAIN` of the signature; may be repeated")
	return cmd
}

func resultWord(s string) authn.Result { return authn.Result(strings.ToLower(s)) }

// dmarcAnswer is a DMARC result as JSON. Policy is what the owner published for
// the domain, disposition what is to be done with this mail.
type dmarcAnswer struct {
	Result      authn.Result      `json:"result"`
	Policy      authn.Disposition `json:"policy"`
	Disposition authn.Disposition `json:"disposition"`
	Domain      string            `json:"domain"`
	Publisher   string            `json:"publisher"`
	Aligned     string            `json:"aligned"`
	Reason      string            `json:"reason"`
}

func dmarcAnswerOf(d authn.DMARC) dmarcAnswer {
	a := dmarcAnswer{d.Result, d.Policy, d.Disposition, d.Domain, d.Publisher, d.Aligned, d.Reason}
	if a.Policy == "" {
		a.Policy = authn.NoAction
	}
	return a
}

func (s screen) authDMARC(result authn.DMARC) error {
	a := dmarcAnswerOf(result)
	return s.show(a, func() error { return s.authRows([][]string{a.row()}) })
}

func (a dmarcAnswer) row() []string {
	return []string{"DMARC " + a.Domain, fmt.Sprintf("%s, policy %s", a.Result, a.Policy), a.Reason}
}
