package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/net/netutil"
)

// Serve lets the owner of the data folder dir ask ops over the socket in it
// until ctx is done: Listen and Run in one.
func Serve(ctx context.Context, dir string, ops Operations, log *slog.Logger) error {
	s, err := Listen(dir)
	if err != nil {
		return err
	}
	return s.Run(ctx, ops, log)
}

// Server is a control socket that listens. It must be Run, once; a context
// that is done already only closes it.
type Server struct {
	dir      string
	file     os.FileInfo // of the socket
	listener net.Listener
	slots    chan struct{} // one taken for each answer being made
	grace    time.Duration // for answers under way when the daemon stops
}

// Listen makes the control socket of the data folder dir, which must exist
// and belong to this process: whoever calls it holds the store open. From its
// return on Dial succeeds, and what is asked waits for Run. It fails if the
// folder may be written to by everybody or another daemon listens in it.
func Listen(dir string) (*Server, error) {
	listener, err := listen(dir)
	if err != nil {
		return nil, fmt.Errorf("control socket in %s: %w", dir, err)
	}
	file, err := os.Lstat(filepath.Join(dir, socketName))
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return &Server{dir: dir, file: file, listener: listener, slots: make(chan struct{}, maxBusy), grace: grace}, nil
}

// Run answers until ctx is done, removes the socket and returns when the
// answers under way are given, or after five seconds are broken off. The error
// is nil unless the socket failed.
func (s *Server) Run(ctx context.Context, ops Operations, log *slog.Logger) error {
	working, breakOff := context.WithCancel(context.WithoutCancel(ctx))
	defer breakOff()
	server := s.http(working, s.routes(ops, log), log)
	failed := make(chan error, 1)
	go func() {
		defer close(failed)
		failed <- server.Serve(netutil.LimitListener(s.listener, maxConns))
	}()

	var err error
	select {
	case err = <-failed:
		err = fmt.Errorf("control socket in %s: %w", s.dir, err)
	case <-ctx.Done():
	}
	s.remove()
	s.stop(server, breakOff)
	for range failed { // until Serve has returned
	}
	return err
}

// remove removes the socket, unless the folder was made anew meanwhile and it
// is another daemon's. One left behind is replaced by the next daemon.
func (s *Server) remove() {
	path := filepath.Join(s.dir, socketName)
	if now, err := os.Lstat(path); err == nil && os.SameFile(now, s.file) {
		_ = os.Remove(path)
	}
}

func (s *Server) http(ctx context.Context, handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      patience,
		IdleTimeout:       10 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// stop ends the server and waits for every answer being made.
func (s *Server) stop(server *http.Server, breakOff func()) {
	soon, cancel := context.WithTimeout(context.Background(), s.grace)
	defer cancel()
	if server.Shutdown(soon) != nil {
		breakOff()
		_ = server.Close()
	}
	for range maxBusy {
		s.slots <- struct{}{}
	}
}

func (s *Server) routes(ops Operations, log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	handle := func(operation string, h http.Handler) {
		mux.Handle("POST "+route(operation), s.bounded(logged(log, operation, h)))
	}
	handle(opTickets, answer(ops.Tickets))
	handle(opTicket, answer(func(ctx context.Context, q ticketQuestion) (a ticketAnswer, err error) {
		a.Ticket, a.Events, err = ops.Ticket(ctx, q.Desk, q.Number)
		return a, err
	}))
	handle(opJournal, answer(ops.Journal))
	handle(opMail, answer(func(ctx context.Context, id string) (a mailAnswer, err error) {
		a.Entry, a.Raw, err = ops.Mail(ctx, id)
		return a, err
	}))
	handle(opQueue, answer(ops.Queue))
	handle(opRetry, answer(ops.Retry))
	handle(opAdvance, answer(ops.Advance))
	return mux
}

// bounded makes answers wait for their turn.
func (s *Server) bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case s.slots <- struct{}{}:
			defer func() { <-s.slots }()
			next.ServeHTTP(w, r)
		case <-r.Context().Done():
		}
	})
}

// logged records who changes things, and what is looked at when debugging.
func logged(log *slog.Logger, operation string, next http.Handler) http.Handler {
	level := slog.LevelDebug
	if operation == opRetry || operation == opAdvance {
		level = slog.LevelInfo
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		log.Log(r.Context(), level, "operator asks over the control socket", slog.String("operation", operation))
		next.ServeHTTP(w, r)
	})
}

// answer lets do be asked by JSON.
func answer[Q, A any](do func(context.Context, Q) (A, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var question Q
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxQuestion)).Decode(&question); err != nil {
			reply(w, http.StatusBadRequest, newFailure(fmt.Errorf("question not understood: %w", err)))
			return
		}
		a, err := do(r.Context(), question)
		if err != nil {
			reply(w, http.StatusUnprocessableEntity, newFailure(err))
			return
		}
		reply(w, http.StatusOK, a)
	})
}

// reply writes the answer. If that fails nobody is listening any more.
func reply(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value)
}
