package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"experthour/internal/connector/slack"
)

func slackCommand() *cobra.Command {
	c := &cobra.Command{Use: "slack", Short: "What Slack needs from you"}
	group(c)
	c.AddCommand(manifestCommand())
	return c
}

func manifestCommand() *cobra.Command {
	var name, mode, url string
	c := &cobra.Command{
		Use:   "manifest",
		Short: "Print the app manifest to paste into Slack",
		Long: `Prints the manifest of the app that serves the desk in Slack: its scopes, commands,
events and buttons. Paste it at api.slack.com/apps, "Create New App", "From a
manifest". With --mode http it names the addresses below --url that Slack calls;
otherwise the bot connects to Slack by itself and needs no public address.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m := slack.Mode(mode)
			if m != slack.Socket && m != slack.HTTP {
				return misuse{fmt.Errorf("--mode %q is not known; write socket or http", mode)}
			}
			if m == slack.HTTP && url == "" {
				return misuse{fmt.Errorf("--mode http needs --url, the public address of the bot, such as https://jautajumi.example.lv")}
			}
			manifest, err := slack.Manifest(m, url, name)
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), string(manifest))
			return nil
		},
	}
	c.Flags().StringVar(&name, "name", "Expert hour", "the app's name in Slack")
	c.Flags().StringVar(&mode, "mode", "socket", "socket or http, as in [slack] mode")
	c.Flags().StringVar(&url, "url", "", "with http: the public address of the bot")
	return c
}
