package test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"
)

// start is when scenarios begin where they do not say.
const start = "2017-10-09T08:23:58Z"

// desk NAME|FILE.yaml [TIME] opens the office.
func (s *scene) desk(c call) error {
	at := start
	if len(c.words) > 1 {
		at = c.words[1]
	}
	from, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return err
	}
	file := c.words[0]
	if strings.HasSuffix(file, ".yaml") {
		file = s.MkAbs(file)
	}
	config, err := loadDesk(file)
	if err != nil {
		return err
	}
	s.office, err = openOffice(config, s.MkAbs("data"), from)
	return err
}

// clock +DURATION|TIME moves the clock on, once all mail that is due has gone
// out; what its new time makes due is done then.
func (s *scene) moveClock(c call) error {
	by, err := s.span(c.words[0])
	if err != nil {
		return err
	}
	if err := s.office.settle(); err != nil {
		return err
	}
	_, err = s.office.ask.Advance(context.Background(), by)
	return err
}

// span is how far the clock moves: by a duration or to a time.
func (s *scene) span(word string) (time.Duration, error) {
	if by, ok := strings.CutPrefix(word, "+"); ok {
		return time.ParseDuration(by)
	}
	to, err := time.Parse(time.RFC3339, word)
	return to.Sub(s.office.clock.Now()), err
}

// trust nobody|NETWORK… changes whose mail counts as authenticated.
func (s *scene) trust(c call) error {
	var networks []netip.Prefix
	for _, word := range c.words {
		if word == "nobody" {
			continue
		}
		network, err := netip.ParsePrefix(word)
		if err != nil {
			return err
		}
		networks = append(networks, network)
	}
	return s.office.trust(networks...)
}

// reload FILE.yaml has the daemon read another configuration; ! reload FILE.yaml
// TEXT… says why it refuses to, and that it goes on with the one it has.
func (s *scene) reload(c call) error {
	err := s.office.reload(s.MkAbs(c.words[0]))
	if !c.not {
		return err
	}
	if err == nil {
		return errors.New("the configuration was taken")
	}
	for _, text := range c.words[1:] {
		if !strings.Contains(err.Error(), text) {
			return fmt.Errorf("the reason %q does not contain %q", err, text)
		}
	}
	return nil
}

// binary FILE SIZE makes a file of bytes that compress badly and read badly.
func (s *scene) binary(c call) error {
	size, err := strconv.Atoi(c.words[1])
	if err != nil {
		return err
	}
	hash := fnv.New64()
	_, _ = hash.Write([]byte(c.words[0])) // a hash takes everything
	random := rand.New(rand.NewPCG(hash.Sum64(), 1))
	content := make([]byte, size)
	for i := range content {
		content[i] = byte(random.Uint32())
	}
	return os.WriteFile(s.MkAbs(c.words[0]), content, 0o600)
}

// lengthen FILE SIZE TEXT adds the text to a file until it has that size.
func (s *scene) lengthen(c call) error {
	size, err := strconv.Atoi(c.words[1])
	if err != nil {
		return err
	}
	content := strings.TrimRight(s.ReadFile(c.words[0]), "\n")
	if missing := size - len(content); missing > 0 {
		content += strings.Repeat(c.words[2], missing/len(c.words[2])+1)
	}
	return os.WriteFile(s.MkAbs(c.words[0]), fmt.Appendln(nil, content), 0o600)
}
