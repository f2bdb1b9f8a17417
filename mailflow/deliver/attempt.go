package deliver

import (
	"context"
	"log/slog"
	"time"
)

// attempt composes and sends one mail, and judges what came of it.
func (c *Courier) attempt(ctx context.Context, job Job) Outcome {
	ctx, cancel := context.WithTimeout(ctx, c.options.SendTimeout)
	defer cancel()
	receipt, err := c.send(ctx, job)
	return c.judge(job, receipt, err, c.options.Clock.Now())
}

func (c *Courier) send(ctx context.Context, job Job) (Receipt, error) {
	envelope, err := c.options.Composer.Compose(ctx, job)
	if err != nil {
		return Receipt{}, err
	}
	return c.options.Transport.Send(ctx, envelope)
}

// judge is pure.
func (c *Courier) judge(job Job, receipt Receipt, err error, now time.Time) Outcome {
	o := Outcome{Job: job, At: now}
	if err == nil {
		o.Result, o.Receipt = Delivered, receipt
		return o
	}
	o.Result, o.Failure = Failed, asFailure(err)
	if o.Failure.Permanent {
		return o
	}
	if retry, again := c.schedule.next(job, now); again {
		o.Result, o.Retry = Deferred, retry
	}
	return o
}

const (
	settleTimeout  = 10 * time.Second
	settlePause    = time.Second
	maxSettlePause = time.Minute
)

// settle records an outcome, however often that takes: a mail that went out
// and is not known to have would go out again. Only the end of the grace stops
// it, after one try more.
func (c *Courier) settle(ctx context.Context, o Outcome) {
	for pause := settlePause; ; pause = min(2*pause, maxSettlePause) {
		err := c.settleOnce(ctx, o)
		if err == nil {
			c.logOutcome(ctx, o)
			return
		}
		c.logSettleFailed(ctx, o, err)
		if ctx.Err() != nil {
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

func (c *Courier) settleOnce(ctx context.Context, o Outcome) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	return c.options.Queue.Settle(ctx, o)
}

func (c *Courier) logOutcome(ctx context.Context, o Outcome) {
	attrs := []slog.Attr{
		slog.String("job", o.Job.ID), slog.Int("attempt", o.Job.Attempt), slog.String("result", string(o.Result)),
	}
	level := slog.LevelInfo
	switch o.Result {
	case Delivered:
		attrs = append(attrs, slog.String("host", o.Receipt.Host), slog.String("reply", o.Receipt.Reply),
			slog.String("tls", o.Receipt.TLS), slog.Bool("verified", o.Receipt.Verified), slog.String("policy", o.Receipt.Policy))
	case Deferred:
		attrs = append(attrs, slog.String("reason", o.Failure.Error()), slog.Time("retry", o.Retry))
	case Failed:
		level = slog.LevelWarn
		attrs = append(attrs, slog.String("reason", o.Failure.Error()))
	}
	c.options.Logger.LogAttrs(ctx, level, "mail out", attrs...)
}

func (c *Courier) logClaimFailed(ctx context.Context, err error) {
	c.options.Logger.ErrorContext(ctx, "outbox cannot be read", "error", err)
}

func (c *Courier) logSettleFailed(ctx context.Context, o Outcome, err error) {
	c.options.Logger.ErrorContext(ctx, "outcome cannot be recorded",
		"job", o.Job.ID, "result", string(o.Result), "error", err)
}
