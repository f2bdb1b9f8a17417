package process

import (
	"bytes"
	"context"
	"regexp"
	"sync"
)

// Transcript keeps what a program writes, and wakes who waits for it. It may
// be used concurrently.
type Transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{} // closed and replaced at every write
}

// NewTranscript returns an empty one.
func NewTranscript() *Transcript { return &Transcript{more: make(chan struct{})} }

// Write implements io.Writer.
func (l *Transcript) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.more)
	l.more = make(chan struct{})
	return l.text.Write(p)
}

// find looks for a text in all that was written; the channel is closed when
// more comes.
func (l *Transcript) find(text *regexp.Regexp) ([]string, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return text.FindStringSubmatch(l.text.String()), l.more
}

// Await waits for a text and returns the match with its groups; nil if it is
// not there when ctx is done or the writer has ended.
func (l *Transcript) Await(ctx context.Context, text *regexp.Regexp, ended <-chan struct{}) []string {
	for {
		match, more := l.find(text)
		if match != nil {
			return match
		}
		select {
		case <-more:
		case <-ctx.Done():
			return nil
		case <-ended:
			match, _ := l.find(text)
			return match
		}
	}
}

// Tail is the end of what was written, as much as one wants to read.
func (l *Transcript) Tail() string {
	const enough = 16 << 10
	l.mu.Lock()
	defer l.mu.Unlock()
	text := l.text.Bytes()
	return string(text[max(0, len(text)-enough):])
}
