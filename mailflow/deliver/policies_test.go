package deliver

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"io/fs"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// policyHost is a real web server that is mta-sts.ayto.example.
type policyHost struct {
	mu      sync.Mutex
	answer  http.HandlerFunc
	fetched int
}

func (h *policyHost) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	answer := h.answer
	h.fetched++
	h.mu.Unlock()
	switch {
	case r.URL.Path == "/elsewhere":
		text(enforced)(w, r)
	case r.Host == "mta-sts.ayto.example" && r.URL.Path == "/.well-known/mta-sts.txt" && r.Method == http.MethodGet:
		answer(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (h *policyHost) serves(answer http.HandlerFunc) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answer = answer
}

func (h *policyHost) fetches() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.fetched
}

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Write([]byte(body))
	}
}

func down(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }

// publish gives ayto.example a policy host with a certificate of its own, and
// a record.
func (n *internet) publish(t *testing.T, certificate tls.Certificate, policy string) *policyHost {
	t.Helper()
	h := &policyHost{answer: text(policy)}
	server := httptest.NewUnstartedServer(h)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	n.addresses["mta-sts.ayto.example."] = []string{"192.0.2.80"}
	n.servers["192.0.2.80:443"] = server.Listener.Addr().String()
	n.txt["_mta-sts.ayto.example."] = []string{"v=spf1 -all", "v=STSv1; id=1;"}
	return h
}

// strict is an internet where ayto.example has an MX and this policy.
func strict(t *testing.T, policy string) (*internet, *policyHost) {
	t.Helper()
	n := oneHost()
	return n, n.publish(t, n.trusted(t).issue(t, "mta-sts.ayto.example"), policy)
}

const tested = "version: STSv1\nmode: testing\nmx: mx.ayto.example\nmax_age: 86400\n"

func TestPolicyApplied(t *testing.T) {
	valid, other := []string{"mx.ayto.example"}, []string{"mx.other.example"}
	elsewhere := strings.Replace(enforced, "mx: mx.ayto.example", "mx: mx2.ayto.example", 1)
	for _, test := range []struct {
		name, policy string
		certificate  []string
		want         string // outcome
		applied      string // Receipt.Policy
	}{
		{"enforced, valid", enforced, valid, "delivered", "enforce"},
		{"enforced, certificate of another", enforced, other, "temporary no host can be spoken to: mx.ayto.example [192.0.2.1]: tls handshake failed", ""},
		{"enforced, no tls", enforced, nil, "temporary server does not offer the starttls we require", ""},
		{"enforced, host not named", elsewhere, valid, "temporary the mta-sts policy names none of the domain's hosts, such as mx.ayto.example", ""},
		{"testing, valid", tested, valid, "delivered", "testing"},
		{"testing, certificate of another", tested, other, "delivered", "testing: certificate not valid"},
		{"testing, no tls", tested, nil, "delivered", "testing: no tls"},
		{"testing, host not named", strings.Replace(elsewhere, "enforce", "testing", 1), valid, "delivered", "testing: host not named"},
		{"none", strings.Replace(elsewhere, "enforce", "none", 1), nil, "delivered", ""},
		{"not a policy", "hola\n", nil, "delivered", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			n, _ := strict(t, test.policy)
			server := n.serve(t, "192.0.2.1:25", test.certificate...)
			receipt, err := newMX(t, n.options()).Send(t.Context(), envelope())
			if got := outcome(receipt, err); !strings.HasPrefix(got, test.want) || receipt.Policy != test.applied {
				t.Errorf("got %s, policy %q", got, receipt.Policy)
			}
			if got := server.all(); len(got) > 0 != (test.want == "delivered") {
				t.Errorf("server has %+v", got)
			}
		})
	}
}

// Of several hosts, those that an enforced policy names are tried.
func TestPolicyChoosesHosts(t *testing.T) {
	n, _ := strict(t, enforced)
	n.record("ayto.example.", "5 mx.evil.example.", "20 b.mail.example.")
	n.addresses["mx.evil.example."], n.addresses["b.mail.example."] = []string{"192.0.2.66"}, []string{"192.0.2.2"}
	n.serve(t, "192.0.2.66:25", "mx.evil.example")
	n.serve(t, "192.0.2.1:25", "mx.evil.example")
	n.serve(t, "192.0.2.2:25", "*.mail.example")
	got := outcome(newMX(t, n.options()).Send(t.Context(), envelope()))
	if !strings.HasPrefix(got, "delivered b.mail.example") || slices.Contains(n.dials(), "192.0.2.66:25") {
		t.Errorf("%s, dialled %v", got, n.dials())
	}
}

func TestPolicyNotToBeHad(t *testing.T) {
	redirect := func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }
	for name, change := range map[string]func(t *testing.T, n *internet, h *policyHost){
		"not found": func(_ *testing.T, _ *internet, h *policyHost) {
			h.serves(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/plain")
				w.WriteHeader(http.StatusNotFound)
				w.Write([]byte(enforced))
			})
		},
		"redirect": func(_ *testing.T, _ *internet, h *policyHost) { h.serves(redirect) },
		"web page": func(_ *testing.T, _ *internet, h *policyHost) {
			h.serves(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				w.Write([]byte(enforced))
			})
		},
		"too long": func(_ *testing.T, _ *internet, h *policyHost) {
			h.serves(text(enforced + strings.Repeat("x: y\n", maxPolicySize/5)))
		},
		"cut off": func(_ *testing.T, _ *internet, h *policyHost) {
			h.serves(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Length", "1000")
				text(enforced)(w, r)
			})
		},
		"certificate of another": func(t *testing.T, n *internet, _ *policyHost) {
			n.publish(t, n.trusted(t).issue(t, "ayto.example"), enforced)
		},
		"certificate of nobody known": func(t *testing.T, n *internet, _ *policyHost) {
			n.publish(t, newAuthority(t).issue(t, "mta-sts.ayto.example"), enforced)
		},
		"on this machine": func(_ *testing.T, n *internet, _ *policyHost) {
			n.servers["127.0.0.1:443"] = n.servers["192.0.2.80:443"]
			n.addresses["mta-sts.ayto.example."] = []string{"127.0.0.1"}
		},
		"no address":    func(_ *testing.T, n *internet, _ *policyHost) { n.addresses["mta-sts.ayto.example."] = nil },
		"nobody there":  func(_ *testing.T, n *internet, _ *policyHost) { delete(n.servers, "192.0.2.80:443") },
		"no record":     func(_ *testing.T, n *internet, _ *policyHost) { n.txt["_mta-sts.ayto.example."] = nil },
		"broken record": func(_ *testing.T, n *internet, _ *policyHost) { n.broken["txt _mta-sts.ayto.example."] = true },
		"two records": func(_ *testing.T, n *internet, _ *policyHost) {
			n.txt["_mta-sts.ayto.example."] = []string{"v=STSv1; id=1;", "v=STSv1; id=2;"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			n, h := strict(t, enforced)
			change(t, n, h)
			mx := newMX(t, n.options())
			if got := mx.policies.of(t.Context(), "ayto.example"); got.mode != "" {
				t.Errorf("policy %+v", got)
			}
		})
	}
}

// A policy host that is slow to answer is waited for no longer than the mail.
func TestSlowPolicyHost(t *testing.T) {
	n, h := strict(t, enforced)
	ctx, cancel := context.WithCancel(t.Context())
	h.serves(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	mx := newMX(t, n.options())
	if got := mx.policies.of(ctx, "ayto.example"); got.mode != "" {
		t.Errorf("policy %+v", got)
	}
	h.serves(text(enforced))
	if got := mx.policies.of(t.Context(), "ayto.example"); got.mode != modeEnforce {
		t.Errorf("not asked again: %+v", got)
	}
}

func TestPolicyHostBeyondItsFirstAddress(t *testing.T) {
	n, h := strict(t, enforced)
	n.addresses["mta-sts.ayto.example."] = []string{"192.0.2.81", "127.0.0.1", "192.0.2.80"}
	if got := newMX(t, n.options()).policies.of(t.Context(), "ayto.example"); got.mode != modeEnforce || h.fetches() != 1 {
		t.Errorf("policy %+v", got)
	}
}

// What happens to a policy over time, as a story.
func TestPolicyKept(t *testing.T) {
	n, h := strict(t, tested)
	clock := &stillClock{now: time.Date(2017, 10, 9, 10, 0, 0, 0, time.UTC)}
	o := n.options()
	o.Clock, o.PolicyFolder = clock, filepath.Join(t.TempDir(), "policies")
	mx := newMX(t, o)
	check := func(when string, want mode, fetches int) {
		t.Helper()
		if got := mx.policies.of(t.Context(), "ayto.example"); got.mode != want || h.fetches() != fetches {
			t.Fatalf("%s: policy %q after %d fetches, want %q after %d", when, got.mode, h.fetches(), want, fetches)
		}
	}
	publish := func(ids ...string) {
		n.txt["_mta-sts.ayto.example."] = nil
		for _, id := range ids {
			n.txt["_mta-sts.ayto.example."] = append(n.txt["_mta-sts.ayto.example."], "v=STSv1; id="+id)
		}
	}
	check("first", modeTesting, 1)
	clock.move(11 * time.Hour)
	check("same id", modeTesting, 1)
	mx = newMX(t, o)
	check("after a restart", modeTesting, 1)
	h.serves(text(enforced))
	check("same id, other text", modeTesting, 1)
	publish("2")
	check("other id", modeEnforce, 2)
	h.serves(down)
	publish("3")
	check("host down", modeEnforce, 3)
	check("host down, asked a moment ago", modeEnforce, 3)
	publish("4")
	check("host down, another id", modeEnforce, 4)
	clock.move(5 * time.Minute)
	check("host down, asked five minutes ago", modeEnforce, 5)
	publish()
	check("no record any more", modeEnforce, 5)
	n.broken["txt _mta-sts.ayto.example."] = true
	check("no answer to the record", modeEnforce, 5)
	n.broken["txt _mta-sts.ayto.example."] = false
	publish("2")
	clock.move(4 * 24 * time.Hour)
	check("past the middle of its life", modeEnforce, 6)
	clock.move(3 * 24 * time.Hour)
	check("its life is over", "", 7)
	if left := must(os.ReadDir(o.PolicyFolder))(t); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	h.serves(text(strings.Replace(enforced, "enforce", "none", 1)))
	clock.move(5 * time.Minute)
	check("taken back", modeNone, 8)
	mx = newMX(t, o)
	check("taken back, after a restart", modeNone, 8)
	clock.move(8 * 24 * time.Hour)
	h.serves(down)
	mx = newMX(t, o)
	check("over, after a restart", "", 9)
}

func TestPolicyFilesThatAreNone(t *testing.T) {
	folder := t.TempDir()
	now := time.Date(2017, 10, 9, 10, 0, 0, 0, time.UTC)
	good := kept{Domain: "ayto.example", ID: "1", Fetched: now, Text: enforced}
	c := must(openPolicyCache(folder, now, slog.New(slog.DiscardHandler)))(t)
	if err := c.write(good); err != nil {
		t.Fatal(err)
	}
	right := must(os.ReadFile(filepath.Join(folder, "ayto.example.json")))(t)
	for name, content := range map[string]string{
		"tmp":                 string(right)[:40],
		"cut.example.json":    string(right)[:40],
		"other.example.json":  strings.ReplaceAll(string(right), "ayto", "third"),
		"empty.example.json":  "",
		"null.example.json":   "null",
		"policy.example.json": strings.ReplaceAll(strings.ReplaceAll(string(right), "ayto", "policy"), "STSv1", "STSv2"),
		"large.example.json":  strings.ReplaceAll(string(right), "ayto", "large") + strings.Repeat(" ", maxPolicyFile),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(folder, "folder.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	c = must(openPolicyCache(folder, now.Add(time.Hour), slog.New(slog.DiscardHandler)))(t)
	if len(c.policies) != 1 || c.look("ayto.example", now).policy.mode != modeEnforce {
		t.Errorf("policies %+v", c.policies)
	}
	if err := c.write(good); err != nil {
		t.Errorf("after a crash: %v", err)
	}
	c = must(openPolicyCache(folder, now.Add(7*24*time.Hour), slog.New(slog.DiscardHandler)))(t)
	if _, err := os.Stat(filepath.Join(folder, "ayto.example.json")); len(c.policies) != 0 || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("out of date: %+v, %v", c.policies, err)
	}
}

// A cache that cannot write still serves.
func TestPolicyFolderGone(t *testing.T) {
	n, h := strict(t, enforced)
	o := n.options()
	o.PolicyFolder = filepath.Join(t.TempDir(), "policies")
	mx := newMX(t, o)
	if err := os.RemoveAll(o.PolicyFolder); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got := mx.policies.of(t.Context(), "ayto.example"); got.mode != modeEnforce {
			t.Errorf("policy %+v", got)
		}
	}
	if h.fetches() != 1 {
		t.Errorf("%d fetches", h.fetches())
	}
}

// However many domains there are, the cache and its folder stay small, and
// keep what is in use.
func TestPolicyCacheIsBounded(t *testing.T) {
	now := time.Date(2017, 10, 9, 10, 0, 0, 0, time.UTC)
	c := must(openPolicyCache("", now, slog.New(slog.DiscardHandler)))(t)
	p := must(parsePolicy(enforced))(t)
	name := func(i int) string { return strings.Repeat("x", i%60+1) + "." + time.Duration(i).String() + ".example" }
	c.keep(kept{Domain: "ayto.example", Fetched: now, policy: p})
	for i := range maxPolicies + 100 {
		now = now.Add(time.Second)
		c.keep(kept{Domain: name(i), Fetched: now, policy: p})
		c.failed(name(i)+".down", "1", now)
		if c.look("ayto.example", now).policy.mode != modeEnforce {
			t.Fatalf("lost after %d others", i)
		}
	}
	if len(c.policies) != maxPolicies || len(c.failures) > maxPolicies {
		t.Errorf("%d policies, %d failures", len(c.policies), len(c.failures))
	}
	if c.look(name(0), now).policy.mode != "" || c.look(name(maxPolicies), now).policy.mode != modeEnforce {
		t.Error("the wrong ones went")
	}
}

func TestNoPolicyForALiteral(t *testing.T) {
	n := newInternet()
	n.scripts["192.0.2.1:25"] = slices.Concat(
		hello, []string{"C: MAIL FROM:<b+7@desk.example>", "S: 250 ok", "C: RCPT TO:<ana@[192.0.2.1]>", "S: 250 ok", "C: DATA", "S: 354 go", "mail", "S: 250 taken"}, bye)
	e := envelope()
	e.To = "ana@[192.0.2.1]"
	if got := outcome(newMX(t, n.options()).Send(t.Context(), e)); got != "delivered 192.0.2.1 [192.0.2.1] 250 taken" || len(n.asked) > 0 {
		t.Errorf("%s, asked %v", got, n.asked)
	}
	n.end(t)
}
