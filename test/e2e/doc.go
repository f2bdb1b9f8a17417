// Package e2e tests cauce among the programs it lives with, as Debian has
// them: Postfix in front of it (LMTP), behind it (relay) and at the far end
// (MX); clamav-milter and rspamd, which look at what comes in; openssl, which
// signs it; opendkim and SpamAssassin, which look at what goes out; swaks and
// mutt as people's mail programs; and Chromium, which shows every kind of mail
// that the five desks of presets send. Every test starts its own daemons in its
// own folder, on this machine's loopback, and stops them. A program that is
// missing fails the tests that need it, with the name of its package. Nothing
// is asked of any network.
//
// Run it with "make e2e", as root: Postfix changes to users of its own, and a
// DNS server listens at port 53 of a loopback address.
// "-update-images" writes the pictures of docs/images anew.
package e2e
