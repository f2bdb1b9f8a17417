package keys

import (
	"cmp"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/idna"
)

// DKIM is a key that the mail of one domain is signed with.
type DKIM struct {
	Domain, Selector string // in lower case; a domain of other letters by its A-labels
	Private          crypto.Signer
}

// Algorithm is a kind of DKIM key, as the k= tag of its record names it.
type Algorithm string

// The algorithms. Every verifier knows RSA (RFC 8301 section 3.1); Ed25519 (RFC
// 8463) is for a second signature.
const (
	RSA     Algorithm = "rsa"
	Ed25519 Algorithm = "ed25519"
)

// rsaBits is what RFC 8301 section 3.2 advises. A larger key's record would
// not fit in a DNS answer by UDP.
const rsaBits = 2048

// DefaultSelector names a key by the month it is made in, such as cauce202611.
func DefaultSelector(algorithm Algorithm, now time.Time) string {
	month := "cauce" + now.UTC().Format("200601")
	if algorithm == RSA {
		return month
	}
	return month + "-" + string(algorithm)
}

// CreateDKIM makes a key and keeps it in the folder of all of them. A file that
// is there already is never replaced: the error is then an fs.ErrExist.
func CreateDKIM(dir, domain, selector string, algorithm Algorithm) (DKIM, error) {
	domain, err := checkDomain(domain)
	if err != nil {
		return DKIM{}, err
	}
	if !validSelector(selector) {
		return DKIM{}, fmt.Errorf("%q is no selector: letters, digits and -, in labels parted by dots", selector)
	}
	key := DKIM{Domain: domain, Selector: strings.ToLower(selector)}
	if key.Private, err = newPrivate(algorithm); err != nil {
		return DKIM{}, err
	}
	return key, key.write(dir)
}

func newPrivate(algorithm Algorithm) (crypto.Signer, error) {
	switch algorithm {
	case RSA:
		return rsa.GenerateKey(rand.Reader, rsaBits)
	case Ed25519:
		_, private, err := ed25519.GenerateKey(rand.Reader)
		return private, err
	}
	return nil, fmt.Errorf("%q is no algorithm: rsa or ed25519", algorithm)
}

// Path is where a key stands in the folder of all of them.
func (k DKIM) Path(dir string) string { return filepath.Join(dir, k.Domain, k.Selector+pemSuffix) }

const pemSuffix = ".pem"

func (k DKIM) write(dir string) error {
	der, err := x509.MarshalPKCS8PrivateKey(k.Private)
	if err != nil {
		return err
	}
	if err := makeFolder(filepath.Join(dir, k.Domain)); err != nil {
		return err
	}
	err = writeNew(k.Path(dir), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there, and a key is never overwritten; choose another selector: %w", k.Path(dir), fs.ErrExist)
	}
	return err
}

// LoadDKIM reads all keys of a folder, by domain and selector; none where there
// is no folder. One file that is no key, or that others can read, is an error:
// mail that should be signed must not go out without. Only files named
// SELECTOR.pem count.
func LoadDKIM(dir string) ([]DKIM, error) {
	domains, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var keys []DKIM
	for _, entry := range domains {
		if !entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		of, err := loadDomain(dir, entry.Name())
		if err != nil {
			return nil, err
		}
		keys = append(keys, of...)
	}
	slices.SortFunc(keys, func(a, b DKIM) int {
		return cmp.Or(strings.Compare(a.Domain, b.Domain), strings.Compare(a.Selector, b.Selector))
	})
	return keys, nil
}

func loadDomain(dir, name string) ([]DKIM, error) {
	domain, err := checkDomain(name)
	if err != nil {
		return nil, fmt.Errorf("folder %s: %w", filepath.Join(dir, name), err)
	}
	files, err := os.ReadDir(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	var keys []DKIM
	for _, file := range files {
		selector, isKey := strings.CutSuffix(file.Name(), pemSuffix)
		if !isKey || strings.HasPrefix(selector, ".") {
			continue
		}
		path := filepath.Join(dir, name, file.Name())
		if !validSelector(selector) {
			return nil, fmt.Errorf("key file %s: its name is no selector", path)
		}
		private, err := readPEM(path)
		if err != nil {
			return nil, err
		}
		keys = append(keys, DKIM{Domain: domain, Selector: strings.ToLower(selector), Private: private})
	}
	return keys, nil
}

func readPEM(path string) (crypto.Signer, error) {
	text, err := readPrivate(path)
	if err != nil {
		return nil, err
	}
	private, err := parsePEM(text)
	if err != nil {
		return nil, fmt.Errorf("key file %s: %w", path, err)
	}
	return private, nil
}

// minBits is what a signer may use at least (RFC 8301 section 3.2).
const minBits = 1024

// parsePEM reads a private key as PKCS #8 or, as older programs write RSA keys,
// PKCS #1.
func parsePEM(text []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("it is not in PEM form")
	}
	var key any
	var err error
	if block.Type == "RSA PRIVATE KEY" {
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	} else {
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	}
	if err != nil {
		return nil, fmt.Errorf("it holds no private key: %w", err)
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		if key.N.BitLen() < minBits {
			return nil, fmt.Errorf("its RSA key has %d bits; at least %d are needed", key.N.BitLen(), minBits)
		}
		return key, nil
	case ed25519.PrivateKey:
		return key, nil
	}
	return nil, fmt.Errorf("a key of type %T cannot sign mail", key)
}

const label = `[0-9A-Za-z]([0-9A-Za-z-]{0,61}[0-9A-Za-z])?`

var labels = regexp.MustCompile(`^` + label + `(\.` + label + `)*$`)

// validSelector is RFC 6376 section 3.1.
func validSelector(selector string) bool { return len(selector) <= 63 && labels.MatchString(selector) }

// checkDomain returns a domain in lower case, by its A-labels.
func checkDomain(domain string) (string, error) {
	ascii, err := idna.Lookup.ToASCII(strings.TrimSuffix(domain, "."))
	if err != nil || len(ascii) > 253-64-len("._domainkey.") || !labels.MatchString(ascii) || !strings.Contains(ascii, ".") {
		return "", fmt.Errorf("%q is no domain that mail comes from", domain)
	}
	return strings.ToLower(ascii), nil
}
