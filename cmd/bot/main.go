// Command bot runs expert hours. This package holds the subcommands and the wiring
// of the rooms below internal/, and nothing else: no rule, no text for the public,
// no storage format.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // zones work on a machine without a zone database

	"github.com/spf13/cobra"

	"experthour/internal/config"
	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/wording"
)

// Exit codes, for scripts.
const (
	exitOK      = 0
	exitFailed  = 1 // the command could not be carried out; the reason is on standard error
	exitMisused = 2 // the command line is wrong
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	out := &terminal{to: os.Stdout}
	root := newRoot()
	root.SetOut(out)
	err := root.ExecuteContext(ctx)
	if err == nil {
		err = out.err
	}
	os.Exit(report(root, err))
}

// misuse marks an error of the command line itself.
type misuse struct{ error }

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "bot",
		Short: "Runs expert hours: citizens ask, an expert answers, nothing unapproved gets out",
		Long: `bot runs expert hours of a public body.

In an expert hour a named expert answers citizens' questions for about two
hours. The bot gathers the questions at a desk, where a moderator accepts them,
the expert answers and somebody else approves; it publishes the approved answers
and, afterwards, a transcript.

New here? Run "bot demo": it needs no file, no account and no server.`,
		Version:       thisBuild().String(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return misuse{errors.New(setting.Scrub(err.Error()))} })
	group(root)
	root.AddCommand(demoCommand(), runCommand(), checkCommand(), connectCommand(), tryCommand(), sessionCommand(), transcriptCommand(),
		replayCommand(), deskLinkCommand(), forgetCommand(), eraseCommand())
	root.AddCommand(toolCommands()...)
	return root
}

// group makes a command that only holds others: alone it explains itself, and an
// unknown word is answered with the nearest known one.
func group(c *cobra.Command) {
	c.Args = cobra.ArbitraryArgs
	c.SuggestionsMinimumDistance = 2
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return c.Help()
		}
		near := ""
		if names := c.SuggestionsFor(args[0]); len(names) > 0 {
			near = fmt.Sprintf("; did you mean %q?", strings.Join(names, " or "))
		}
		return misuse{fmt.Errorf("unknown command %q for %q%s", setting.Scrub(args[0]), c.CommandPath(), near)}
	}
}

// require makes flags of a command obligatory.
func require(c *cobra.Command, flags ...string) {
	for _, name := range flags {
		if err := c.MarkFlagRequired(name); err != nil {
			panic(err) // there is no such flag
		}
	}
}

// report prints what went wrong, for the person at the terminal.
func report(root *cobra.Command, err error) int {
	if err == nil || errors.Is(err, context.Canceled) {
		return exitOK
	}
	out := root.ErrOrStderr()
	if problems, ok := errors.AsType[config.Problems](err); ok {
		for _, p := range problems {
			say(out, "%v", p)
		}
		return exitFailed
	}
	if e, ok := errors.AsType[*session.Error](err); ok {
		say(out, "bot: %s", wording.In(session.English).Error(e))
		return exitFailed
	}
	say(out, "bot: %v", err)
	// The library has no type for a required flag that is missing, only these words.
	if _, ok := errors.AsType[misuse](err); ok || strings.HasPrefix(err.Error(), "required flag") {
		say(out, "Run %q for how it is used.", "bot --help")
		return exitMisused
	}
	return exitFailed
}
