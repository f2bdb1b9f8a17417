package smtpd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"time"
)

// eventLog holds the log lines of this package, one method per event.
type eventLog struct{ to *slog.Logger }

func (l eventLog) connected(remote netip.Addr, refusal string) {
	if refusal != "" {
		l.to.Info("connection turned away", "remote", remote, "reply", refusal)
		return
	}
	l.to.Debug("connected", "remote", remote)
}

func (l eventLog) closed(remote netip.Addr, open time.Duration) {
	l.to.Debug("connection closed", "remote", remote, "open", open)
}

// adopted is a connection that turns out to be another's, by the word of who
// made it.
func (l eventLog) adopted(by, client netip.Addr) {
	l.to.Debug("connection of a client", "by", by, "remote", client)
}

// notIntroduced is a proxy that does not say whom it brings.
func (l eventLog) notIntroduced(proxy netip.Addr, err error) {
	l.to.Warn("no usable PROXY header", "proxy", proxy, "err", err)
}

// blocklistSilent is a list that did not answer: its peer was let pass.
func (l eventLog) blocklistSilent(zone string, err error) {
	l.to.Warn("blocklist does not answer", "zone", zone, "err", err)
}

// hungUp is a conversation that we ended.
func (l eventLog) hungUp(remote netip.Addr, reply string) {
	l.to.Info("hung up", "remote", remote, "reply", reply)
}

func (l eventLog) tlsFailed(remote netip.Addr, err error) {
	l.to.Info("tls handshake failed", "remote", remote, "err", err)
}

func (l eventLog) recipientRefused(remote netip.Addr, from, to string, err error) {
	l.to.Log(context.Background(), level(err), "recipient refused", "remote", remote, "from", from, "to", to, "err", err)
}

// mailCut is a mail whose text broke off.
func (l eventLog) mailCut(remote netip.Addr, err error) {
	l.to.Info("mail cut off", "remote", remote, "err", err)
}

func (l eventLog) mailRefused(remote netip.Addr, from string, to []string, err error) {
	l.to.Log(context.Background(), level(err), "mail refused", "remote", remote, "from", from, "to", to, "err", err)
}

// level tells a refusal by rule from a failure that somebody should look into.
func level(err error) slog.Level {
	if _, ok := errors.AsType[*Refused](err); ok {
		return slog.LevelInfo
	}
	return slog.LevelWarn
}

func (l eventLog) mailAccepted(remote netip.Addr, from string, to []string, size int64, texts []string) {
	l.to.Info("mail accepted", "remote", remote, "from", from, "to", to, "size", size, "reply", merge(texts))
}

// replyLost matters after a mail was accepted: it will come again (RFC 1047).
func (l eventLog) replyLost(remote netip.Addr, reply string, err error) {
	l.to.Info("reply lost", "remote", remote, "reply", reply, "err", err)
}

func (l eventLog) panicked(remote netip.Addr, cause any, stack []byte) {
	l.to.Error("handler panicked", "remote", remote, "cause", cause, "stack", string(stack))
}

// Printf implements smtp.Logger: what go-smtp itself has to say.
func (l eventLog) Printf(format string, args ...any) {
	l.to.Warn("go-smtp", "said", strings.TrimSpace(fmt.Sprintf(format, args...)))
}

// Println implements smtp.Logger.
func (l eventLog) Println(args ...any) {
	l.to.Warn("go-smtp", "said", strings.TrimSpace(fmt.Sprintln(args...)))
}
