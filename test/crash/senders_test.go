//go:build crash

package crash

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cauce-desk/cauce/internal/mailclient"
	"github.com/cauce-desk/cauce/ticket"
)

// senders is how many send at once.
const senders = 8

// post sends the letters, several at once, until all are through or ctx is
// done, and notes the number each was answered. A letter that was answered
// before must be answered the same.
func post(ctx context.Context, t *testing.T, server string, letters []*letter) {
	tray := make(chan *letter, len(letters))
	for _, l := range letters {
		tray <- l
	}
	close(tray)
	client := &mailclient.Client{Server: server, Now: time.Now}
	var all sync.WaitGroup
	for range senders {
		all.Go(func() {
			for l := range tray {
				if ctx.Err() == nil {
					l.post(ctx, t, client)
				}
			}
		})
	}
	all.Wait()
}

func (l *letter) post(ctx context.Context, t *testing.T, client *mailclient.Client) {
	l.tries++
	reply, err := client.Deliver(ctx, string(l.from), intake, l.raw)
	if err != nil {
		return // it is sent again
	}
	words := strings.Fields(reply)
	number := ticket.Number(words[len(words)-1])
	if l.number != "" && number != l.number {
		t.Errorf("%s was answered %s, and then %s", l.from, l.number, number)
	}
	l.number = number
}

// unanswered are the letters that got no 250.
func unanswered(letters []*letter) []*letter {
	var left []*letter
	for _, l := range letters {
		if l.number == "" {
			left = append(left, l)
		}
	}
	return left
}
