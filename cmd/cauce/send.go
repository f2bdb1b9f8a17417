package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/mailflow/compose"
	"github.com/cauce-desk/cauce/ticket"
)

// sending is what the flags of "cauce send" say.
type sending struct {
	server, from, to, subject, body, file string
	attach                                []string
	stdin                                 io.Reader
}

func newSendCommand(src *source) *cobra.Command {
	var s sending
	cmd := &cobra.Command{
		Use:   "send",
		Short: "Send a mail to the desk; without flags, a first incident",
		Long: "Send a mail over SMTP and print what the server answered. Without flags it opens an incident at the\n" +
			"configuration's first desk. To follow a link of a mail, give its subject and body.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cmd.SilenceUsage = true
			c, err := src.load()
			if err != nil {
				return err
			}
			s.stdin = cmd.InOrStdin()
			return s.send(cmd.Context(), c, newScreen(cmd))
		},
	}
	flags := cmd.Flags()
	flags.Bool("json", false, "print JSON")
	flags.StringVar(&s.server, "server", "", "`ADDR` host:port of the SMTP server (default: where the configuration listens)")
	flags.StringVar(&s.from, "from", "ana@ayuntamiento.example", "`ADDRESS` of the sender")
	flags.StringVar(&s.to, "to", "", "`ADDRESS` of the recipient (default: the desk's intake)")
	flags.StringVar(&s.subject, "subject", "", "`TEXT` of the subject (default: the desk's opening subject)")
	flags.StringVar(&s.body, "body", "", "`TEXT` of the mail, \"-\" for standard input (default: the desk's form, filled in)")
	flags.StringArrayVar(&s.attach, "attach", nil, "`FILE` to attach; may be given several times")
	flags.StringVar(&s.file, "file", "", "send this `FILE`, a whole mail, as it is")
	return cmd
}

// sendTimeout bounds the whole conversation.
const sendTimeout = 2 * time.Minute

func (s sending) send(ctx context.Context, c *config.Config, show screen) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	s.complete(c)
	client := &mailclient.Client{Server: s.server, Now: time.Now}
	raw, err := s.bytes(client)
	if err != nil {
		return err
	}
	reply, err := client.Deliver(ctx, s.from, s.to, raw)
	if err != nil {
		return fmt.Errorf("%s did not take the mail: %w", s.server, err)
	}
	return show.show(map[string]string{"from": s.from, "to": s.to, "reply": reply}, func() error {
		_, err := fmt.Fprintf(show.out, "%s → %s: %s\n", s.from, s.to, reply)
		return err
	})
}

// complete fills in what the flags left out.
func (s *sending) complete(c *config.Config) {
	desk := c.Desks[0]
	if s.server == "" && len(c.Listen) > 0 {
		s.server = string(c.Listen[0])
	}
	if s.to == "" {
		s.to = string(desk.Intake)
	}
	if s.subject == "" {
		s.subject = desk.Opening.Subject
	}
	if s.body == "" {
		s.body = exampleBody(desk)
	}
}

func (s sending) bytes(client *mailclient.Client) ([]byte, error) {
	if s.file != "" {
		return os.ReadFile(s.file)
	}
	if s.body == "-" {
		text, err := io.ReadAll(s.stdin)
		if err != nil {
			return nil, err
		}
		s.body = string(text)
	}
	draft := mailclient.Draft{From: s.from, To: s.to, Subject: s.subject, Body: s.body}
	for _, path := range s.attach {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		draft.Files = append(draft.Files, compose.Attachment{Filename: filepath.Base(path), ContentType: "application/octet-stream", Data: data})
	}
	return client.Bytes(draft)
}

// exampleBody is the desk's opening form, filled in with its first options.
func exampleBody(desk config.Desk) string {
	var b strings.Builder
	for _, f := range desk.Opening.Fields {
		value := "Prueba"
		switch {
		case len(f.Options) > 0:
			value = f.Options[0].Value
		case f.Kind == ticket.LongTextField:
			value = "No se puede entrar en la aplicación."
		case f.Kind == ticket.AddressField:
			value = "ana@ayuntamiento.example"
		}
		fmt.Fprintf(&b, "%s: %s\n", f.Label, value)
	}
	return b.String()
}
