package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/cauce-desk/cauce/store"
	"github.com/cauce-desk/cauce/ticket"
)

// Client asks the running daemon. It may be used concurrently and needs no
// closing: each question is a connection of its own. If the daemon stops in
// between, its methods return ErrNoDaemon.
type Client struct{ http *http.Client }

var _ Operations = (*Client)(nil)

// Dial finds the daemon that runs on the data folder dir: ErrNoDaemon if none
// does. It fails if everybody may write to the folder, for then whoever
// listens there need not be the daemon, and if the daemon is another user's.
func Dial(dir string) (*Client, error) {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) { return connect(ctx, dir) }
	conn, err := dial(context.Background(), "", "")
	if err == nil {
		conn.Close()
		err = trusted(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("control socket in %s: %w", dir, err)
	}
	return &Client{http: &http.Client{
		Timeout:   patience,
		Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true, DisableCompression: true},
	}}, nil
}

// Tickets implements Operations.
func (c *Client) Tickets(ctx context.Context, desk string) ([]ticket.Ticket, error) {
	return ask[[]ticket.Ticket](ctx, c, opTickets, desk)
}

// Ticket implements Operations.
func (c *Client) Ticket(ctx context.Context, desk string, number ticket.Number) (ticket.Ticket, []ticket.Event, error) {
	a, err := ask[ticketAnswer](ctx, c, opTicket, ticketQuestion{Desk: desk, Number: number})
	return a.Ticket, a.Events, err
}

// Journal implements Operations.
func (c *Client) Journal(ctx context.Context, f store.JournalFilter) ([]store.Entry, error) {
	return ask[[]store.Entry](ctx, c, opJournal, f)
}

// Mail implements Operations.
func (c *Client) Mail(ctx context.Context, id string) (store.Entry, []byte, error) {
	a, err := ask[mailAnswer](ctx, c, opMail, id)
	return a.Entry, a.Raw, err
}

// Queue implements Operations.
func (c *Client) Queue(ctx context.Context, all bool) ([]store.Notice, error) {
	return ask[[]store.Notice](ctx, c, opQueue, all)
}

// Retry implements Operations.
func (c *Client) Retry(ctx context.Context, ids []string) (int, error) {
	return ask[int](ctx, c, opRetry, ids)
}

// Advance implements Operations.
func (c *Client) Advance(ctx context.Context, d time.Duration) (time.Time, error) {
	return ask[time.Time](ctx, c, opAdvance, d)
}

// ask sends a question and reads the answer to it.
func ask[A any](ctx context.Context, c *Client, operation string, question any) (answer A, err error) {
	body, err := json.Marshal(question)
	if err != nil {
		return answer, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://cauce"+route(operation), bytes.NewReader(body))
	if err != nil {
		return answer, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return answer, fmt.Errorf("ask the daemon: %w", bare(err))
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return answer, refusal(response)
	}
	return answer, decode(response.Body, &answer, maxAnswer)
}

// bare takes off what http says of addresses nobody typed.
func bare(err error) error {
	if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// refusal reads the error the daemon answered with.
func refusal(response *http.Response) error {
	f := new(failure)
	if decode(response.Body, f, maxAnswer) != nil || f.Message == "" {
		return fmt.Errorf("the daemon does not know the question (%s): it is of another version", response.Status)
	}
	return f
}

// decode reads a JSON value of fewer than limit bytes.
func decode(r io.Reader, value any, limit int64) error {
	limited := &io.LimitedReader{R: r, N: limit}
	err := json.NewDecoder(limited).Decode(value)
	switch {
	case err != nil && limited.N <= 0:
		return fmt.Errorf("the answer is longer than %d bytes: ask for less", limit)
	case err != nil:
		return fmt.Errorf("read the daemon's answer: %w", err)
	}
	return nil
}
