package deliver

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// policyCache keeps policies in memory and, if it has a folder, each in a file
// there that is named for its domain. A file that cannot be written is told to
// the logger: the policy then ends with the process. One that cannot be
// understood is passed over.
type policyCache struct {
	folder string
	logger *slog.Logger

	mu       sync.Mutex
	policies map[string]kept
	failures map[string]failedFetch
}

// failedFetch is of one version of a policy: another is fetched at once.
type failedFetch struct {
	id string
	at time.Time
}

const (
	maxPolicies = 1000 // the one that was not used for longest goes first
	// fetchPause is what RFC 8461 section 3.3 advises between two tries.
	fetchPause    = 5 * time.Minute
	policySuffix  = ".json"
	maxPolicyFile = 8 * maxPolicySize // JSON writes one octet as six at most
)

func openPolicyCache(folder string, now time.Time, logger *slog.Logger) (*policyCache, error) {
	c := &policyCache{folder: folder, logger: logger, policies: map[string]kept{}, failures: map[string]failedFetch{}}
	if folder == "" {
		return c, nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		if strings.HasSuffix(file.Name(), policySuffix) {
			c.load(filepath.Join(folder, file.Name()), now)
		}
	}
	return c, nil
}

func (c *policyCache) load(path string, now time.Time) {
	k, err := readPolicy(path)
	switch {
	case err != nil:
		c.logger.Warn("mta-sts policy cannot be read", "file", path, "error", err)
	case !now.Before(k.expires()):
		c.remove(k.Domain)
	default:
		k.used = k.Fetched
		c.policies[k.Domain] = k
		c.makeRoom()
	}
}

func readPolicy(path string) (kept, error) {
	info, err := os.Stat(path)
	if err != nil {
		return kept{}, err
	}
	if info.Size() > maxPolicyFile {
		return kept{}, fmt.Errorf("larger than %d octets", maxPolicyFile)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return kept{}, err
	}
	var k kept
	if err := json.Unmarshal(text, &k); err != nil {
		return kept{}, err
	}
	if k.Domain+policySuffix != filepath.Base(path) {
		return kept{}, fmt.Errorf("policy is of %.40q", k.Domain)
	}
	k.policy, err = parsePolicy(k.Text)
	return k, err
}

// look returns the policy of a domain, the zero one if there is none or its
// time is over.
func (c *policyCache) look(domain string, now time.Time) kept {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, found := c.policies[domain]
	switch {
	case !found:
		return kept{}
	case !now.Before(k.expires()):
		c.drop(domain)
		return kept{}
	}
	k.used = now
	c.policies[domain] = k
	return k
}

func (c *policyCache) failed(domain, id string, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name, failure := range c.failures {
		if !now.Before(failure.at.Add(fetchPause)) {
			delete(c.failures, name)
		}
	}
	if len(c.failures) < maxPolicies {
		c.failures[domain] = failedFetch{id: id, at: now}
	}
}

func (c *policyCache) failedLately(domain, id string, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	failure, found := c.failures[domain]
	return found && failure.id == id && now.Before(failure.at.Add(fetchPause))
}

func (c *policyCache) keep(k kept) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k.used = k.Fetched
	delete(c.failures, k.Domain)
	c.policies[k.Domain] = k
	c.makeRoom()
	if err := c.write(k); err != nil {
		c.logger.Warn("mta-sts policy cannot be kept", "domain", k.Domain, "error", err)
	}
}

func (c *policyCache) makeRoom() {
	for len(c.policies) > maxPolicies {
		var oldest kept
		for _, k := range c.policies {
			if oldest.Domain == "" || k.used.Before(oldest.used) {
				oldest = k
			}
		}
		c.drop(oldest.Domain)
	}
}

func (c *policyCache) drop(domain string) {
	delete(c.policies, domain)
	c.remove(domain)
}

// write replaces the file in one step.
func (c *policyCache) write(k kept) error {
	if c.folder == "" {
		return nil
	}
	text, err := json.MarshalIndent(k, "", "\t")
	if err != nil {
		return err
	}
	tmp, final := filepath.Join(c.folder, "tmp"), c.file(k.Domain)
	if err := os.Remove(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := writeSynced(tmp, text); err != nil {
		return err
	}
	if err := os.Rename(tmp, final); err != nil {
		return err
	}
	return syncDir(c.folder)
}

func (c *policyCache) remove(domain string) {
	if c.folder == "" {
		return
	}
	if err := os.Remove(c.file(domain)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		c.logger.Warn("mta-sts policy cannot be removed", "domain", domain, "error", err)
	}
}

// file: a domain of ours is letters, digits, dots, hyphens and underscores.
func (c *policyCache) file(domain string) string { return filepath.Join(c.folder, domain+policySuffix) }
