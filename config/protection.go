package config

import "net/netip"

// Authentication says whose word on senders is believed.
type Authentication struct {
	AuthservID string `yaml:"authserv_id" max:"253" eg:"mail.desk.example" doc:"The name under which our own findings stand in Authentication-Results (RFC 8601): what comes in under it is taken off. Without it, the hostname."`

	Fronts []Front `yaml:"fronts" doc:"Mail servers in front of this one that check senders themselves. Of mail they bring their findings are believed and nothing else; it is not authenticated by coming from them."`
}

// Front is a mail server whose findings on senders are believed.
type Front struct {
	Networks []netip.Prefix `yaml:"networks" need:"yes" eg:"[192.0.2.30]" doc:"Where it sends from. None of these may be trusted, or whatever it passes on would count as authenticated."`

	AuthservID string `yaml:"authserv_id" need:"yes" max:"253" eg:"mx.desk.example" doc:"The name under which its findings stand in Authentication-Results (RFC 8601)."`
}

// SMIME names the authorities of signers.
type SMIME struct {
	Roots string `yaml:"roots" eg:"/etc/cauce/roots.pem" doc:"PEM file with the certificates of the authorities: a mail signed under one of them, by the address it comes from, counts as authenticated. Relative to the folder of this file."`
}

// Rates are what one network may do in an hour; 0 is no bound.
type Rates struct {
	Mails int `yaml:"mails_per_hour" min:"0" max:"1000000" doc:"Mails begun; more are answered 450 4.7.1. 0 is no bound."`

	RecipientsRefused int `yaml:"recipients_refused_per_hour" min:"0" max:"1000000" doc:"Recipients refused for good, as of somebody who tries out names; after more, connections are closed with 421 4.7.0. 0 is no bound."`

	Errors int `yaml:"errors_per_hour" min:"0" max:"1000000" doc:"Wrong commands; after more, connections are closed with 421 4.7.0. 0 is no bound."`

	Bytes Size `yaml:"bytes_per_hour" min:"0 B" max:"1024 GiB" doc:"Of mails, whether taken or not; after more, mails are answered 450 4.7.1. 0 B is no bound."`
}

// Milter is a mail filter that is asked about mails.
type Milter struct {
	Address Endpoint `yaml:"address" need:"yes" eg:"\"unix:/run/rspamd/milter.sock\"" doc:"Where it listens: unix:/path or host:port."`

	Timeout Duration `yaml:"timeout" min:"1s" max:"5m" doc:"How long to wait for it. limits.handle holds too, for all of a mail's milters and the rest together."`

	OnError OnError `yaml:"on_error" doc:"What becomes of a mail when the milter cannot be reached or does not answer. tempfail: it is answered 451 and comes again later. accept: it passes as if the milter were not there."`
}
