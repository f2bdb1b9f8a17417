package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/cauce-desk/cauce/control"
	"github.com/cauce-desk/cauce/store/bolt"
)

// opener finds out where a command's operations are done. The function beside
// them ends their use.
type opener func(cmd *cobra.Command) (control.Operations, func() error, error)

// operationsIn is the opener for the data folder a command's flags name.
func operationsIn(dataDir func(*cobra.Command) (string, error)) opener {
	return func(cmd *cobra.Command) (control.Operations, func() error, error) {
		dir, err := dataDir(cmd)
		if err != nil {
			return nil, nil, err
		}
		return openOperations(dir)
	}
}

// openOperations asks the daemon that runs on the data folder, or opens its
// store where none does. Unlike the daemon it makes no store that is not there.
func openOperations(dir string) (control.Operations, func() error, error) {
	ops, done, err := askDaemon(dir)
	if !errors.Is(err, control.ErrNoDaemon) {
		return ops, done, err
	}
	if err := storeIn(dir); err != nil {
		return nil, nil, err
	}
	kept, err := bolt.Open(bolt.Options{Dir: dir})
	switch {
	case err == nil:
		return control.Local{Store: kept}, kept.Close, nil
	case errors.Is(err, bolt.ErrLocked):
		return askStarting(dir, err)
	}
	return nil, nil, err
}

func askDaemon(dir string) (control.Operations, func() error, error) {
	client, err := control.Dial(dir)
	if err != nil {
		return nil, nil, err
	}
	return client, func() error { return nil }, nil
}

// askStarting asks the daemon once more: while this process waited for the
// store, which is locked, one may have got ready.
func askStarting(dir string, locked error) (control.Operations, func() error, error) {
	ops, done, err := askDaemon(dir)
	if errors.Is(err, control.ErrNoDaemon) {
		err = fmt.Errorf("%w, which does not answer: a daemon that is starting or stopping?", locked)
	}
	return ops, done, err
}

// storeIn returns an error if there is no database in the folder.
func storeIn(dir string) error {
	_, err := os.Stat(filepath.Join(dir, "cauce.db"))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("nothing is kept in %s, and no daemon runs on it", dir)
	}
	return err
}

// operation is the work of a command: it asks, and shows the answer.
type operation func(ctx context.Context, ops control.Operations, s screen, args []string) error

// operate makes an operation what cobra runs. From here on an error is no
// fault in the command line that the usage would explain.
func operate(open opener, do operation) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) (err error) {
		cmd.SilenceUsage = true
		ops, done, err := open(cmd)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, done()) }()
		return do(cmd.Context(), ops, newScreen(cmd), args)
	}
}

// withOperations makes the command under which others ask operations.
func withOperations(name, short string, commands ...*cobra.Command) *cobra.Command {
	parent := &cobra.Command{Use: name, Short: short, Args: cobra.NoArgs}
	parent.PersistentFlags().Bool("json", false, "print JSON instead of a table")
	parent.AddCommand(commands...)
	return parent
}
