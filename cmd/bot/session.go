package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"experthour/internal/session"
	"experthour/internal/wording"
)

// hour is a session as the API shows it.
type hour struct {
	Slug     string    `json:"slug"`
	Title    string    `json:"title"`
	State    string    `json:"state"`
	Start    time.Time `json:"start"`
	End      time.Time `json:"end"`
	Zone     string    `json:"zone"`
	URL      string    `json:"url"`
	Paused   bool      `json:"paused"`
	Warnings []string  `json:"warnings"`
}

const deskAPI = "/api/v1/desk/sessions"

func sessionCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "session",
		Short: "Schedule, watch and run expert hours from the command line",
		Long: `Does from the command line what the desk page does with buttons. With --config
the commands work on the configured store, whether or not the bot is running;
with --from and --token they speak to a running program.`,
	}
	group(c)
	c.AddCommand(scheduleCommand(), editCommand(), listCommand(), showCommand(), logCommand(), verifyCommand(),
		verbCommand("start", "Open the hour now", nil),
		verbCommand("extend", "Move the end, or open a closing hour again", extendFields),
		verbCommand("stop", "End the questions; answering goes on", nil),
		verbCommand("pause", "Hold back everything that would go out, but take-backs", nil),
		verbCommand("resume", "Let go what a pause held back", nil),
		verbCommand("close", "End the hour, once every question has an outcome", closeFields),
		verbCommand("cancel", "Call the hour off before it starts", cancelFields))
	return c
}

// exactly asks for n arguments and says what they are.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return misuse{fmt.Errorf("name %s", what)}
		}
		return nil
	}
}

const nameSession = "the session by its slug, such as tax-2026; \"bot session list\" shows them"

// fields adds flags to a command and returns what the verb is sent with.
type fields func(c *cobra.Command) func() map[string]any

func extendFields(c *cobra.Command) func() map[string]any {
	minutes := c.Flags().Int("minutes", 15, "by how many minutes")
	return func() map[string]any { return map[string]any{"minutes": *minutes} }
}

func closeFields(c *cobra.Command) func() map[string]any {
	force := c.Flags().Bool("force", false, "close although questions have no outcome; needs --reason, which is printed in the transcript")
	reason := c.Flags().String("reason", "", "why it is closed by force")
	return func() map[string]any {
		if !*force {
			return map[string]any{}
		}
		return map[string]any{"force": true, "reason": *reason}
	}
}

func cancelFields(c *cobra.Command) func() map[string]any {
	f := c.Flags()
	reason, public := f.String("reason", "", "why; internal"), f.String("public-reason", "", "why, as the public reads it")
	date := f.String("new-date", "", "the new date, as the public reads it: 2026-12-31")
	return func() map[string]any {
		return map[string]any{"reason": *reason, "public_reason": *public, "new_date": *date}
	}
}

// verbCommand is a command that gives one verb to one session.
func verbCommand(verb, short string, with fields) *cobra.Command {
	var o officeFlags
	c := &cobra.Command{Use: verb + " SESSION", Short: short, Args: exactly(1, nameSession)}
	values := func() map[string]any { return map[string]any{} }
	if with != nil {
		values = with(c)
	}
	c.RunE = func(cmd *cobra.Command, args []string) error { return o.give(cmd, args[0], verb, values()) }
	o.add(c)
	return c
}

func (o *officeFlags) give(cmd *cobra.Command, slug, verb string, in map[string]any) error {
	return o.with(cmd.Context(), func(ctx context.Context, f *office) error { return f.give(ctx, cmd, slug, verb, in) })
}

// give gives a verb to a session and prints what it is then.
func (f *office) give(ctx context.Context, cmd *cobra.Command, slug, verb string, in map[string]any) error {
	var h hour
	if err := f.call(ctx, http.MethodPost, deskAPI+"/"+url.PathEscape(slug)+"/"+verb, in, &h); err != nil {
		return err
	}
	return printHours(cmd, h)
}

// with opens the office for one piece of work.
func (o *officeFlags) with(ctx context.Context, work func(context.Context, *office) error) error {
	f, err := o.open(ctx)
	if err != nil {
		return err
	}
	defer f.close()
	return work(ctx, f)
}

// plan is what "session schedule" sends.
type plan struct {
	Slug    string   `json:"slug,omitempty"`
	Title   string   `json:"title"`
	Topic   string   `json:"topic,omitempty"`
	Experts []string `json:"experts"`
	Targets []string `json:"targets,omitempty"`
	Start   string   `json:"start"`
	End     string   `json:"end"`
	AskFrom string   `json:"ask_from,omitempty"`
	Digest  string   `json:"digest,omitempty"` // of what is announced
	preview bool     // only show that
}

func scheduleCommand() *cobra.Command {
	var o officeFlags
	var in plan
	c := &cobra.Command{
		Use:   "schedule --title TITLE --expert NAME --start TIME --end TIME",
		Short: "Schedule an expert hour",
		Long: `Schedules an hour, and prints first what will be announced about it at its public
places: scheduling approves exactly these texts.`,
		Example: `  bot session schedule --slug tax-2026 --title "Your tax declaration" \
    --expert "Edgars Ozols" --start 2026-12-01T14:00:00+02:00 --end 2026-12-01T16:00:00+02:00`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			times := []*string{&in.Start, &in.End, &in.AskFrom}
			if err := areTimes(times...); err != nil {
				return misuse{err}
			}
			return o.with(cmd.Context(), func(ctx context.Context, f *office) error {
				if err := f.place(ctx, times...); err != nil {
					return err
				}
				return in.schedule(ctx, cmd, f)
			})
		},
	}
	in.flags(c)
	o.add(c)
	return c
}

func (in *plan) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&in.Slug, "slug", "", "name in addresses: a-z, 0-9 and -, at most 60; left out, it is made of the title, and free")
	f.StringVar(&in.Title, "title", "", "title of the hour")
	f.StringVar(&in.Topic, "topic", "", "what it is about, in a few sentences")
	f.StringArrayVar(&in.Experts, "expert", nil, "who answers, as [[people]] spells the name; repeat for several")
	f.StringArrayVar(&in.Targets, "target", nil, "id or group of a public place; left out, every configured one")
	f.StringVar(&in.Start, "start", "", "when it starts: 2026-12-01T14:00:00+02:00, or \"2026-12-01 14:00\" in the zone "+
		"of the institution; in the past means now")
	f.StringVar(&in.End, "end", "", "when it ends")
	f.StringVar(&in.AskFrom, "ask-from", "", "from when early questions are taken; left out, from the start")
	f.BoolVar(&in.preview, "preview", false, "only print what would be announced")
	require(c, "title", "expert", "start", "end")
}

func (in *plan) schedule(ctx context.Context, cmd *cobra.Command, f *office) error {
	digest, err := foresee(ctx, cmd, f, deskAPI, in)
	if err != nil || in.preview {
		return err
	}
	in.Digest = digest
	var h hour
	if err := f.call(ctx, http.MethodPost, deskAPI, in, &h); err != nil {
		return err
	}
	words := wording.In(session.English)
	for _, w := range h.Warnings {
		say(cmd.ErrOrStderr(), "warning: %s", words.Text("warning."+w))
	}
	return printHours(cmd, h)
}

// wallForm is a time without a zone.
const wallForm = "2006-01-02 15:04"

// areTimes looks at the form of times; those that are left out are well.
func areTimes(times ...*string) error {
	for _, t := range times {
		_, full := time.Parse(time.RFC3339, *t)
		_, wall := time.Parse(wallForm, *t)
		if *t != "" && full != nil && wall != nil {
			return fmt.Errorf("%q is no time; write 2026-12-01T14:00:00+02:00 or \"2026-12-01 14:00\"", *t)
		}
	}
	return nil
}

// place completes times without a zone by that of the institution, whichever the zone of this machine is.
func (f *office) place(ctx context.Context, times ...*string) error {
	var in *time.Location
	for _, t := range times {
		wall, err := time.Parse(wallForm, *t)
		if err != nil {
			continue // it is left out, or has its zone
		}
		if in == nil {
			if in, err = f.zone(ctx); err != nil {
				return err
			}
		}
		at := session.Readings(wall, in)
		if len(at) != 1 {
			return misuse{fmt.Errorf("the clocks of %s skip %q or show it twice; write it with its offset, as in 2026-10-25T03:30:00+03:00",
				in, *t)}
		}
		*t = at[0].Format(time.RFC3339)
	}
	return nil
}

// zone asks in which one hours are scheduled.
func (f *office) zone(ctx context.Context) (*time.Location, error) {
	var out struct{ Zone string }
	if err := f.call(ctx, http.MethodGet, deskAPI, nil, &out); err != nil {
		return nil, err
	}
	if out.Zone == "" {
		return nil, misuse{errors.New("the program does not say in which zone it is; write times with their offset, as in " +
			"2026-12-01T14:00:00+02:00")}
	}
	return zone(out.Zone), nil
}

func listCommand() *cobra.Command {
	o := officeFlags{reads: true}
	c := &cobra.Command{Use: "list", Short: "List all hours, the latest first", Args: cobra.NoArgs}
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		return o.with(cmd.Context(), func(ctx context.Context, f *office) error {
			var out struct {
				Sessions []hour `json:"sessions"`
			}
			if err := f.call(ctx, http.MethodGet, deskAPI, nil, &out); err != nil {
				return err
			}
			return printHours(cmd, out.Sessions...)
		})
	}
	o.add(c)
	return c
}

// zone is that of an institution by its name, such as Europe/Riga; UTC for a program that does not tell it.
func zone(name string) *time.Location { return session.Session{Zone: name}.Location() }

func printHours(cmd *cobra.Command, hs ...hour) error {
	t := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
	for _, h := range hs {
		state := h.State
		if h.Paused {
			state += " (paused)"
		}
		say(t, "%s\t%s\t%s – %s\t%s\t%s", h.Slug, state, h.Start.In(zone(h.Zone)).Format("2006-01-02 15:04"),
			h.End.In(zone(h.Zone)).Format("15:04 MST"), h.Title, h.URL)
	}
	return t.Flush()
}

func showCommand() *cobra.Command {
	o := officeFlags{reads: true}
	c := &cobra.Command{Use: "show SESSION", Short: "Show an hour and its questions", Args: exactly(1, nameSession)}
	c.RunE = func(cmd *cobra.Command, args []string) error {
		return o.with(cmd.Context(), func(ctx context.Context, f *office) error { return show(ctx, cmd, f, args[0]) })
	}
	o.add(c)
	return c
}

// longestLine is how much of a question one line of the list shows.
const longestLine = 80

func show(ctx context.Context, cmd *cobra.Command, f *office, slug string) error {
	at := deskAPI + "/" + url.PathEscape(slug)
	var h hour
	if err := f.call(ctx, http.MethodGet, at, nil, &h); err != nil {
		return err
	}
	if err := printHours(cmd, h); err != nil {
		return err
	}
	t := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
	for after := 0; ; {
		var page struct {
			Questions []struct {
				Number              int
				State, Text, Holder string
			}
		}
		if err := f.call(ctx, http.MethodGet, fmt.Sprintf("%s/questions?after=%d", at, after), nil, &page); err != nil {
			return err
		}
		if len(page.Questions) == 0 {
			return t.Flush()
		}
		for _, q := range page.Questions {
			text := strings.Join(strings.Fields(q.Text), " ")
			if r := []rune(text); len(r) > longestLine {
				text = string(r[:longestLine-1]) + "…"
			}
			say(t, "#%d\t%s\t%s\t%s", q.Number, q.State, q.Holder, text)
			after = q.Number
		}
	}
}
