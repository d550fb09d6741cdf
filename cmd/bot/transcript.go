package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"experthour/internal/transcript"
)

// writer makes the bytes of a file.
type writer func(context.Context, transcript.Document) ([]byte, error)

// formats are what a transcript can be written as: the value of the flag, which is
// the ending of the file, too.
var formats = []struct {
	name  string
	write writer
}{
	{"html", plainly(transcript.Document.HTMLPage)},
	{"md", plainly(transcript.Document.Markdown)},
	{"json", plainly(transcript.Document.JSON)},
	{"csv", plainly(transcript.Document.CSV)},
	{"pdf", printed},
}

func plainly(render func(transcript.Document) []byte) writer {
	return func(_ context.Context, d transcript.Document) ([]byte, error) { return render(d), nil }
}

func transcriptCommand() *cobra.Command {
	o := officeFlags{reads: true}
	var wanted []string
	var out string
	c := &cobra.Command{
		Use:   "transcript SESSION",
		Short: "Write the transcript of a closed hour to files",
		Long: `Writes what the public may read of an expert hour: answers, outcomes, numbers.
It works once the hour is closed; before that there is nothing final to write.
The HTML file and the PDF are made to be printed, signed and filed; a PDF needs Chromium.`,
		Args: exactly(1, "the session, such as: bot transcript tax-2026"),
		RunE: func(cmd *cobra.Command, args []string) error {
			writers, err := chosen(wanted)
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
				b, err := writers[i](cmd.Context(), d)
				if err != nil {
					return err
				}
				path := filepath.Join(out, args[0]+"."+name)
				if err := os.WriteFile(path, b, 0o644); err != nil {
					return fmt.Errorf("transcript: %w", err)
				}
				say(cmd.OutOrStdout(), "%s", path)
			}
			return nil
		},
	}
	o.add(c)
	c.Flags().StringSliceVar(&wanted, "format", []string{"html", "md", "json", "csv"}, "which formats to write: html, md, json, csv, pdf")
	c.Flags().StringVar(&out, "out", ".", "folder for the files")
	return c
}

// chosen finds the writers of the formats that were asked for.
func chosen(names []string) ([]writer, error) {
	var ws []writer
	for _, n := range names {
		found := false
		for _, f := range formats {
			if f.name == n {
				ws, found = append(ws, f.write), true
			}
		}
		if !found {
			return nil, misuse{fmt.Errorf("there is no format %q; there are html, md, json, csv and pdf", n)}
		}
	}
	return ws, nil
}
