// Command cauce is a service desk that lives in email. "cauce serve" runs it;
// the other commands look at it, try things out, and explain.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		stop()
		os.Exit(1)
	}
}

// run is the program; it says on errs what went wrong.
func run(ctx context.Context, args []string, out, errs io.Writer) error {
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	if err != nil {
		fmt.Fprintf(errs, "cauce: %v\n", err)
	}
	return err
}

// version is that of the module the program was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(unknown)"
	}
	return info.Main.Version
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "cauce",
		Short:         "A service desk that lives in email",
		SilenceErrors: true, // run prints them
		Version:       version(),
	}
	src := &source{}
	src.addFlags(root.PersistentFlags())
	open := operationsIn(src.dataDir)
	root.AddCommand(
		newServeCommand(src), newCheckCommand(src), newSendCommand(src), newParseCommand(src), newDemoCommand(), newWordsCommand(),
		newKeysCommand(src), newDNSCommand(src), newAuthCommand(),
		newTicketCommand(open), newMailCommand(open), newQueueCommand(open), newClockCommand(open),
	)
	return root
}
