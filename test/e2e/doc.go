// Package e2e tests cauce among the programs it lives with, as Debian has
// them: Postfix in front of it (LMTP) and behind it (relay), swaks and mutt as
// people's mail programs, Chromium to look at what they are shown. Every test
// starts its own daemons in its own folder, on this machine's loopback, and
// stops them. A program that is missing fails the tests that need it, with the
// name of its package.
//
// Run it with "make e2e", as root: Postfix changes to users of its own.
// "-update-images" writes the pictures of docs/images anew.
package e2e
