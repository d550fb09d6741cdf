package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"experthour/internal/config"
	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/web/deskpage"
)

// linkFlags say for whom a link is made, and which one.
type linkFlags struct {
	file, name  string
	token, keep bool
}

func deskLinkCommand() *cobra.Command {
	var f linkFlags
	c := &cobra.Command{
		Use:   "desk-link --as NAME",
		Short: "Print the link that logs a member of staff in at the desk page",
		Long: `Prints a link that logs a person of the configuration in at the desk page, once.
It is valid for twelve hours; whoever opens it first is that person, so hand it over as
you would a password. It ends what was made for the person before: links, what their
browsers are logged in with, and tokens. --keep leaves that as it is, for a second
device. With --token a token for the JSON API is printed, which ends nothing.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			link, err := f.link(cmd.Context())
			if err == nil {
				say(cmd.OutOrStdout(), "%s", link)
			}
			return err
		},
	}
	configFlag(c, &f.file)
	c.Flags().StringVar(&f.name, "as", "", "name of the person, as [[people]] spells it")
	c.Flags().BoolVar(&f.token, "token", false, "print only a token, for the JSON API")
	c.Flags().BoolVar(&f.keep, "keep", false, "end nothing that was made before")
	require(c, "as")
	return c
}

func (f linkFlags) link(ctx context.Context) (string, error) {
	cfg, err := loadConfig(f.file)
	if err != nil {
		return "", err
	}
	name := session.PersonName(f.name)
	if _, ok := cfg.Staff(kinds).Find(name); !ok {
		return "", fmt.Errorf("nobody is called %q in %s; the names are under [[people]]", setting.Scrub(f.name), f.file)
	}
	if len(cfg.HTTP.Signing()) == 0 {
		return "", fmt.Errorf("%s has no [http] secret, so a link made here would mean nothing to the running program", f.file)
	}
	since, err := f.since(ctx, cfg, name)
	if err != nil {
		return "", err
	}
	tokens := deskpage.NewTokens(keysOf(cfg), time.Now)
	if f.token {
		return tokens.API(name, since, deskpage.Life), nil
	}
	return tokens.Link(publicURL(cfg, cfg.HTTP.Listen), name, since), nil
}

// since is the login that the link belongs to: a new one, or that of now. An embedded
// store lives in the running program, so it cannot be told, and nothing ends.
func (f linkFlags) since(ctx context.Context, cfg config.Config, name session.PersonName) (time.Time, error) {
	if cfg.Redis.Embedded() {
		return time.Now(), nil
	}
	store, stop, err := openStore(ctx, cfg, slog.New(slog.DiscardHandler), visit)
	if err != nil {
		return time.Time{}, err
	}
	defer stop()
	if f.keep || f.token {
		return store.Logins().Since(ctx, name)
	}
	return deskpage.Revoke(ctx, store.Logins(), name, time.Time{})
}
