package smtpd

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// Content is the bytes of a mail as received, without dot stuffing. They may
// be read more than once, until the Handler's Deliver returns.
type Content interface {
	Size() int64            // in bytes
	Bytes() ([]byte, error) // all of them; the caller must not change them
}

// Inline is Content held in memory, for those who have the bytes already.
type Inline []byte

// Size implements Content.
func (c Inline) Size() int64 { return int64(len(c)) }

// Bytes implements Content; it never fails.
func (c Inline) Bytes() ([]byte, error) { return c, nil }

// spool receives a mail: in memory while it is small, then in a temporary file
// that has no name any more, so that not even a crash leaves it behind.
//
// It takes every mail to its end, whatever is wrong with it: the peer gets to
// hear the reason and can go on, and go-smtp never gives one up half-way.
type spool struct {
	opt    *Options
	memory bytes.Buffer
	file   *os.File // nil while the mail is in memory
	size   int64
	line   int   // length of the line being received
	wrong  error // the first thing that was; nothing is kept after it, only counted
}

// errGone is what Bytes returns after the Handler is done.
var errGone = errors.New("the mail's content is gone")

func newSpool(opt *Options) *spool { return &spool{opt: opt} }

// fill reads a mail to its end.
func (s *spool) fill(r io.Reader) error {
	if _, err := io.Copy(s, r); err != nil {
		return fmt.Errorf("receiving: %w", err)
	}
	return s.wrong
}

// Write implements io.Writer for fill; it never fails.
func (s *spool) Write(p []byte) (int, error) {
	s.size += int64(len(p))
	if s.wrong == nil {
		s.wrong = s.measure(p)
	}
	if s.wrong == nil {
		s.wrong = s.keep(p)
	}
	return len(p), nil
}

// measure looks at the size and at lines. RFC 5321 section 4.5.3.1.6 lets a
// line have 1,000 bytes; many senders write longer ones, so our limit is wide.
func (s *spool) measure(p []byte) error {
	if s.size > s.opt.MaxMessageBytes {
		return errTooBig
	}
	for _, c := range p {
		s.line++
		if s.line > s.opt.MaxLineLength {
			return errWideLine
		}
		if c == '\n' {
			s.line = 0
		}
	}
	return nil
}

func (s *spool) keep(p []byte) error {
	if s.file == nil && s.size <= int64(s.opt.InlineBytes) {
		_, err := s.memory.Write(p)
		return err
	}
	if err := s.toFile(); err != nil {
		return fmt.Errorf("keeping the mail: %w", err)
	}
	_, err := s.file.Write(p)
	return err
}

// toFile moves what is in memory to a file, once.
func (s *spool) toFile() error {
	if s.file != nil {
		return nil
	}
	file, err := os.CreateTemp(s.opt.TempDir, "mail-*")
	if err != nil {
		return err
	}
	s.file = file
	if err := os.Remove(file.Name()); err != nil {
		return err
	}
	_, err = s.memory.WriteTo(file)
	return err
}

// Size implements Content.
func (s *spool) Size() int64 { return s.size }

// Bytes implements Content.
func (s *spool) Bytes() ([]byte, error) {
	switch {
	case s.opt == nil:
		return nil, errGone
	case s.file == nil:
		return s.memory.Bytes(), nil
	}
	content := make([]byte, s.size)
	if _, err := s.file.ReadAt(content, 0); err != nil {
		return nil, fmt.Errorf("reading the mail back: %w", err)
	}
	return content, nil
}

// discard ends the life of the content.
func (s *spool) discard() {
	if s.file != nil {
		_ = s.file.Close()
	}
	*s = spool{size: s.size}
}
