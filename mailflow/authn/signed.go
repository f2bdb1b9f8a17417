package authn

import (
	"time"

	"github.com/cauce-desk/cauce/mailflow/authn/smime"
	"github.com/cauce-desk/cauce/parser"
)

// signatureAge is how old an S/MIME signature may be: who holds one signed mail
// of somebody could send it again under another subject, which is not signed.
const signatureAge = 7 * 24 * time.Hour

// bySignature looks at the mail's S/MIME signature. A good one by the very
// address in From authenticates as strictly as DKIM of the domain; any other
// is only told. It does not make good what the domain wants refused.
func (j Judge) bySignature(v *Verdict, raw []byte, m *parser.Message) {
	if j.Roots == nil {
		return
	}
	v.SMIME = smime.Verify(raw, smime.Options{Roots: j.Roots, Now: j.now(), MaxAge: signatureAge, Message: m})
	switch {
	case v.SMIME.State == smime.None:
	case v.SMIME.Names(v.Author.Address) && v.Disposition == Reject:
		v.tell("S/MIME signature, but the domain disowns the mail")
	case v.SMIME.Names(v.Author.Address):
		if !v.Authenticated {
			v.How = ""
		}
		v.Authenticated, v.Strict = true, true
		v.tell("S/MIME signature of " + string(v.Author.Address))
	case v.SMIME.State == smime.Valid:
		v.tell("S/MIME signature that does not name the sender")
	default:
		v.tell("S/MIME signature " + string(v.SMIME.State) + " (" + string(v.SMIME.Reason) + ")")
	}
}

// tell adds to the words that say by which means the sender is known.
func (v *Verdict) tell(how string) {
	if v.How != "" {
		how = v.How + "; " + how
	}
	v.How = how
}
