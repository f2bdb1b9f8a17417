package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/cauce-desk/cauce/daemon"
	"github.com/cauce-desk/cauce/presets"
)

// awkward is a desk whose opening asks for all that is hard to invent.
const awkward = `desks:
  - id: uno
    name: Mesa
    language: es
    time_zone: Europe/Madrid
    intake: abrir@uno.example
    number: "T{seq:6}"
    administrators: [admin@uno.example]
    services: [{name: EEFF, agents: [agente@uno.example]}]
    actions: [{action: open, by: [agent]}, resolve]
    priorities: [Alta, Baja]
    people: [{address: agente@uno.example, name: Vera, registered: true}]
    opening:
      subject: Alta
      registered_only: true
      fields:
        - {id: service, label: Servicio, kind: choice, sets: service, required: true}
        - {id: due, label: Para cuándo, kind: date_time, sets: due, required: true}
        - {id: began, label: Desde cuándo, kind: date_time, sets: began, required: true}
        - {id: who, label: A cargo, kind: address, sets: assignee, required: true}
        - {id: whose, label: Para quién, kind: person, sets: requester, required: true}
        - {id: proof, label: Prueba, kind: files, required: true}
        - {id: room, label: Sala, kind: date_time}
`

// serving runs a daemon on a configuration until the test ends, and returns
// what it greets with.
func serving(t *testing.T, file string) (greets, server string) {
	t.Helper()
	src := &source{files: []string{file}}
	src.overrides.Data, src.overrides.Listen, src.overrides.Trusted = t.TempDir(), []string{"127.0.0.1:0"}, []string{"127.0.0.0/8"}
	c, err := src.load()
	if err != nil {
		t.Fatal(err)
	}
	d, err := daemon.New(daemon.Options{Config: c, Load: src.load, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	return greeting(c, d, src), d.SMTP()[0].String()
}

var printed = regexp.MustCompile(`(?m)^  cauce (send.*?)  +\(`)

// The command that a desk prints opens a ticket there, whatever its opening
// asks for and whoever may open.
func TestFirstIncident(t *testing.T) {
	texts := map[string][]byte{"awkward.yaml": []byte(awkward)}
	for _, name := range []string{"dgt", "gob", "cartagena", "pnt", "uach"} {
		text, err := presets.Read(name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		texts[name+".yaml"] = text
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(file, text, 0o600); err != nil {
				t.Fatal(err)
			}
			greets, _ := serving(t, file)
			command := printed.FindStringSubmatch(greets)
			if command == nil || !strings.Contains(command[1], "--config "+file) {
				t.Fatal(greets)
			}
			if answer := mustCauce(t, t.TempDir(), command[1]); !regexp.MustCompile(`250 2\.0\.0 [A-Z]+\S*\d`).MatchString(answer) {
				t.Errorf("%s: %s", command[1], answer)
			}
		})
	}
}

// Where only registered people may open and the file registers nobody, that is
// said in place of a command that would be refused.
func TestNobodyMayOpen(t *testing.T) {
	text := strings.Replace(awkward, ", registered: true", "", 1) + "    registration: {subject: Solicitar alta, number: \"A{seq:4}\"}\n"
	text = strings.Replace(text, "resolve]", "resolve, approve, refuse]", 1)
	file := filepath.Join(t.TempDir(), "desk.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	greets, server := serving(t, file)
	if !strings.Contains(greets, "names nobody who may: give --from ADDRESS") {
		t.Error(greets)
	}
	var out bytes.Buffer
	err := run(t.Context(), []string{"send", "--config", file, "--server", server}, &out, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "give --from ADDRESS") {
		t.Error(err)
	}
}

// A refusal is told in the server's words.
func TestRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "desk.yaml")
	if err := os.WriteFile(file, []byte(awkward), 0o600); err != nil {
		t.Fatal(err)
	}
	_, server := serving(t, file)
	for _, line := range []string{
		"--to nadie@uno.example --server " + server,
		"--server 127.0.0.1:1",
	} {
		err := run(t.Context(), append([]string{"send", "--config", file}, strings.Fields(line)...), io.Discard, io.Discard)
		if err == nil || strings.Contains(err.Error(), "relay") {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func TestWords(t *testing.T) {
	for _, language := range []string{"es", "en"} {
		out := mustCauce(t, t.TempDir(), "words --language "+language)
		if !strings.Contains(out, "# === "+language+"/words.yaml ===\n") || !strings.Contains(out, "\n  resolve.requester:\n") {
			t.Errorf("%s: %.200s", language, out)
		}
	}
	if err := run(t.Context(), []string{"words", "--language", "xx"}, io.Discard, io.Discard); err == nil {
		t.Error("a language that there is not was printed")
	}
}
