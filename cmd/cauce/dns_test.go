package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/cauce-desk/cauce/dnsplan"
)

// publish serves a zone file on loopback until the test ends.
func publish(t *testing.T, zone string) (address string) {
	t.Helper()
	var records []dns.RR
	parser := dns.NewZoneParser(strings.NewReader(zone), ".", "zone")
	for record, ok := parser.Next(); ok; record, ok = parser.Next() {
		records = append(records, record)
	}
	if err := parser.Err(); err != nil {
		t.Fatalf("%v\n%s", err, zone)
	}
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	started, ended := make(chan struct{}), make(chan error, 1)
	server := &dns.Server{PacketConn: udp, NotifyStartedFunc: func() { close(started) }, Handler: answering(records)}
	go func() { ended <- server.ActivateAndServe() }()
	<-started
	t.Cleanup(func() {
		_ = server.Shutdown()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return udp.LocalAddr().String()
}

func answering(records []dns.RR) dns.HandlerFunc {
	return func(out dns.ResponseWriter, question *dns.Msg) {
		answer, asked := new(dns.Msg).SetReply(question), question.Question[0]
		for _, record := range records {
			if head := record.Header(); strings.EqualFold(head.Name, asked.Name) && head.Rrtype == asked.Qtype {
				answer.Answer = append(answer.Answer, record)
			}
		}
		_ = out.WriteMsg(answer)
	}
}

func TestDNS(t *testing.T) {
	dir := t.TempDir()
	mustCauce(t, dir, "keys dkim dgt.example --selector first")
	mustCauce(t, dir, "keys dkim dgt.example --selector second --algorithm ed25519")
	zone := mustCauce(t, dir, "dns --ip 192.0.2.7") + "mta-sts.dgt.example. IN A 192.0.2.80\n"
	server := publish(t, zone)
	out := mustCauce(t, dir, "dns --check --ip 192.0.2.7 --dns "+server)
	if strings.Count(out, "right ") != 10 || strings.Count(out, "(dkim)") != 2 {
		t.Error(out)
	}
	if again := mustCauce(t, dir, "dns --check --ip 192.0.2.7 --config "+configAsking(t, server)); again != out {
		t.Errorf("the configuration's server says otherwise:\n%s", again)
	}
}

// configAsking is a configuration of one desk that asks a DNS server.
func configAsking(t *testing.T, server string) string {
	t.Helper()
	text, err := os.ReadFile("../../presets/dgt.yaml")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "dgt.yaml")
	if err := os.WriteFile(path, append([]byte("resolver: "+server+"\n"), text...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDNSWrong(t *testing.T) {
	dir := t.TempDir()
	server := publish(t, `dgt.example. IN TXT "v=spf1 +all" `+"\n"+`_dmarc.dgt.example. IN TXT "v=DMARC1; p=oops; \027[2J"`+"\n")
	out, err := cauce(t, dir, "dns --check --dns "+server)
	if err == nil || !strings.Contains(out, "wrong    dgt.example TXT (spf)\n         found: v=spf1 +all\n") || !strings.Contains(out, "7 missing, 2 wrong") {
		t.Errorf("%v\n%s", err, out)
	}
	if strings.ContainsFunc(out, unprintable) {
		t.Errorf("something unprintable reached the terminal: %q", out)
	}
	var shown struct {
		OK       bool
		Findings []dnsplan.Finding
	}
	out, err = cauce(t, dir, "dns --check --json --dns "+server)
	whole, _, _ := strings.Cut(out, "cauce: ")
	if mustUnmarshal(t, whole, &shown); err == nil || shown.OK || len(shown.Findings) != 9 {
		t.Errorf("%v: %+v", err, shown)
	}
}

func TestDNSAsJSON(t *testing.T) {
	var plan dnsplan.Plan
	mustUnmarshal(t, mustCauce(t, t.TempDir(), "dns --json --mx front.example --reports informes@dgt.example"), &plan)
	if plan.Hostname != "cauce.dgt.example" || len(plan.Records) != 9 || len(plan.Policies) != 1 || !strings.Contains(plan.Policies[0].Text, "mx: front.example\r\n") {
		t.Errorf("%+v", plan)
	}
}

func TestDNSFlagsRefused(t *testing.T) {
	for _, line := range []string{"dns --ip 192.0.2", "dns --mx a_b..c", "dns --reports nobody", "dns --check --dns localhost", "dns --ip fe80::1%eth0"} {
		if out, err := cauce(t, t.TempDir(), line); err == nil {
			t.Errorf("%s: %s", line, out)
		}
	}
}
