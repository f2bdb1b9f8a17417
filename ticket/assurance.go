package ticket

// Assurance is how sure we are that a request comes from the person in whose
// name it stands. The two proofs are independent; both go into the event.
type Assurance struct {
	Authenticated bool   `json:"authenticated"`
	Strict        bool   `json:"strict,omitempty"` // authenticated as staff must be: by the very domain, or somebody the operator knows
	Possession    bool   `json:"possession"`
	How           string `json:"how,omitempty"` // in words of the field: "trusted network; token"
}

// With adds to the words that say how.
func (a Assurance) With(how string) Assurance {
	if a.How != "" {
		how = a.How + "; " + how
	}
	a.How = how
	return a
}

// Demand is the proof an action demands.
type Demand string

// The demands a desk can make.
const (
	DemandAny           Demand = "any"           // none
	DemandEither        Demand = "either"        // one of the two
	DemandAuthenticated Demand = "authenticated" // the sender's domain or network vouches for the address
	DemandPossession    Demand = "possession"    // the mail holds what only the addressee of one of ours knows
	DemandBoth          Demand = "both"
)

// Meets tells whether the proofs at hand are enough. An unknown demand is
// never met.
func (a Assurance) Meets(d Demand) bool {
	switch d {
	case DemandAny:
		return true
	case DemandEither:
		return a.Authenticated || a.Possession
	case DemandAuthenticated:
		return a.Authenticated
	case DemandPossession:
		return a.Possession
	case DemandBoth:
		return a.Authenticated && a.Possession
	}
	return false
}
