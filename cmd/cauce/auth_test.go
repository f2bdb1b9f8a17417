package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const authZone = `$TTL 60
ayuntamiento.example. TXT "v=spf1 ip4:192.0.2.9 -all exp=why.ayuntamiento.example"
why.ayuntamiento.example. TXT "%{i} is not ours"
_dmarc.ayuntamiento.example. TXT "v=DMARC1; p=reject; t=y"
`

// authAnswer is what the commands say that others read.
type authAnswer struct {
	Result, Explanation, Policy, Disposition string
	Authenticated                            bool
	Signatures                               []struct{ Result string }
	Header                                   string `json:"authentication_results"`
}

// askAuth runs a command, which must come to a result.
func askAuth(t *testing.T, server string, args ...string) authAnswer {
	t.Helper()
	var out bytes.Buffer
	if err := run(t.Context(), append([]string{"auth", "--json", "--dns", server}, args...), &out, io.Discard); err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	var a authAnswer
	if err := json.Unmarshal(out.Bytes(), &a); err != nil {
		t.Fatalf("%q: %v", out.String(), err)
	}
	return a
}

func TestAuthSPF(t *testing.T) {
	server := publish(t, authZone)
	tests := []struct {
		ip, helo, from, want, explanation string
	}{
		{"192.0.2.9", "x.example", "juana@ayuntamiento.example", "pass", "matched ip4 of ayuntamiento.example"},
		{"::ffff:192.0.2.9", "x.example", "<juana@ayuntamiento.example>", "pass", "matched ip4 of ayuntamiento.example"},
		{"192.0.2.1", "x.example", "juana@ayuntamiento.example", "fail", "192.0.2.1 is not ours"},
		{"192.0.2.9", "ayuntamiento.example", "", "pass", "matched ip4 of ayuntamiento.example"},
		{"192.0.2.9", "[192.0.2.9]", "<>", "none", `"[192.0.2.9]" is not a domain`},
		{"2001:db8::1", "x.example", "juana@nada.example", "none", "nada.example has no SPF record"},
	}
	for _, tt := range tests {
		got := askAuth(t, server, "spf", "--ip", tt.ip, "--helo", tt.helo, "--mail-from", tt.from)
		if got.Result != tt.want || got.Explanation != tt.explanation {
			t.Errorf("%+v: got %+v", tt, got)
		}
	}
}

func TestAuthDMARC(t *testing.T) {
	server := publish(t, authZone)
	tests := []struct {
		args         string
		want, policy string
		then         string
	}{
		{"--from juana@ayuntamiento.example --spf pass --spf-domain ayuntamiento.example", "pass", "reject", "none"},
		{"--from ayuntamiento.example --dkim pass --dkim-domain otro.example --dkim-domain mail.ayuntamiento.example", "pass", "reject", "none"},
		{"--from ayuntamiento.example --spf fail --spf-domain ayuntamiento.example", "fail", "reject", "quarantine"},
		{"--from otro.example", "none", "none", "none"},
	}
	for _, tt := range tests {
		got := askAuth(t, server, append([]string{"dmarc"}, strings.Fields(tt.args)...)...)
		if got.Result != tt.want || got.Policy != tt.policy || got.Disposition != tt.then {
			t.Errorf("%s: got %+v", tt.args, got)
		}
	}
}

func TestAuthMail(t *testing.T) {
	server := publish(t, authZone)
	mail := filepath.Join(t.TempDir(), "mail.eml")
	text := "DKIM-Signature: v=1; a=rsa-sha256; d=ayuntamiento.example; s=s; h=from; bh=; b=\r\nFrom: juana@ayuntamiento.example\r\n\r\nHola\r\n"
	if err := os.WriteFile(mail, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := askAuth(t, server, "dkim", mail); got.Result != "permerror" || len(got.Signatures) != 1 || got.Signatures[0].Result != "permerror" {
		t.Errorf("dkim: got %+v", got)
	}
	envelope := []string{"message", mail, "--helo", "x.example", "--mail-from", "juana@ayuntamiento.example", "--ip"}
	good := askAuth(t, server, append(envelope, "192.0.2.9")...)
	if good.Result != "pass" || !good.Authenticated || good.Disposition != "none" || !strings.Contains(good.Header, "spf=pass") {
		t.Errorf("message: got %+v", good)
	}
	bad := askAuth(t, server, append(envelope, "192.0.2.1")...)
	if bad.Result != "fail" || bad.Authenticated || bad.Disposition != "reject" {
		t.Errorf("message from elsewhere: got %+v", bad)
	}
}

// TestAuthForPeople shows the same without JSON.
func TestAuthForPeople(t *testing.T) {
	var out bytes.Buffer
	args := []string{"auth", "dmarc", "--dns", publish(t, authZone), "--from", "ayuntamiento.example"}
	if err := run(t.Context(), args, &out, io.Discard); err != nil || !strings.Contains(out.String(), "fail, policy reject") {
		t.Errorf("%v\n%s", err, out.String())
	}
	if err := run(t.Context(), []string{"auth", "spf", "--ip", "here"}, io.Discard, io.Discard); err == nil {
		t.Error("took a word for an address")
	}
}
