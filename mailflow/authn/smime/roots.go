package smime

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
)

// maxRootFile is how many bytes a file of roots may have.
const maxRootFile = 4 << 20

// LoadRoots reads the certificates of authorities to believe. A file holds any
// number of them in PEM, with any text between, or one in DER, as the FNMT
// publishes its own. Each must be an authority's. Without files the pool is nil:
// nobody is believed. An error names the file and what is wrong with it.
func LoadRoots(files []string) (*x509.CertPool, error) {
	if len(files) == 0 {
		return nil, nil
	}
	pool := x509.NewCertPool()
	for _, file := range files {
		roots, err := readRoots(file)
		if err != nil {
			return nil, fmt.Errorf("roots for S/MIME in %s: %w", file, err)
		}
		for _, root := range roots {
			pool.AddCert(root)
		}
	}
	return pool, nil
}

func readRoots(file string) ([]*x509.Certificate, error) {
	data, err := readFile(file)
	if err != nil {
		return nil, err
	}
	ders, err := blocks(data)
	if err != nil {
		return nil, err
	}
	var roots []*x509.Certificate
	for i, der := range ders {
		root, err := x509.ParseCertificate(der)
		switch {
		case err != nil:
			return nil, fmt.Errorf("certificate %d: %w", i+1, err)
		case !root.IsCA:
			return nil, fmt.Errorf("certificate %d, of %q, is not an authority's", i+1, root.Subject)
		}
		roots = append(roots, root)
	}
	return roots, nil
}

func readFile(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, errors.Unwrap(err) // whose text would name the file twice
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxRootFile+1))
	if err == nil && len(data) > maxRootFile {
		err = fmt.Errorf("more than %d bytes", maxRootFile)
	}
	return data, err
}

// blocks are the certificates of a file, in DER.
func blocks(data []byte) ([][]byte, error) {
	if bytes.HasPrefix(data, []byte{0x30}) {
		return [][]byte{data}, nil
	}
	var ders [][]byte
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("a %s stands among the certificates", block.Type)
		}
		ders = append(ders, block.Bytes)
	}
	if len(ders) == 0 {
		return nil, errors.New("no certificate found")
	}
	return ders, nil
}
