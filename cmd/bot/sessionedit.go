package main

import (
	"context"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"experthour/internal/session"
	"experthour/internal/wording"
)

// announced is what a command on an hour would tell the public.
type announced struct {
	Announcements []struct{ Target, News, Text string }
	Digest        string
}

// foresee prints what a request would tell the public at its places, and gives its digest.
func foresee(ctx context.Context, cmd *cobra.Command, f *office, path string, in any) (string, error) {
	var told announced
	if err := f.call(ctx, http.MethodPost, path+"/_preview", in, &told); err != nil {
		return "", err
	}
	words := wording.In(session.English)
	for _, a := range told.Announcements {
		if a.Text == "" {
			a.Text = words.Text("desk.told_taken_back")
		}
		say(cmd.OutOrStdout(), "%s, %s:\n%s\n", a.Target, words.Text("news."+a.News), a.Text)
	}
	return told.Digest, nil
}

func editCommand() *cobra.Command {
	var o officeFlags
	var preview bool
	c := &cobra.Command{
		Use:   "edit SESSION",
		Short: "Change title, topic, experts, early questions or places of an hour",
		Long: `Changes what is given and leaves the rest. It prints first what the public will be
told, and tells exactly that.`,
		Example: `  bot session edit tax-2026 --topic "Deductions for 2026" --expert "Edgars Ozols" --expert "Ilze Kalna"`,
		Args:    exactly(1, nameSession),
	}
	changes, times := editFields(c)
	c.Flags().BoolVar(&preview, "preview", false, "only print what would be announced")
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if err := areTimes(times...); err != nil {
			return misuse{err}
		}
		return o.with(cmd.Context(), func(ctx context.Context, f *office) error {
			if err := f.place(ctx, times...); err != nil {
				return err
			}
			in := changes()
			digest, err := foresee(ctx, cmd, f, deskAPI+"/"+url.PathEscape(args[0])+"/edit", in)
			if err != nil || preview {
				return err
			}
			in["digest"] = digest
			return f.give(ctx, cmd, args[0], "edit", in)
		})
	}
	o.add(c)
	return c
}

// editFields gives the fields of the flags that were set, and which flags are times.
func editFields(c *cobra.Command) (changes func() map[string]any, times []*string) {
	f := c.Flags()
	title, topic := f.String("title", "", "title of the hour"), f.String("topic", "", "what it is about; \"\" for none")
	experts := f.StringArray("expert", nil, "who answers from now on; repeat for several")
	targets := f.StringArray("target", nil, "id or group of a public place from now on; repeat for several, \"page\" for the page alone")
	askFrom := f.String("ask-from", "", "from when early questions are taken; as --start of \"session schedule\"")
	return func() map[string]any {
		in := map[string]any{}
		for flag, v := range map[string]struct {
			name  string
			value any
		}{"title": {"title", *title}, "topic": {"topic", *topic}, "expert": {"experts", *experts}, "target": {"targets", *targets},
			"ask-from": {"ask_from", *askFrom}} {
			if f.Changed(flag) {
				in[v.name] = v.value
			}
		}
		return in
	}, []*string{askFrom}
}
