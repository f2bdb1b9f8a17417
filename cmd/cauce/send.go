package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/cauce-desk/cauce/config"
	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/mailflow/compose"
	"github.com/cauce-desk/cauce/mailflow/deliver"
)

// sending is what the flags of "cauce send" say.
type sending struct {
	server, from, to, subject, body, file string
	attach                                []string
	files                                 []compose.Attachment // beyond those of attach
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
	flags.StringVar(&s.from, "from", "", "`ADDRESS` of the sender (default: somebody who may open a ticket)")
	flags.StringVar(&s.to, "to", "", "`ADDRESS` of the recipient (default: the desk's intake)")
	flags.StringVar(&s.subject, "subject", "", "`TEXT` of the subject (default: the desk's opening subject)")
	flags.StringVar(&s.body, "body", "", "`TEXT` of the mail, \"-\" for standard input (default: the desk's form with what is required filled in)")
	flags.StringArrayVar(&s.attach, "attach", nil, "`FILE` to attach; may be given several times")
	flags.StringVar(&s.file, "file", "", "send this `FILE`, a whole mail, as it is")
	return cmd
}

// sendTimeout bounds the whole conversation.
const sendTimeout = 2 * time.Minute

func (s sending) send(ctx context.Context, c *config.Config, show screen) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	if err := s.complete(c); err != nil {
		return err
	}
	client := &mailclient.Client{Server: s.server, Now: time.Now}
	raw, err := s.bytes(client)
	if err != nil {
		return err
	}
	reply, err := client.Deliver(ctx, s.from, s.to, raw)
	if err != nil {
		return s.refusal(err)
	}
	return show.show(map[string]string{"from": s.from, "to": s.to, "reply": reply}, func() error {
		_, err := fmt.Fprintf(show.out, "%s → %s: %s\n", s.from, s.to, reply)
		return err
	})
}

// refusal says why the server did not take the mail: in its own words, or what
// went wrong before it had any.
func (s sending) refusal(err error) error {
	if failure, ok := errors.AsType[*deliver.Failure](err); ok {
		return fmt.Errorf("%s did not take the mail of %s to %s: %w", s.server, s.from, s.to, failure)
	}
	if cause := errors.Unwrap(err); cause != nil {
		err = cause // what is around it speaks of the server as one that hands mail on
	}
	return fmt.Errorf("%s did not take the mail: %w", s.server, err)
}

// complete fills in what the flags left out.
func (s *sending) complete(c *config.Config) error {
	desk := c.Desks[0]
	if s.server == "" && len(c.Listen) > 0 {
		s.server = string(c.Listen[0])
	}
	if s.server == "" {
		return errors.New("the configuration listens for no SMTP: give --server ADDR")
	}
	if err := s.completeSender(desk); err != nil {
		return err
	}
	if s.to == "" {
		s.to = string(desk.Intake)
	}
	if s.body == "" {
		s.body, s.files = exampleBody(desk, time.Now()), exampleFiles(desk)
	}
	if s.subject == "" {
		s.subject = desk.Opening.Subject
	}
	return nil
}

// completeSender finds a sender: of a mail that opens a ticket, somebody who
// may.
func (s *sending) completeSender(desk config.Desk) error {
	if s.from != "" {
		return nil
	}
	who, err := openerAt(desk)
	if err != nil && s.subject == "" && s.file == "" {
		return err
	}
	s.from = string(cmp.Or(who, stranger))
	return nil
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
	draft := mailclient.Draft{From: s.from, To: s.to, Subject: s.subject, Body: s.body, Files: s.files}
	for _, path := range s.attach {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		draft.Files = append(draft.Files, compose.Attachment{Filename: filepath.Base(path), ContentType: "application/octet-stream", Data: data})
	}
	return client.Bytes(draft)
}
