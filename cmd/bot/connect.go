package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"experthour/internal/config"
	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/wording"
)

// connectFor is how long somebody may take to log in.
const connectFor = 15 * time.Minute

// connectFlags say which configuration, and whether a browser can come back here.
type connectFlags struct {
	file  string
	typed bool
}

func connectCommand() *cobra.Command {
	var f connectFlags
	c := &cobra.Command{
		Use:   "connect KIND",
		Short: "Log in at a platform with a browser, and keep the token it gives",
		Long: `Prints an address of the platform. Open it, log in as the institution and let the
program in; the token goes into the store, sealed with [http] secret, and into no
file. A program that runs takes it at once. The browser must be on this machine; with
--type-code it may be anywhere, and you type the code that the platform shows.`,
		Args: one("KIND"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, cancel := context.WithTimeout(cmd.Context(), connectFor)
			defer cancel()
			return f.connect(ctx, args[0], cmd.InOrStdin(), cmd.OutOrStdout())
		},
	}
	configFlag(c, &f.file)
	c.Flags().BoolVar(&f.typed, "type-code", false, "type the code that the platform shows: the browser is on another machine")
	return c
}

// one wants exactly one argument.
func one(name string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return misuse{fmt.Errorf("name one %s", name)}
		}
		return nil
	}
}

func (f connectFlags) connect(ctx context.Context, name string, in io.Reader, out io.Writer) error {
	k, ok := kinds.Named(name)
	if !ok {
		return misuse{fmt.Errorf("there is no kind %q; there are %s", setting.Scrub(name), strings.Join(kinds.Names(), ", "))}
	}
	cfg, err := loadConfig(f.file)
	if err != nil {
		return err
	}
	if cfg.Redis.Embedded() {
		return fmt.Errorf("the store of %s is inside the running program, so a token that is kept here would be lost; see [redis]", f.file)
	}
	core, err := newCore(ctx, cfg, publicURL(cfg, cfg.HTTP.Listen), slog.New(slog.DiscardHandler), visit)
	if err != nil {
		return err
	}
	defer core.close()
	conn, by, err := core.connecter(cfg, k)
	if err != nil {
		return err
	}
	b := &login{out: out, in: in, words: wording.In(session.English)}
	if !f.typed {
		if b.back, err = comeBack(conn); err != nil {
			return fmt.Errorf("no address to come back to: %w; --type-code needs none", err)
		}
		defer func() { _ = b.back.Close() }()
	}
	if err := by.Connect(ctx, b); err != nil {
		return fmt.Errorf("%s is not connected: %w", k.Title, explained(err))
	}
	if checkConnector(ctx, conn, func(format string, args ...any) { say(out, format, args...) }) > 0 {
		return errPlatforms
	}
	return nil
}

// comeBack listens where people come back to: at any port, but for a platform that knows one.
func comeBack(conn connector.Connector) (net.Listener, error) {
	at := "127.0.0.1:0"
	if r, ok := connector.As[connector.Returner](conn); ok && r.Returns() != "" {
		u, err := url.Parse(r.Returns())
		if err != nil {
			return nil, err
		}
		at = u.Host
	}
	return net.Listen("tcp", at)
}

// connecter is what a person can log in for, of a kind: an account serves its first place and
// all others.
func (c *core) connecter(cfg config.Config, k connector.Kind) (connector.Connector, connector.Connecter, error) {
	places := cfg.Places(k.Name)
	if len(places) == 0 {
		return nil, nil, fmt.Errorf("the configuration has no [[public]] table with kind = %q", k.Name)
	}
	conn, _ := c.registry.Get(places[0].ID)
	by, ok := connector.As[connector.Connecter](conn)
	if !ok {
		return nil, nil, fmt.Errorf("%s needs no log-in: what it needs stands under [%s] in the configuration", k.Title, k.Name)
	}
	return conn, by, nil
}

// explained has the platform's own words for a refusal.
func explained(err error) error {
	if e, ok := errors.AsType[*connector.SendError](err); ok && e.Detail != "" {
		return errors.New(e.Detail)
	}
	return err
}
