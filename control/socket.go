package control

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const (
	socketName  = "control.sock"
	privateName = ".control" // where the socket is made before it is moved

	// maxPath is the longest path a unix socket's address holds everywhere:
	// 107 bytes on Linux (unix(7)), 103 on macOS and the BSDs (unix(4)).
	maxPath = 103

	dialPatience = 5 * time.Second
)

// listen puts a socket only its owner may open into the folder.
func listen(dir string) (net.Listener, error) {
	if err := vacant(dir); err != nil {
		return nil, err
	}
	private := filepath.Join(dir, privateName)
	if err := errors.Join(os.RemoveAll(private), os.Mkdir(private, 0o700)); err != nil {
		return nil, err
	}
	defer os.RemoveAll(private)
	listener, err := bind(private)
	if err != nil {
		return nil, err
	}
	made := filepath.Join(private, socketName)
	if err := errors.Join(os.Chmod(made, 0o600), os.Rename(made, filepath.Join(dir, socketName))); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
}

// vacant returns an error if the folder is not fit for a socket, or its place
// is taken by a daemon that answers or by something else than a socket.
func vacant(dir string) error {
	if err := trusted(dir); err != nil {
		return err
	}
	conn, err := connect(context.Background(), dir)
	if err == nil {
		conn.Close()
		return errors.New("another daemon listens there")
	}
	info, err := os.Lstat(filepath.Join(dir, socketName))
	if err == nil && info.Mode().Type() != fs.ModeSocket {
		return fmt.Errorf("%s is there and is no socket", socketName)
	}
	return nil
}

// trusted returns an error if everybody may put files into the folder.
func trusted(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if info.Mode()&0o002 != 0 {
		return fmt.Errorf("everybody may write to %s: chmod o-w", dir)
	}
	return nil
}

func bind(dir string) (net.Listener, error) {
	var listener *net.UnixListener
	err := within(dir, func(path string) (err error) {
		listener, err = net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
		return err
	})
	if err != nil {
		return nil, err
	}
	listener.SetUnlinkOnClose(false) // it will have moved
	return listener, nil
}

// connect opens a connection to the daemon that has its socket in the folder,
// or returns ErrNoDaemon.
func connect(ctx context.Context, dir string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: dialPatience}
	var conn net.Conn
	err := within(dir, func(path string) (err error) {
		conn, err = dialer.DialContext(ctx, "unix", path)
		return err
	})
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return nil, ErrNoDaemon
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("only the user the daemon runs as may use %s: %w", filepath.Join(dir, socketName), err)
	}
	return conn, err
}

// within calls use with a path to the folder's socket that is short enough to
// be an address. A long one is reached through the open folder, which Linux
// shows under /proc/self/fd.
func within(dir string, use func(path string) error) error {
	path := filepath.Join(dir, socketName)
	if len(path) <= maxPath {
		return use(path)
	}
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer folder.Close()
	short := fmt.Sprintf("/proc/self/fd/%d", folder.Fd())
	if _, err := os.Stat(short); err != nil {
		return fmt.Errorf("%s is longer than the %d bytes a socket's path may have: choose a shorter data folder", path, maxPath)
	}
	return use(filepath.Join(short, socketName))
}
