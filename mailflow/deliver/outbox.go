package deliver

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Envelope is one mail for one recipient. From is the return path, "" for the
// null one. Addresses are local@domain without angle brackets, the local part
// without quotes. Raw is the whole mail; line ends may be of any kind. ID is
// the same at every attempt, so that who can may know a mail it has already;
// letters and digits, or empty.
type Envelope struct {
	ID       string
	From, To string
	Raw      []byte
}

// Receipt is the word of the next hop that has taken a mail: its name, which
// an MX gives with the address, as "mx.ayto.example [192.0.2.1]", and its
// reply, on one line. TLS is the version the mail went under, as "TLS 1.3", and
// empty where it went in clear; Verified says that the certificate was valid
// for the host. Policy is what MTA-STS had to say: "enforce", "testing" or
// "testing: " and what it would have refused; empty where there is none.
type Receipt struct {
	Host, Reply string
	TLS         string
	Verified    bool
	Policy      string
}

// Transport hands one mail to the next hop and returns when that has taken
// responsibility for it. A *Failure, which may be wrapped, says more; any other
// error is temporary. Send is called by several goroutines at once.
type Transport interface {
	Send(ctx context.Context, e Envelope) (Receipt, error)
}

// Failure says why a mail was not taken. Permanent: the same mail will never
// be. Code is the remote's reply code, and Text its words; with Code 0 no
// remote has spoken and the words are ours, for the operator. Enhanced is the
// status of RFC 3463, "" if none was given. Text is one line without control
// characters, at most 500 octets.
type Failure struct {
	Permanent      bool
	Code           int
	Enhanced, Text string
}

// Error gives the words of the remote in the order in which it said them.
func (f *Failure) Error() string {
	var words []string
	if f.Code != 0 {
		words = append(words, fmt.Sprint(f.Code))
	}
	if f.Enhanced != "" {
		words = append(words, f.Enhanced)
	}
	return strings.Join(append(words, f.Text), " ")
}

// asFailure makes a Failure of any error: temporary unless it says otherwise.
func asFailure(err error) Failure {
	var failure *Failure
	if errors.As(err, &failure) {
		return *failure
	}
	return Failure{Text: oneLine(err.Error())}
}

const maxText = 500

// oneLine makes a stranger's words fit for a log line or a report.
func oneLine(s string) string {
	s = strings.ToValidUTF8(s, "?")
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || 0x7f <= r && r <= 0xa0 }), " ")
	return strings.ToValidUTF8(s[:min(len(s), maxText)], "")
}

// Job is one mail of the outbox, under lease to whoever claimed it. Attempt
// counts from 1 and includes the one this claim is for. Created is when the
// mail was queued, from which its patience is counted.
type Job struct {
	ID      string
	Attempt int
	Created time.Time
}

// Result is what came of an attempt.
type Result string

// The three results. Failed is final: refused for good, or out of time.
const (
	Delivered Result = "delivered"
	Deferred  Result = "deferred"
	Failed    Result = "failed"
)

// Outcome is the end of one attempt. Retry is set for Deferred, Receipt for
// Delivered, Failure for the other two; a Failed whose Failure is not permanent
// ran out of time.
type Outcome struct {
	Job     Job
	Result  Result
	At      time.Time
	Retry   time.Time
	Receipt Receipt
	Failure Failure
}

// Queue is the outbox, kept where it survives a crash.
//
// Claim returns at most n jobs that are due at now. Before it returns it has
// recorded, for each, one attempt more and a lease: a time until which nobody
// else gets the job, longer than Options.SendTimeout and Grace together. A job
// whose lease has run out unsettled is due again. next is the earliest time at
// which a job that was not returned becomes due, by its retry time or by the
// end of its lease; zero if there is none.
//
// Settle records an outcome and ends the lease. It is called again with the
// same outcome after an error, even if the first call did succeed, and must
// then change nothing.
//
// Both are called by several goroutines at once.
type Queue interface {
	Claim(ctx context.Context, now time.Time, n int) (jobs []Job, next time.Time, err error)
	Settle(ctx context.Context, o Outcome) error
}

// Composer renders the mail of a job, the same at each attempt. An error is
// temporary unless it is a *Failure that says it is permanent.
type Composer interface {
	Compose(ctx context.Context, j Job) (Envelope, error)
}

// Clock is the time the desk lives by. Until returns a channel that is closed
// when the clock reaches t, at once if it has.
type Clock interface {
	Now() time.Time
	Until(t time.Time) <-chan struct{}
}

// wallClock is the clock of the machine.
type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }

func (wallClock) Until(t time.Time) <-chan struct{} {
	reached := make(chan struct{})
	time.AfterFunc(time.Until(t), func() { close(reached) })
	return reached
}
