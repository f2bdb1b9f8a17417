package main

import (
	"slices"
	"time"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/ticket"
)

// effects are what fragments do, by their files.
var effects = map[string]func(example) bool{
	"servicio-agentes.yaml": func(e example) bool {
		return told(e, about("EEFF"), ticket.ToStaff, "agente2@dgt.example", "agente3@dgt.example")
	},
	"servicio-nuevo.yaml": func(e example) bool {
		return told(e, about("Tasas"), ticket.ToStaff, "agente1@dgt.example") && told(e, about("EEFF"), ticket.ToStaff, "agente1@dgt.example")
	},
	"departamento.yaml": func(e example) bool {
		return told(e, about("Tasas"), ticket.ToLead, "jefatura.sistemas@dgt.example") && e.desk.Policy.QueueName(about("Tasas")) == "Sistemas"
	},
	"alias.yaml": func(e example) bool { return e.desk.Aliases["avidal@movil.example"] == "agente1@dgt.example" },
	"ausencia.yaml": func(e example) bool {
		during := e.desk.Policy.At(time.Date(2026, time.August, 21, 20, 0, 0, 0, e.desk.Policy.Zone))
		after := e.desk.Policy.At(time.Date(2026, time.August, 22, 8, 0, 0, 0, e.desk.Policy.Zone))
		who := func(p ticket.Policy) ticket.Address { return p.Addressees(about("EEFF"), ticket.ToStaff, "")[0] }
		return who(during) == "jefatura@dgt.example" && who(after) == "agente1@dgt.example"
	},
	"prioridad.yaml": func(e example) bool {
		return slices.Equal(e.desk.Priorities, []string{"Urgente", "Alta", "Media", "Baja"})
	},
	"plazo.yaml": func(e example) bool {
		within := e.clock("resolve").Within
		return within["Alta"].Time == 6*time.Hour && within["Media"].Days == 1 && within[""].Days == 3
	},
	"festivos.yaml": func(e example) bool {
		c := e.desk.Policy.Clocks[0].Calendar
		eve := time.Date(2026, time.December, 23, 17, 0, 0, 0, e.desk.Policy.Zone)
		opens := time.Date(2026, time.December, 28, 8, 1, 0, 0, e.desk.Policy.Zone)
		short := time.Date(2026, time.December, 31, 12, 0, 0, 0, e.desk.Policy.Zone)
		return c.Add(eve, time.Minute).Equal(opens) && c.Add(short.Add(-time.Hour), time.Hour).Equal(short)
	},
	"escalado.yaml": func(e example) bool {
		t := about("EEFF")
		t.Called = 2
		return told(e, t, ticket.ToSuperior, "direccion@dgt.example") && len(e.clock("resolve").Escalate) == 2
	},
	"validador.yaml": func(e example) bool {
		return e.may(ticket.RoleValidator, ticket.Validate, ticket.StateResolved) && !e.may(ticket.RoleRequester, ticket.Validate, ticket.StateResolved) &&
			told(e, about("EEFF"), ticket.ToValidator, "calidad@dgt.example")
	},
	"sin-validacion.yaml": func(e example) bool { return e.desk.Policy.Actions[ticket.Resolve].To == ticket.StateClosed },
	"reabrir.yaml":        func(e example) bool { return e.may(ticket.RoleRequester, ticket.Reopen, ticket.StateClosed) },
	"cierre-solo.yaml": func(e example) bool {
		c := e.clock("requester")
		return c.Then == ticket.Close && c.Starts[0].Delivered && e.may(ticket.RoleClock, ticket.Close, ticket.StateResolved)
	},
	"cierre-comentario.yaml": func(e example) bool {
		return slices.Contains(e.clock("requester").Stops, "resume") && e.may(ticket.RoleAgent, "resume", ticket.StateResolved)
	},
	"accion-departamento.yaml": func(e example) bool {
		return slices.Equal(e.desk.Policy.Actions["plates"].Queues, []string{e.desk.Policy.QueueName(about("Matriculación"))})
	},
	"solo-a-cargo.yaml": func(e example) bool {
		return e.may(ticket.RoleAssignee, ticket.Resolve, ticket.StateInProgress) && !e.may(ticket.RoleAgent, ticket.Resolve, ticket.StateInProgress)
	},
	"una-vez.yaml": func(e example) bool { return e.desk.Policy.Actions["called"].Once },
	"anclas.yaml": func(e example) bool {
		return told(e, about("Matriculación"), ticket.ToStaff, "agente1@dgt.example", "agente2@dgt.example")
	},
	"accion-propia.yaml": func(e example) bool {
		return e.may(ticket.RoleAgent, "curtain_up", ticket.StateInProgress) && e.desk.Policy.Actions["curtain_up"].Is() == ticket.Record
	},
	"estados.yaml": func(e example) bool { return e.desk.Words.State(ticket.StateNew) == "Recibida" },
	"idioma.yaml":  func(e example) bool { return e.desk.Words.Query("help").Link == "Help" },
	"registro.yaml": func(e example) bool {
		return e.desk.Policy.RegisteredOnly && e.desk.Registration != "" && e.desk.Contacts["ana@ayuntamiento.example"] != nil
	},
	"copia.yaml": func(e example) bool { return e.desk.Policy.WatchCopied },
	"apertura-libre.yaml": func(e example) bool {
		return e.desk.AnySubject && e.desk.Policy.AcceptIncomplete && e.may(ticket.RoleRequester, ticket.Complete, ticket.StateWaiting)
	},
	"cancelar.yaml":        func(e example) bool { return e.may(ticket.RoleRequester, ticket.Cancel, ticket.StateNew) },
	"consultas.yaml":       func(e example) bool { return len(e.desk.Digests) == 2 && len(e.desk.Queries) == 6 },
	"salida-servidor.yaml": func(e example) bool { return e.config.Delivery.Via == config.ViaRelay },
	"otro-departamento.yaml": func(e example) bool {
		return e.desk.Policy.Actions["to_developers"].Involves == ticket.RoleAttention && e.may(ticket.RoleAgent, "to_developers", ticket.StateNew)
	},
	"en-nombre.yaml": func(e example) bool {
		_, sets := e.desk.Policy.Actions[ticket.Open].Form.Setting(ticket.SetsRequester)
		return sets && slices.Equal(e.desk.Policy.Actions[ticket.Open].By, []ticket.Role{ticket.RoleHelpDesk})
	},
	"fecha-acordada.yaml": func(e example) bool { return e.clock("scheduled").AtAgreed },
	"informe.yaml": func(e example) bool {
		return e.desk.Policy.Actions[ticket.Validate].To == ticket.StateReporting && e.may(ticket.RoleAgent, ticket.Report, ticket.StateReporting) &&
			e.may(ticket.RoleHelpDesk, ticket.Close, ticket.StateReported)
	},
	"limites.yaml": func(e example) bool { return e.config.Limits.MessageSize == 20*config.MiB },
}

// told tells whether an audience of a ticket is just these people.
func told(e example, t ticket.Ticket, to ticket.Audience, people ...ticket.Address) bool {
	return slices.Equal(e.desk.Policy.Addressees(t, to, ""), people)
}
