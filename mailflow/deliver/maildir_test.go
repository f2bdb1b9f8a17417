package deliver

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestMaildir(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data", "outgoing")
	box := must(NewMaildir(dir))(t)
	receipt, err := box.Send(t.Context(), Envelope{From: "b+7@desk.example", To: "ana@ayto.example", Raw: []byte("Subject: Alta\r\n\r\nHola\r\n")})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "new", receipt.Reply)
	got := string(must(os.ReadFile(path))(t))
	if want := "Return-Path: <b+7@desk.example>\nDelivered-To: ana@ayto.example\nSubject: Alta\n\nHola\n"; got != want {
		t.Errorf("file is %q", got)
	}
	if info := must(os.Stat(path))(t); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %s", info.Mode())
	}
	for _, sub := range []string{"tmp", "cur"} {
		if left := must(os.ReadDir(filepath.Join(dir, sub)))(t); len(left) > 0 {
			t.Errorf("%s holds %v", sub, left)
		}
	}
}

func TestMaildirNullSender(t *testing.T) {
	dir := t.TempDir()
	receipt := must(must(NewMaildir(dir))(t).Send(t.Context(), Envelope{To: "ana@ayto.example"}))(t)
	got := string(must(os.ReadFile(filepath.Join(dir, "new", receipt.Reply)))(t))
	if !strings.HasPrefix(got, "Return-Path: <>\nDelivered-To: ana@ayto.example\n") {
		t.Errorf("file is %q", got)
	}
}

func TestMaildirNamesAreUnique(t *testing.T) {
	dir := t.TempDir()
	box := must(NewMaildir(dir))(t)
	var senders sync.WaitGroup
	for range 50 {
		senders.Go(func() {
			if _, err := box.Send(t.Context(), envelope()); err != nil {
				t.Error(err)
			}
		})
	}
	senders.Wait()
	if files := must(os.ReadDir(filepath.Join(dir, "new")))(t); len(files) != 50 {
		t.Errorf("%d files", len(files))
	}
}

// A mail sent again after a crash replaces what the first attempt left.
func TestMaildirSecondAttempt(t *testing.T) {
	dir := t.TempDir()
	box := must(NewMaildir(dir))(t)
	again := envelope()
	again.ID = "01BW03QH9GT0R2J9YZTN55G8Y3"
	first := must(box.Send(t.Context(), again))(t)
	second := must(box.Send(t.Context(), again))(t)
	if files := must(os.ReadDir(filepath.Join(dir, "new")))(t); len(files) != 1 || first != second {
		t.Errorf("%d files, %v and %v", len(files), first, second)
	}
	again.ID = "../cur/x"
	if odd := must(box.Send(t.Context(), again))(t); strings.Contains(odd.Reply, "..") {
		t.Errorf("file %q", odd.Reply)
	}
}

func TestMaildirRefusesWhatARelayWould(t *testing.T) {
	box := must(NewMaildir(t.TempDir()))(t)
	_, err := box.Send(t.Context(), Envelope{To: "ana\nX: y@ayto.example"})
	if failure := asFailure(err); !failure.Permanent {
		t.Errorf("error %v", err)
	}
}

func TestMaildirFailureIsTemporary(t *testing.T) {
	dir := t.TempDir()
	box := must(NewMaildir(dir))(t)
	if err := os.RemoveAll(filepath.Join(dir, "new")); err != nil {
		t.Fatal(err)
	}
	_, err := box.Send(t.Context(), envelope())
	if err == nil || asFailure(err).Permanent {
		t.Errorf("error %v", err)
	}
	if left := must(os.ReadDir(filepath.Join(dir, "tmp")))(t); len(left) > 0 {
		t.Errorf("tmp holds %v", left)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := box.Send(cancelled, envelope()); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestMaildirWhereAFileStands(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := NewMaildir(path); err == nil {
		t.Error("taken")
	}
}
