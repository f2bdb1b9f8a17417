package main

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/cauce-desk/cauce/dnsplan"
	"github.com/cauce-desk/cauce/keys"
)

// Where the keys stand in the data folder.
const (
	secretFile = "keys"
	dkimFolder = "dkim"
)

// inData is the work of a command on the files of a data folder.
type inData func(dir string, s screen, args []string) error

// newKeysCommand makes "cauce keys", which looks after what must stay secret.
func newKeysCommand(src *source) *cobra.Command {
	parent := &cobra.Command{Use: "keys", Short: "Look after the desks' secrets and signing keys", Args: cobra.NoArgs}
	parent.PersistentFlags().Bool("json", false, "print JSON")
	parent.AddCommand(newKeysList(src), newKeysRotate(src), newKeysDKIM(src))
	return parent
}

// keyed makes an inData what cobra runs.
func keyed(src *source, do inData) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		cmd.SilenceUsage = true
		dir, err := src.dataDir(cmd)
		if err != nil {
			return err
		}
		return do(dir, newScreen(cmd), args)
	}
}

func newKeysRotate(src *source) *cobra.Command {
	var overlap string
	cmd := &cobra.Command{
		Use:   "rotate",
		Short: "Make a new secret for links; those made before go on working for a while",
		Args:  cobra.NoArgs,
	}
	cmd.Flags().StringVar(&overlap, "overlap", "90d", "for how `LONG` links made until now still work; 0, as after a theft, ends them all")
	cmd.RunE = keyed(src, func(dir string, s screen, _ []string) error {
		span, err := parseOverlap(overlap)
		if err != nil {
			return err
		}
		path := filepath.Join(dir, secretFile)
		ring, err := keys.Rotate(path, time.Now(), span)
		if err != nil {
			return err
		}
		return s.rotated(path, ring)
	})
	return cmd
}

func parseOverlap(text string) (time.Duration, error) {
	if text == "0" {
		return 0, nil
	}
	span, err := parseSpan(text)
	if err != nil {
		return 0, fmt.Errorf("--overlap: %w", err)
	}
	return span, nil
}

func (s screen) rotated(path string, ring keys.Ring) error {
	return s.show(map[string]any{"file": path, "earlier_until": append([]time.Time{}, ring.Lapses()...)}, func() error {
		fmt.Fprintf(s.out, "%s has a new secret.\n", path)
		if lapses := ring.Lapses(); len(lapses) > 0 {
			fmt.Fprintf(s.out, "Links made before it work until %s at most.\n", localTime(lapses[0]))
		} else {
			fmt.Fprintln(s.out, "Links made before it do not work any more.")
		}
		_, err := fmt.Fprintln(s.out, rereadHint)
		return err
	})
}

const rereadHint = "A daemon that runs takes it when it reads its configuration again (SIGHUP) or is started again."

func newKeysDKIM(src *source) *cobra.Command {
	var selector, algorithm string
	cmd := &cobra.Command{
		Use:   "dkim DOMAIN",
		Short: "Make a key that mail from a domain is signed with, and show its DNS record",
		Args:  cobra.ExactArgs(1),
	}
	cmd.Flags().StringVar(&selector, "selector", "", "`NAME` of the key (default: from the month, such as cauce202611)")
	cmd.Flags().StringVar(&algorithm, "algorithm", string(keys.RSA), "`KIND` of key: rsa, which everybody understands, or ed25519, for a second signature")
	cmd.RunE = keyed(src, func(dir string, s screen, args []string) error {
		if selector == "" {
			selector = keys.DefaultSelector(keys.Algorithm(algorithm), time.Now())
		}
		folder := filepath.Join(dir, dkimFolder)
		key, err := keys.CreateDKIM(folder, args[0], selector, keys.Algorithm(algorithm))
		if err != nil {
			return err
		}
		return s.newDKIM(folder, key)
	})
	return cmd
}

// shownDKIM is a key as it may be shown.
type shownDKIM struct {
	Domain    string         `json:"domain"`
	Selector  string         `json:"selector"`
	Algorithm keys.Algorithm `json:"algorithm"`
	Bits      int            `json:"bits"`
	File      string         `json:"file"`
	Name      string         `json:"name"`
	TXT       string         `json:"txt"`
}

func showDKIM(folder string, key keys.DKIM) (shownDKIM, error) {
	txt, err := key.TXT()
	return shownDKIM{
		Domain: key.Domain, Selector: key.Selector, Algorithm: key.Algorithm(), Bits: key.Bits(),
		File: key.Path(folder), Name: key.Name(), TXT: txt,
	}, err
}

func (s screen) newDKIM(folder string, key keys.DKIM) error {
	shown, err := showDKIM(folder, key)
	if err != nil {
		return err
	}
	return s.show(shown, func() error {
		record := dnsplan.Record{Name: shown.Name, Type: "TXT", Value: shown.TXT}
		_, err := fmt.Fprintf(s.out, "%s has a new key. Publish its record:\n\n%s\n\n%s\n", shown.File, record.Line(), rereadHint)
		return err
	})
}

func newKeysList(src *source) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the secrets and signing keys there are, but not what they are",
		Args:  cobra.NoArgs,
		RunE: keyed(src, func(dir string, s screen, _ []string) error {
			ring, err := keys.Read(filepath.Join(dir, secretFile))
			if err != nil {
				return err
			}
			folder := filepath.Join(dir, dkimFolder)
			found, err := keys.LoadDKIM(folder)
			if err != nil {
				return err
			}
			shown := []shownDKIM{}
			for _, key := range found {
				one, err := showDKIM(folder, key)
				if err != nil {
					return err
				}
				shown = append(shown, one)
			}
			return s.keys(filepath.Join(dir, secretFile), ring, shown)
		}),
	}
}

func (s screen) keys(path string, ring keys.Ring, signing []shownDKIM) error {
	value := map[string]any{
		"secret": map[string]any{"file": path, "earlier_until": append([]time.Time{}, ring.Lapses()...)},
		"dkim":   signing,
	}
	return s.show(value, func() error {
		rows := [][]string{{"links", "in force", "", path}}
		for _, until := range ring.Lapses() {
			rows = append(rows, []string{"links", "until " + localTime(until), "", path})
		}
		for _, key := range signing {
			rows = append(rows, []string{"dkim", key.Name, fmt.Sprintf("%s, %d bits", key.Algorithm, key.Bits), key.File})
		}
		return s.table([]string{"FOR", "WHICH", "KIND", "FILE"}, rows)
	})
}
