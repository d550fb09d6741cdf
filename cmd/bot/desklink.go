package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"experthour/internal/session"
	"experthour/internal/web/deskpage"
)

func deskLinkCommand() *cobra.Command {
	var file, name string
	var tokenOnly bool
	c := &cobra.Command{
		Use:   "desk-link --as NAME",
		Short: "Print the link that logs a member of staff in at the desk page",
		Long: `Prints a link that logs a person of the configuration in at the desk page. It is
valid for twelve hours; whoever has it is that person, so hand it over as you
would a password. With --token only the token is printed, for the JSON API.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := loadConfig(file)
			if err != nil {
				return err
			}
			person := session.PersonName(name)
			if _, ok := cfg.Staff(kinds).Find(person); !ok {
				return fmt.Errorf("nobody is called %q in %s; the names are under [[people]]", name, file)
			}
			if cfg.HTTP.Secret.Reveal() == "" {
				return fmt.Errorf("%s has no [http] secret, so a link made here would mean nothing to the running program", file)
			}
			tokens := deskpage.Tokens{Secret: []byte(cfg.HTTP.Secret.Reveal()), Now: time.Now}
			if tokenOnly {
				say(cmd.OutOrStdout(), "%s", tokens.Make(person, deskpage.Life))
				return nil
			}
			say(cmd.OutOrStdout(), "%s", tokens.LinkFor(publicURL(cfg, cfg.HTTP.Listen), person))
			return nil
		},
	}
	configFlag(c, &file)
	c.Flags().StringVar(&name, "as", "", "name of the person, as [[people]] spells it")
	c.Flags().BoolVar(&tokenOnly, "token", false, "print only the token, for the JSON API")
	require(c, "as")
	return c
}
