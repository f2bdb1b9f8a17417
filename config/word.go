package config

// Via is a way for mail to leave.
type Via string

// The ways.
const (
	ViaMaildir Via = "maildir"
	ViaRelay   Via = "relay"
	ViaMX      Via = "mx"
)

// StartTLS says whether mail may leave unencrypted.
type StartTLS string

// The choices, strictest first.
const (
	StartTLSRequired      StartTLS = "required"
	StartTLSOpportunistic StartTLS = "opportunistic"
	StartTLSNone          StartTLS = "none"
)

// LogLevel is how serious a line of the log is.
type LogLevel string

// The levels, as log/slog has them.
const (
	LogDebug LogLevel = "debug"
	LogInfo  LogLevel = "info"
	LogWarn  LogLevel = "warn"
	LogError LogLevel = "error"
)

// LogFormat is how a line of the log is written.
type LogFormat string

// The formats.
const (
	LogText LogFormat = "text"
	LogJSON LogFormat = "json"
)

// OnError is what becomes of a mail when a milter cannot be asked.
type OnError string

// The choices.
const (
	OnErrorTempfail OnError = "tempfail"
	OnErrorAccept   OnError = "accept"
)

// Query is something one may ask of a desk by mail, which changes nothing.
type Query string

// The queries.
const (
	QueryList       Query = "list"       // the tickets one has a part in
	QueryShow       Query = "show"       // one ticket
	QueryHelp       Query = "help"       // what one may do
	QueryMonitor    Query = "monitor"    // the desk's tickets by state
	QueryAttainment Query = "attainment" // how its clocks were met
	QueryJournal    Query = "journal"    // the mails it took
)

// Period is how often a digest goes out.
type Period string

// The periods.
const (
	EveryDay  Period = "day"
	EveryWeek Period = "week"
)

// Country is one whose national holidays are known: a code of ISO 3166-1.
type Country string

// Kind is an action of the common table, of which an action of a desk's own is
// one.
type Kind string
