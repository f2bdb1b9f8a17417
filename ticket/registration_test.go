package ticket

import "testing"

// Where only the registered open tickets, a name in From is not enough.
func TestRegisteredProveThemselves(t *testing.T) {
	d := newDesk(t)
	d.policy.RegisteredOnly = true
	open := d.request(ana, Open, Values{"service": "EEFF", "description": "No funciona"})
	if _, err := d.try(open); reason(err) != ReasonNotRegistered {
		t.Errorf("somebody unknown: %v", err)
	}
	open.Contact, open.Assurance = Values{"account": "Ana"}, Assurance{}
	if _, err := d.try(open); reason(err) != ReasonProof {
		t.Errorf("somebody unproven: %v", err)
	}
	open.Assurance.Authenticated = true
	if _, err := d.try(open); err != nil {
		t.Errorf("somebody registered: %v", err)
	}
}

// Whom an approved application names is registered, and told as well as
// whoever sent it.
func TestApplicationForSomebodyElse(t *testing.T) {
	const jefa, admin = Address("jefa@dgt.example"), Address("admin@dgt.example")
	d := newDesk(t)
	d.policy.Members = map[Role][]Address{RoleAdministrator: {admin}}
	d.policy.Actions = LinesOf(Register, Approve)
	line := d.policy.Actions[Register]
	line.Form = Form{Name: "register", Fields: []Field{{ID: "account", Kind: TextField}, {ID: "email", Kind: AddressField}}}
	d.policy.Actions[Register] = line
	asks := d.request(jefa, Register, Values{"account": "Ana", "email": string(ana)})
	asks.Token = ""
	if _, err := d.try(asks); err != nil {
		t.Fatal(err)
	}
	if got := d.policy.Enrols(d.ticket); got != ana {
		t.Errorf("registers %s", got)
	}
	told := kinds(d.do(admin, Approve, nil))["approve.requester"]
	if len(told) != 2 || told[0] != jefa || told[1] != ana {
		t.Errorf("told %v", told)
	}
}

func TestCaps(t *testing.T) {
	d := newDesk(t)
	d.open()
	d.policy.Services = []Service{{Name: "EEFF", MaxFiles: 2, MaxBytes: 80}}
	for _, about := range []struct {
		ticket Ticket
		values Values
		files  int
	}{{d.ticket, nil, 2}, {Ticket{}, Values{"service": "EEFF"}, 2}, {Ticket{}, Values{"service": "Otro"}, 0}, {Ticket{}, nil, 0}} {
		if files, bytes := d.policy.Caps(about.ticket, about.values); files != about.files || bytes != int64(40*about.files) {
			t.Errorf("%s %v: %d files, %d bytes", about.ticket.Number, about.values, files, bytes)
		}
	}
}
