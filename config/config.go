package config

import "net/netip"

// Config is everything an administrator decides. The tags of its fields are
// read by the decoder (yaml; short: it may stand for its section), the checks
// (need, min, max, lines; optional: a section that a file may do without) and
// the documentation (doc, eg: an example for a key that has no default).
type Config struct {
	Include []string `yaml:"include" eg:"[desks/*.yaml]" doc:"More files, each adding its desks: names or patterns, relative to the folder of this file. Only the desks of an included file count; what else it says is checked and left aside, so that a file which runs by itself can be included as it is. An included file includes no others."`

	Hostname string `yaml:"hostname" eg:"mail.desk.example" max:"253" doc:"The name this daemon goes by in SMTP greetings, Received headers and Message-IDs. Without it, the name of the machine."`

	Data string `yaml:"data" need:"yes" doc:"The folder where everything is kept: database, large mails, the control socket. It is made if it is missing. Relative to the folder the daemon is started in."`

	Listen []HostPort `yaml:"listen" doc:"Where SMTP is spoken, each as host:port; an empty host means every address of the machine. [] for nowhere, where mail comes by LMTP only."`

	LMTP []Endpoint `yaml:"lmtp" eg:"[\"unix:/run/cauce/lmtp\"]" doc:"Where LMTP (RFC 2033) is spoken, for a desk behind a mail server that is there already: each as unix:/path or host:port."`

	TLS TLS `yaml:"tls" doc:"The certificate with which STARTTLS (RFC 3207) is offered. Without one it is not."`

	Trusted []netip.Prefix `yaml:"trusted" eg:"[192.0.2.0/24]" doc:"Networks whose mail counts as authenticated: whoever sends from there is believed to be who the From line says. For your own applications and mail servers that check their users, and for trying things out; never for the internet. limits.connections_per_network does not hold for them."`

	Proxies []netip.Prefix `yaml:"proxies" eg:"[192.0.2.10]" doc:"Load balancers whose connections begin with the PROXY protocol, version 1 or 2: the address it names is the peer's from then on. Any other connection of theirs is closed. None of them may be trusted."`

	XClient []netip.Prefix `yaml:"xclient" eg:"[192.0.2.20]" doc:"Mail servers that say by XCLIENT (as Postfix does) whose mail they bring: the address they name is the peer's from then on."`

	Authentication Authentication `yaml:"authentication" doc:"How the daemon learns who really sent a mail. By itself it checks SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 9989)."`

	SMIME SMIME `yaml:"smime" doc:"Whose signatures under mails count (S/MIME, RFC 8551)."`

	Blocklists []string `yaml:"blocklists" eg:"[zen.blocklist.example]" doc:"DNS zones that list the addresses of spammers (RFC 5782). Mail from an address that one of them lists is refused with 550 5.7.1, but for what is sent to postmaster; a list that does not answer counts as not listing."`

	Milters []Milter `yaml:"milters" doc:"Mail filters that are asked about every mail before it is answered, in this order, such as rspamd or clamav-milter. They may refuse it, put it off, quarantine it or add to its header."`

	Resolver netip.AddrPort `yaml:"resolver" eg:"192.0.2.53:53" doc:"The DNS server to ask, as address:port (53 if no port is given). Without it, the system's."`

	Limits Limits `yaml:"limits" doc:"Bounds on what one peer, or a stranger, can make the daemon do."`

	Delivery Delivery `yaml:"delivery" doc:"How the desks' mail goes out."`

	Log Log `yaml:"log" doc:"What the daemon writes about itself on its standard error."`

	Desks []Desk `yaml:"desks" doc:"The service desks, one or more, in this file or in those it includes. No two share an id or an address."`
}

// TLS names a certificate; both files or neither.
type TLS struct {
	Certificate string `yaml:"certificate" eg:"/etc/cauce/certificate.pem" doc:"PEM file with the certificate and those it hangs from. Relative to the folder of this file. It is read again on SIGHUP."`

	Key string `yaml:"key" eg:"/etc/cauce/key.pem" doc:"PEM file with the certificate's private key. Relative to the folder of this file."`
}

// Limits are the bounds of the SMTP and LMTP servers.
type Limits struct {
	MessageSize Size `yaml:"message_size" min:"1 KiB" max:"256 MiB" doc:"The largest mail taken; a larger one is answered 552 5.3.4. Of the files that come with mails, seven tenths of it travel on in each mail of the desk."`

	Recipients int `yaml:"recipients" min:"1" max:"10000" doc:"Recipients of one mail; more are answered 452 4.5.3. RFC 5321 section 4.5.3.1.8 asks for 100 at least."`

	Connections int `yaml:"connections" min:"1" max:"10000" doc:"Connections at one time; more are answered 421."`

	ConnectionsPerNetwork int `yaml:"connections_per_network" min:"1" max:"10000" doc:"Connections at one time from one sender (an IPv4 address or an IPv6 /64); more are answered 421."`

	Idle Duration `yaml:"idle" min:"1s" max:"1h" doc:"Silence after which a connection is closed with 421. RFC 5321 section 4.5.3.2.7 asks for 5 minutes at least."`

	Lifetime Duration `yaml:"lifetime" min:"1s" max:"1d" doc:"How long one connection may last, whatever it does."`

	Data Duration `yaml:"data" min:"1s" max:"1h" doc:"How long the sending of one mail's content may take."`

	Line Size `yaml:"line" min:"1 KiB" max:"1 MiB" doc:"The longest line, of a command or of a mail. RFC 5321 section 4.5.3.1.6 asks for 1,000 octets; many senders need more. A longer one is answered 500."`

	Errors int `yaml:"errors" min:"1" max:"1000" doc:"Refused commands after which a connection is closed with 421."`

	Handle Duration `yaml:"handle" min:"1s" max:"5m" doc:"How long reading, checking and deciding one mail may take together; after that it is answered 451 and the sender tries again later."`

	AnswersPerHour int `yaml:"answers_per_hour" min:"1" max:"10000" doc:"Answers to mails that change nothing (what was wrong, and how to do it right) which one sender gets in an hour; of more, nothing is said to them, and the journal has it."`

	OpeningsPerHour int `yaml:"openings_per_hour" min:"1" max:"10000" doc:"Tickets that one sender for whom nobody vouches may open in an hour; more are answered 450, so that the sender tries again later."`

	OpeningsPerDay int `yaml:"openings_per_day" min:"1" max:"100000" doc:"Tickets that one sender may open in a day; more are answered 450."`

	Rates Rates `yaml:"rates" doc:"What one network may do in an hour. That much may come at once, and as much again in the course of the hour. They do not hold for trusted networks, nor for proxies and xclient servers when these speak for themselves."`
}

// Delivery says how mail leaves.
type Delivery struct {
	Via Via `yaml:"via" doc:"maildir: each mail is put into a folder, for trying things out. relay: mail is handed to a mail server. mx: mail goes straight to the servers of its addressees, as DNS (MX, RFC 5321 section 5.1) and MTA-STS (RFC 8461) say."`

	Maildir string `yaml:"maildir" eg:"./data/outgoing" doc:"The folder, for via: maildir. Relative to the folder the daemon is started in. Without it, outgoing in the data folder."`

	Relay Relay `yaml:"relay" doc:"The mail server, for via: relay."`

	GiveUp Duration `yaml:"give_up" min:"1m" max:"30d" doc:"For how long a mail that cannot be delivered is tried again. RFC 5321 section 4.5.4.1 asks for 4 or 5 days."`

	Workers int `yaml:"workers" min:"1" max:"64" doc:"Mails delivered at one time."`
}

// Relay is the mail server that takes what the desks send. After loading,
// Password is the password wherever it came from.
type Relay struct {
	Address HostPort `yaml:"address" eg:"relay.desk.example:587" doc:"Its host:port."`

	StartTLS StartTLS `yaml:"starttls" doc:"required: mail goes out encrypted, to a server with a valid certificate, or not at all. opportunistic: encrypted where the server can. none: never."`

	Username string `yaml:"username" eg:"cauce" doc:"The name to log in with. Without it, no login. It needs starttls: required, except towards this machine itself."`

	Password string `yaml:"password" eg:"secret" doc:"Its password. Better kept out of this file: see password_file, or the environment."`

	PasswordFile string `yaml:"password_file" eg:"/etc/cauce/relay-password" doc:"File whose first line is the password. Relative to the folder of this file."`
}

// Log says how much is logged and in which form.
type Log struct {
	Level  LogLevel  `yaml:"level" doc:"The least serious lines written."`
	Format LogFormat `yaml:"format" doc:"text for people, json for programs."`
}
