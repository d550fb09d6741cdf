package main

import (
	"github.com/spf13/cobra"

	"experthour/internal/connector"
)

// toolCommands are the sub-commands that the kinds bring along.
func toolCommands() []*cobra.Command {
	var cs []*cobra.Command
	for _, k := range kinds {
		if len(k.Tools) == 0 {
			continue
		}
		c := &cobra.Command{Use: k.Name, Short: "What " + k.Title + " needs from you"}
		group(c)
		for _, t := range k.Tools {
			c.AddCommand(toolCommand(t))
		}
		cs = append(cs, c)
	}
	return cs
}

func toolCommand(t connector.Tool) *cobra.Command {
	flags := map[string]*string{}
	c := &cobra.Command{Use: t.Name, Short: t.Short, Long: t.Long, Args: cobra.NoArgs}
	for _, f := range t.Flags {
		flags[f.Name] = c.Flags().String(f.Name, f.Default, f.Usage)
	}
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		given := map[string]string{}
		for name, value := range flags {
			given[name] = *value
		}
		text, err := t.Run(given)
		if err != nil {
			return misuse{err}
		}
		say(cmd.OutOrStdout(), "%s", text)
		return nil
	}
	return c
}
