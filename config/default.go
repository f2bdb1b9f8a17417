package config

import (
	"reflect"
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

// initial is what a value of a type is before the file is read: the one place
// where defaults are set. Sections inside Config get theirs from it; elements
// of lists have their own line.
func initial(t reflect.Type) reflect.Value {
	switch t {
	case reflect.TypeFor[Config]():
		return reflect.ValueOf(daemonDefaults())
	case reflect.TypeFor[Desk]():
		return reflect.ValueOf(Desk{Language: "es"})
	case reflect.TypeFor[Clock]():
		return reflect.ValueOf(Clock{Paused: []ticket.State{ticket.StateWaiting}})
	case reflect.TypeFor[Milter]():
		return reflect.ValueOf(Milter{Timeout: Duration(10 * time.Second), OnError: OnErrorTempfail})
	case reflect.TypeFor[Field]():
		return reflect.ValueOf(Field{Kind: ticket.TextField})
	}
	return reflect.Zero(t)
}

func daemonDefaults() Config {
	return Config{
		Data:   "./data",
		Listen: []HostPort{"127.0.0.1:2525"},
		Limits: Limits{
			MessageSize:           25 * MiB,
			Recipients:            100,
			Connections:           200,
			ConnectionsPerNetwork: 20,
			Idle:                  Duration(5 * time.Minute),
			Lifetime:              Duration(30 * time.Minute),
			Data:                  Duration(10 * time.Minute),
			Line:                  64 * KiB,
			Errors:                10,
			Handle:                Duration(20 * time.Second),
			AnswersPerHour:        20,
			OpeningsPerHour:       10,
			OpeningsPerDay:        50,
			Rates:                 Rates{Mails: 1000, RecipientsRefused: 100, Errors: 200, Bytes: GiB},
		},
		Delivery: Delivery{
			Via:     ViaMaildir,
			Relay:   Relay{StartTLS: StartTLSOpportunistic},
			GiveUp:  4 * Day,
			Workers: 4,
		},
		Log: Log{Level: LogInfo, Format: LogText},
	}
}
