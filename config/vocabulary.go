package config

import (
	"reflect"
	"slices"

	"github.com/cauce-desk/cauce/calendar"
	"github.com/cauce-desk/cauce/ticket"
)

// vocabulary lists the words a type may hold and says what they are; there are
// none if the type is not so bound.
func vocabulary(t reflect.Type) (what string, list []string) {
	switch t {
	case reflect.TypeFor[Via]():
		return "way", words(ViaMaildir, ViaRelay, ViaMX)
	case reflect.TypeFor[StartTLS]():
		return "choice", words(StartTLSRequired, StartTLSOpportunistic, StartTLSNone)
	case reflect.TypeFor[LogLevel]():
		return "level", words(LogDebug, LogInfo, LogWarn, LogError)
	case reflect.TypeFor[LogFormat]():
		return "format", words(LogText, LogJSON)
	case reflect.TypeFor[OnError]():
		return "choice", words(OnErrorTempfail, OnErrorAccept)
	case reflect.TypeFor[Query]():
		return "query", words(QueryList, QueryShow, QueryHelp, QueryMonitor, QueryAttainment, QueryJournal)
	case reflect.TypeFor[Period]():
		return "period", words(EveryDay, EveryWeek)
	case reflect.TypeFor[Country]():
		return "country", calendar.Countries()
	case reflect.TypeFor[Kind]():
		return "action", words(actions()...)
	}
	return ticketWords(t)
}

// ticketWords is vocabulary for the types of package ticket.
func ticketWords(t reflect.Type) (what string, list []string) {
	switch t {
	case reflect.TypeFor[ticket.FieldKind]():
		return "kind", words(ticket.FieldKinds...)
	case reflect.TypeFor[ticket.Attribute]():
		return "attribute", words(ticket.Attributes...)
	case reflect.TypeFor[ticket.State]():
		return "state", words(ticket.States...)
	case reflect.TypeFor[ticket.Audience]():
		return "audience", words(ticket.Audiences...)
	case reflect.TypeFor[ticket.Role]():
		return "role", words(append(slices.Clone(ticket.Roles), ticket.RoleClock)...)
	case reflect.TypeFor[ticket.Demand]():
		return "proof", words(ticket.DemandAny, ticket.DemandEither, ticket.DemandAuthenticated, ticket.DemandPossession, ticket.DemandBoth)
	}
	return "", nil
}

func words[W ~string](list ...W) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return out
}

// actions lists the names in the table of actions, without those that are the
// daemon's own and not a desk's to choose.
func actions() []ticket.Action {
	own := ticket.LinesOf()
	var list []ticket.Action
	for _, line := range ticket.Table {
		if _, daemons := own[line.Action]; !daemons {
			list = append(list, line.Action)
		}
	}
	return list
}
