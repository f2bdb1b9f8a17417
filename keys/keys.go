// Package keys owns the daemon's secret: a file in the data folder that only
// its user can read, made on the first start. Every desk's key is derived from
// it. Whoever has the file can make the links of any desk; whoever loses it
// makes all links that are in people's mailboxes worthless.
package keys

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/cauce-desk/cauce/ticket"
)

// secretLength is in bytes, the output length of SHA-256, as RFC 2104 section 3
// advises.
const secretLength = sha256.Size

// Ring holds the secret.
type Ring struct{ secret []byte }

// Open reads the file, or makes it if there is none. A file that others may
// read, or that holds anything but a secret, is an error: it is never replaced.
func Open(path string) (Ring, error) {
	ring, err := read(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := create(path); err != nil {
			return Ring{}, fmt.Errorf("making the key file: %w", err)
		}
		ring, err = read(path)
	}
	return ring, err
}

func read(path string) (Ring, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Ring{}, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return Ring{}, fmt.Errorf("key file %s: others can read it (mode %04o); make it 0600", path, info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Ring{}, err
	}
	secret, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) != secretLength {
		return Ring{}, fmt.Errorf("key file %s: it must hold %d hexadecimal digits", path, 2*secretLength)
	}
	return Ring{secret: secret}, nil
}

// create writes a new secret so that a crash leaves the whole file or none,
// and two daemons starting at once end up with the same one.
func create(path string) error {
	secret := make([]byte, secretLength)
	if _, err := rand.Read(secret); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".keys-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }()
	_, err = file.WriteString(hex.EncodeToString(secret) + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	// A link, unlike a rename, never replaces what another made meanwhile.
	if err := os.Link(file.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Desk is the key of one desk.
func (r Ring) Desk(id string) ticket.Key {
	mac := hmac.New(sha256.New, r.secret)
	mac.Write([]byte("desk:" + id))
	return mac.Sum(nil)
}
