package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/daemon"
	"github.com/cauce-desk/cauce/mailflow"
	"github.com/cauce-desk/cauce/presets"
	"github.com/cauce-desk/cauce/ticket"
)

const root = "../../.."

// daemonKeys is what the first line of a fragment says that belongs to the
// daemon; any other belongs to the desk of the preset it names.
const daemonKeys = "servicio"

// example is a fragment and the configuration it was put into.
type example struct {
	config *config.Config
	desk   *mailflow.Desk
}

// load puts a fragment where it belongs and makes the desks.
func load(t *testing.T, file string) example {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	where, marked := strings.CutPrefix(first, "# en: ")
	if !marked {
		t.Fatalf("the first line must say where it belongs: %q", first)
	}
	whole := put(t, text, where)
	c, err := config.Parse(file, whole, config.Options{Languages: []string{"es", "en"}})
	if err != nil {
		t.Fatal(err)
	}
	site, err := daemon.NewSite(c)
	if err != nil {
		t.Fatal(err)
	}
	return example{c, site.Desks[0]}
}

// put is the text of a preset with a fragment in it.
func put(t *testing.T, fragment []byte, where string) []byte {
	preset := where + ".yaml"
	if where == daemonKeys {
		preset = presets.Default
	}
	text, err := presets.Read(preset)
	if err != nil {
		t.Fatal(err)
	}
	var base, part yaml.Node
	if err := yaml.Unmarshal(text, &base); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(fragment, &part); err != nil {
		t.Fatal(err)
	}
	before, _ := yaml.Marshal(&base)
	into := base.Content[0]
	if where != daemonKeys {
		into = valueOf(into, "desks").Content[0]
	}
	merge(into, part.Content[0])
	after, err := yaml.Marshal(&base)
	if err != nil || bytes.Equal(before, after) {
		t.Fatalf("it changes nothing: %v", err)
	}
	return after
}

// Every fragment of the administrators' page is right where it is put, and
// does what the page says of it; and the page shows it.
func TestExamples(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, examples, "*.yaml"))
	if err != nil || len(files) < len(effects) {
		t.Fatal(files, err)
	}
	page, err := os.ReadFile(filepath.Join(root, folder, "administracion.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			made := load(t, file)
			if does, told := effects[name]; told && !does(made) {
				t.Error("it does not do what the page says")
			}
			if shown, err := fragment(root, name); err != nil || !strings.Contains(string(page), shown) {
				t.Errorf("the page does not show it: %v", err)
			}
		})
	}
}

// may tells whether a role may take an action in a state.
func (e example) may(role ticket.Role, a ticket.Action, from ticket.State) bool {
	line, used := e.desk.Policy.Actions[a]
	return used && slices.Contains(line.By, role) && slices.Contains(line.From, from)
}

// clock finds a clock of the desk.
func (e example) clock(name string) ticket.Clock {
	i := slices.IndexFunc(e.desk.Policy.Clocks, func(c ticket.Clock) bool { return c.Name == name })
	return e.desk.Policy.Clocks[i]
}

// about is a new ticket on a service.
func about(service string) ticket.Ticket {
	return ticket.Ticket{Number: "N1", State: ticket.StateNew, Service: service}
}
