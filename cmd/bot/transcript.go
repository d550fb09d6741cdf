package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"experthour/internal/transcript"
)

// formats are what a transcript can be written as: the value of the flag, which is
// the ending of the file, too.
var formats = []struct {
	name   string
	render func(transcript.Document) []byte
}{
	{"html", transcript.Document.HTMLPage},
	{"md", transcript.Document.Markdown},
	{"json", transcript.Document.JSON},
	{"csv", transcript.Document.CSV},
}

func transcriptCommand() *cobra.Command {
	var o officeFlags
	var wanted []string
	var out string
	c := &cobra.Command{
		Use:   "transcript SESSION",
		Short: "Write the transcript of a closed hour to files",
		Long: `Writes what the public may read of an expert hour: answers, outcomes, numbers.
It works once the hour is closed; before that there is nothing final to write.`,
		Args: exactly(1, "the session, such as: bot transcript tax-2026"),
		RunE: func(cmd *cobra.Command, args []string) error {
			renderers, err := chosen(wanted)
			if err != nil {
				return err
			}
			f, err := o.open(cmd.Context())
			if err != nil {
				return err
			}
			defer f.close()
			var d transcript.Document
			if err := f.call(cmd.Context(), http.MethodGet, "/s/"+args[0]+"/transcript.json", nil, &d); err != nil {
				return err
			}
			for i, name := range wanted {
				path := filepath.Join(out, args[0]+"."+name)
				if err := os.WriteFile(path, renderers[i](d), 0o644); err != nil {
					return fmt.Errorf("transcript: %w", err)
				}
				say(cmd.OutOrStdout(), "%s", path)
			}
			return nil
		},
	}
	o.add(c)
	c.Flags().StringSliceVar(&wanted, "format", []string{"html", "md", "json", "csv"}, "which formats to write")
	c.Flags().StringVar(&out, "out", ".", "folder for the files")
	return c
}

// chosen finds the renderers of the formats that were asked for.
func chosen(names []string) ([]func(transcript.Document) []byte, error) {
	var rs []func(transcript.Document) []byte
	for _, n := range names {
		found := false
		for _, f := range formats {
			if f.name == n {
				rs, found = append(rs, f.render), true
			}
		}
		if !found {
			return nil, misuse{fmt.Errorf("there is no format %q; there are html, md, json and csv", n)}
		}
	}
	return rs, nil
}
