package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

// step is an entry of the record as the API shows it.
type step struct {
	At                                    time.Time
	Question                              int
	Verb, Role, By, Copy, Outcome, Reason string
}

// standing is a copy as the API shows it.
type standing struct {
	Copy, Target, Place, Message, URL string
	Due                               bool
	Attempts                          int
	Problem, Detail                   string
	Outcomes                          []step
}

func logCommand() *cobra.Command {
	o := officeFlags{reads: true}
	c := &cobra.Command{
		Use:   "log SESSION [QUESTION]",
		Short: "Print the record of an hour and its announcements, or of a question and its copies",
		Long: `Prints what was done, when and by whom, as far as the record knows, and nothing
that anybody wrote but why an answer was approved although it broke a guideline that
blocks. With the number of a question it adds where each public copy
of it stands, and what became of every attempt. Only moderators may read it.`,
		Example: "  bot session log tax-2026 17",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return misuse{fmt.Errorf("name %s and, for its copies, the number of a question", nameSession)}
			}
			return nil
		},
	}
	c.RunE = func(cmd *cobra.Command, args []string) error {
		at := deskAPI + "/" + url.PathEscape(args[0]) + "/log"
		if len(args) == 2 {
			at += "?question=" + url.QueryEscape(args[1])
		}
		return o.with(cmd.Context(), func(ctx context.Context, f *office) error { return printLog(ctx, cmd, f, at) })
	}
	o.add(c)
	return c
}

func printLog(ctx context.Context, cmd *cobra.Command, f *office, at string) error {
	var out struct {
		Entries []step
		Copies  []standing
		Zone    string
	}
	if err := f.call(ctx, http.MethodGet, at, nil, &out); err != nil {
		return err
	}
	t, in := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0), zone(out.Zone)
	for _, s := range out.Entries {
		say(t, "%s\t%s\t%s\t%s\t%s\t%s%s", clock(s.At, in), about(s.Question), s.Verb, s.Role, cmp.Or(s.By, "-"), s.Copy, s.why())
	}
	for _, c := range out.Copies {
		c.print(t, in)
	}
	return t.Flush()
}

// print shows where a copy stands, and below it what became of each attempt.
func (c standing) print(t *tabwriter.Writer, in *time.Location) {
	state := "as wanted"
	switch {
	case c.Problem != "":
		state = c.Problem + " " + c.Detail
	case c.Due:
		state = "under way"
	}
	say(t, "\ncopy %s", c.Copy)
	say(t, "  place\t%s %s", c.Target, c.Place)
	say(t, "  message\t%s %s", cmp.Or(c.Message, "-"), c.URL)
	say(t, "  state\t%s", state)
	say(t, "  attempts\t%d", c.Attempts)
	for _, s := range c.Outcomes {
		say(t, "  %s\t%s\t%s", clock(s.At, in), s.Outcome, s.By)
	}
}

// why says why a guideline was passed over.
func (s step) why() string {
	if s.Reason == "" {
		return ""
	}
	return "despite a guideline: " + s.Reason
}

func clock(at time.Time, in *time.Location) string {
	return at.In(in).Format("2006-01-02 15:04:05.000 MST")
}

func about(question int) string {
	if question == 0 {
		return "hour"
	}
	return "#" + strconv.Itoa(question)
}
