package config_test

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/presets"
)

var update = flag.Bool("update", false, "write the .want files anew from what comes out")

var spanish = config.Options{Languages: []string{"es"}}

// Each file in testdata/bad has at least one fault; beside it stands what
// loading it says.
func TestBadFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			c, err := config.Load([]string{file}, spanish)
			if _, ok := errors.AsType[config.Errors](err); !ok || c != nil {
				t.Fatalf("got %v and an error of type %T: %v", c, err, err)
			}
			said := strings.ReplaceAll(err.Error(), "testdata/bad/", "") + "\n"
			compare(t, strings.TrimSuffix(file, ".yaml")+".want", said)
		})
	}
}

func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestNoSuchFile(t *testing.T) {
	for _, paths := range [][]string{{"testdata/none.yaml"}, {"testdata"}, nil} {
		if _, err := config.Load(paths, spanish); err == nil {
			t.Errorf("%v was loaded", paths)
		}
	}
	_, err := config.Load([]string{"testdata/none.yaml"}, spanish)
	if want := "testdata/none.yaml: no such file or directory"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}

// A device that never ends must not be read.
func TestEndlessFile(t *testing.T) {
	_, err := config.Load([]string{"/dev/zero"}, spanish)
	if err == nil || err.Error() != "/dev/zero: not a plain file" {
		t.Error(err)
	}
}

func TestPresetIsTheDGTDesk(t *testing.T) {
	c := parse(t, preset(t), spanish)
	if len(c.Desks) != 1 || c.Delivery.Maildir != "data/outgoing" || len(c.Trusted) != 2 {
		t.Fatalf("got %+v", c)
	}
	d := c.Desks[0]
	if d.Intake != "soportecau@dgt.example" || d.Correspondence != "soporteserviciosdgt@dgt.example" {
		t.Errorf("addresses %s and %s", d.Intake, d.Correspondence)
	}
	if !slices.Equal(ids(d), []string{"service", "type", "description"}) {
		t.Errorf("fields %v", ids(d))
	}
	if d.Links()["validate"] != "Validar Petición" || d.Links()["reject"] != "Rechazar Petición" {
		t.Errorf("links %v", d.Links())
	}
}

func ids(d config.Desk) []string {
	var list []string
	for _, f := range d.Opening.Fields {
		list = append(list, f.ID)
	}
	return list
}

// The example is the preset with explanations: it says nothing else.
func TestExampleEqualsPreset(t *testing.T) {
	c, err := config.Load([]string{"../config.example.yaml"}, spanish)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := asJSON(t, c), asJSON(t, parse(t, preset(t), spanish)); got != want {
		t.Errorf("the example is\n%s\nthe preset\n%s", got, want)
	}
}

// With nothing but what is required, everything else has its default.
func TestDefaults(t *testing.T) {
	c, err := config.Load([]string{"testdata/good/desks/tres.yaml"}, spanish)
	if err != nil {
		t.Fatal(err)
	}
	if c.Data != "./data" || !slices.Equal(c.Listen, []config.HostPort{"127.0.0.1:2525"}) || len(c.Trusted) > 0 {
		t.Errorf("got %+v", c)
	}
	if c.Limits.Idle != config.Duration(5*time.Minute) || c.Limits.MessageSize != 25*config.MiB {
		t.Errorf("limits %+v", c.Limits)
	}
	if d := c.Desks[0]; d.Language != "es" || len(d.Actions) == 0 || d.Opening.Fields[0].Options[0].Synonyms[0] != "Redes" {
		t.Errorf("desk %+v", d)
	}
}

// Desks of included files join; what else those files say does not count.
func TestInclude(t *testing.T) {
	c, err := config.Load([]string{"testdata/good/main.yaml"}, spanish)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Desks) != 2 || c.Desks[0].ID != "dos" || c.Desks[1].ID != "tres" {
		t.Fatalf("desks %+v", c.Desks)
	}
	if c.Hostname != "mail.desk.example" || c.Data != "./data" {
		t.Errorf("hostname %s, data %s", c.Hostname, c.Data)
	}
	if dos := c.Desks[0]; dos.Words != "testdata/good/words" || dos.Correspondence != dos.Intake || dos.SenderName != dos.Name {
		t.Errorf("desk %+v", dos)
	}
	if c.Delivery.Relay.Password != "secreto de prueba" {
		t.Errorf("password %q", c.Delivery.Relay.Password)
	}
	if network, address := c.LMTP[0].Network(); network != "unix" || address != "/run/cauce/lmtp" {
		t.Errorf("lmtp %s %s", network, address)
	}
	if network, address := c.LMTP[1].Network(); network != "tcp" || address != "127.0.0.1:2424" {
		t.Errorf("lmtp %s %s", network, address)
	}
}

// Several files given are as one that includes the others.
func TestSeveralFiles(t *testing.T) {
	c, err := config.Load([]string{"testdata/good/desks/tres.yaml", "testdata/good/desks/dos.yaml"}, spanish)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Desks) != 2 || c.Hostname != "" {
		t.Errorf("hostname %q, %d desks", c.Hostname, len(c.Desks))
	}
}

// What turns out wrong after loading is put down to the line of its key.
func TestFault(t *testing.T) {
	c, err := config.Load([]string{"testdata/good/main.yaml"}, spanish)
	if err != nil {
		t.Fatal(err)
	}
	got := c.Desks[0].Fault("words", errors.New("no such notice")).Error()
	if want := "testdata/good/desks/dos.yaml:12: desks[0].words: no such notice"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func preset(t testing.TB) []byte {
	t.Helper()
	text, err := presets.Read(presets.Default)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func parse(t testing.TB, text []byte, o config.Options) *config.Config {
	t.Helper()
	c, err := config.Parse("desk.yaml", text, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
