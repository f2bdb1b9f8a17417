package smime

import (
	"crypto/rsa"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"testing"
)

// TestKeySizes knows keys by their size alone.
func TestKeySizes(t *testing.T) {
	for bits, want := range map[uint]error{2047: WeakKey, 2048: nil, 8192: nil, 8193: UnknownAlgorithm, 100_000: UnknownAlgorithm} {
		key := &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), bits-1), E: 65537}
		if err := checkKey(key); !errors.Is(err, want) {
			t.Errorf("%d bits: %v", bits, err)
		}
	}
}

// TestPSSParameters reads the parameters that OpenSSL writes, and others.
func TestPSSParameters(t *testing.T) {
	sha256, sha1 := der(0x30, oid(t, oidSHA256)), der(0x30, oid(t, oidSHA1))
	mask := func(kind string, digest []byte) []byte { return der(0xa1, der(0x30, oid(t, kind), digest)) }
	number := func(tag byte, n int) []byte { return der(tag, marshal(t, n)) }
	digest, mgf := der(0xa0, sha256), mask(oidMGF1, sha256)
	tests := []struct {
		name string
		der  []byte
		want error
	}{
		{"salt as long as the digest", der(0x30, digest, mgf, number(0xa2, 32)), nil},
		{"with the trailer", der(0x30, digest, mgf, number(0xa2, 32), number(0xa3, 1)), nil},
		{"no salt said", der(0x30, digest, mgf), nil},
		{"all left out", der(0x30), WeakDigest},
		{"digest left out", der(0x30, mgf), WeakDigest},
		{"mask left out", der(0x30, digest), WeakDigest},
		{"two digests", der(0x30, digest, mask(oidMGF1, sha1)), UnknownAlgorithm},
		{"another mask", der(0x30, digest, mask("1.3.101.112", sha256)), UnknownAlgorithm},
		{"another trailer", der(0x30, digest, mgf, number(0xa3, 2)), UnknownAlgorithm},
		{"no salt", der(0x30, digest, mgf, number(0xa2, 0)), UnknownAlgorithm},
		{"less than no salt", der(0x30, digest, mgf, number(0xa2, -1)), UnknownAlgorithm},
		{"nothing", nil, Malformed},
		{"not them", der(tagOctets), Malformed},
	}
	for _, test := range tests {
		_, err := pss(asn1.RawValue{FullBytes: test.der})
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	weak := signerInfo{Algorithm: pkix.AlgorithmIdentifier{
		Algorithm:  asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10},
		Parameters: asn1.RawValue{FullBytes: der(0x30, der(0xa0, sha1), mask(oidMGF1, sha1))},
	}}
	if err := weak.checkSignature(nil, nil); !errors.Is(err, WeakDigest) {
		t.Errorf("SHA-1, said: %v", err)
	}
}
