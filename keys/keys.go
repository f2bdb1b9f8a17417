// Package keys owns what the daemon must keep secret, in files of the data
// folder that only its user can read.
//
// The file "keys" is made on the first start. Every desk's key is derived from
// the secret in it. Whoever has the file can make the links of any desk;
// whoever loses it makes all links that are in people's mailboxes worthless.
// Its first line is the secret in force; each further line is an earlier one
// with the time until which links made with it are still honoured:
//
//	2f5c…e1
//	a07b…94 until 2027-02-20T10:00:00Z
//
// The folder "dkim" holds a file DOMAIN/SELECTOR.pem for each key that outgoing
// mail is signed with.
//
// A file that others can read, or that does not hold what it should, is an
// error and is left as it is. Files are written beside their place and put
// there whole, so that a crash leaves the old one or the new one. Those that
// root makes belong to the owner of the folder.
package keys

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/cauce-desk/cauce/ticket"
)

// secretLength is in bytes, the output length of SHA-256, as RFC 2104 section 3
// advises.
const secretLength = sha256.Size

// DefaultOverlap is for how long links made before a rotation go on working.
const DefaultOverlap = 90 * 24 * time.Hour

// maxOverlap bounds what a slip of the finger can do.
const maxOverlap = 10 * 365 * 24 * time.Hour

// maxEarlier bounds how many secrets a token is tried against.
const maxEarlier = 16

// Ring holds the secret in force and those before it.
type Ring struct {
	secret  []byte
	earlier []lapsing // newest first
}

// lapsing is a secret that has been replaced.
type lapsing struct {
	secret []byte
	until  time.Time
}

// Open reads the file, or makes it if there is none. A file that others may
// read, or that holds anything but secrets, is an error: it is never replaced.
func Open(path string) (Ring, error) {
	ring, err := Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := create(path); err != nil {
			return Ring{}, fmt.Errorf("making the key file: %w", err)
		}
		ring, err = Read(path)
	}
	return ring, err
}

// Read is Open for those who only look: where there is no file, the error is
// an fs.ErrNotExist.
func Read(path string) (Ring, error) {
	text, err := readPrivate(path)
	if err != nil {
		return Ring{}, err
	}
	ring, err := parse(text)
	if err != nil {
		return Ring{}, fmt.Errorf("key file %s: %w", path, err)
	}
	return ring, nil
}

// create makes the file with a new secret. Of two daemons that start at once,
// one makes it and both have its secret.
func create(path string) error {
	secret, err := newSecret()
	if err != nil {
		return err
	}
	err = writeNew(path, Ring{secret: secret}.bytes())
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

func newSecret() ([]byte, error) {
	secret := make([]byte, secretLength)
	_, err := rand.Read(secret)
	return secret, err
}

// Desk is the key of one desk, with which its tokens are made.
func (r Ring) Desk(id string) ticket.Key { return derive(r.secret, id) }

// Earlier are the keys of a desk that were in force before and whose tokens
// are still honoured at the time given, newest first; at most 16.
func (r Ring) Earlier(id string, now time.Time) []ticket.Key {
	var list []ticket.Key
	for _, e := range r.earlier {
		if now.Before(e.until) {
			list = append(list, derive(e.secret, id))
		}
	}
	return list
}

// Lapses are the times at which the earlier secrets cease to be honoured,
// newest secret first, those past included.
func (r Ring) Lapses() []time.Time {
	var list []time.Time
	for _, e := range r.earlier {
		list = append(list, e.until)
	}
	return list
}

func derive(secret []byte, id string) ticket.Key {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("desk:" + id))
	return mac.Sum(nil)
}

// bytes is the file that holds the ring.
func (r Ring) bytes() []byte {
	var b bytes.Buffer
	fmt.Fprintln(&b, hex.EncodeToString(r.secret))
	for _, e := range r.earlier {
		fmt.Fprintln(&b, hex.EncodeToString(e.secret)+untilMark+e.until.Format(time.RFC3339))
	}
	return b.Bytes()
}
