package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/spf13/cobra"

	"experthour/internal/config"
	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/web/deskpage"
	"experthour/internal/wording"
)

// demo is what the command line of the demo says.
type demo struct {
	listen    string
	lasts     time.Duration
	locale    string
	questions string
}

func demoCommand() *cobra.Command {
	var d demo
	c := &cobra.Command{
		Use:   "demo",
		Short: "Try a whole expert hour in the browser, with nothing to set up",
		Long: `Starts the program with a store inside the process, an hour that is open now and
sample questions that arrive one by one, and prints three links: the public page,
and the desk of a moderator and of an expert. It is the same program that "bot
run" starts; what happens here ends with it.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return d.run(cmd.Context(), cmd.OutOrStdout()) },
	}
	c.Flags().StringVar(&d.listen, "listen", "127.0.0.1:8080", "address to listen on; port 0 takes any free one")
	c.Flags().DurationVar(&d.lasts, "for", 30*time.Minute, "how long the hour lasts")
	c.Flags().StringVar(&d.locale, "locale", "en", "language of the hour: en or lv")
	c.Flags().StringVar(&d.questions, "questions", "", "JSON Lines file with questions, instead of the built-in ones")
	return c
}

func (d demo) run(ctx context.Context, out io.Writer) error {
	lang := session.Language(d.locale)
	if !lang.Known() {
		return misuse{fmt.Errorf("--locale is en or lv, not %q", d.locale)}
	}
	if d.lasts < time.Minute || d.lasts > 12*time.Hour {
		return misuse{errors.New("--for is between 1m and 12h")}
	}
	ss, err := d.samples(lang)
	if err != nil {
		return err
	}
	ln, err := listen(d.listen)
	if err != nil {
		return err
	}
	cfg := demoConfig(lang)
	base := publicURL(cfg, ln.Addr().String())
	core, err := newCore(ctx, cfg, base, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})), own)
	if err != nil {
		_ = ln.Close()
		return err
	}
	defer core.close()
	return d.hold(ctx, out, core, ln, base, ss)
}

// atOnce is for a store that is in the program.
func atOnce(context.Context) error { return nil }

// hold opens the hour, prints the links and lets the questions arrive.
func (d demo) hold(ctx context.Context, out io.Writer, core *core, ln net.Listener, base string, ss []sample) error {
	id, err := core.openDemo(ctx, d.lasts)
	if err != nil {
		_ = ln.Close()
		return err
	}
	core.greet(out, base, id)
	return core.serve(ctx, ln, base, atOnce, func(ctx context.Context) error {
		if err := core.arrive(ctx, out, id, d.lasts, ss); err != nil && ctx.Err() == nil {
			say(out, "The sample questions ended early: %v", err)
		}
		return nil
	})
}

func (d demo) samples(lang session.Language) ([]sample, error) {
	if d.questions != "" {
		return fromFile(d.questions)
	}
	return builtIn(lang)
}

// The people of the demo.
const (
	demoModerator = "Anna Bērziņa"
	demoSecond    = "Jānis Kalniņš"
	demoExpert    = "Edgars Ozols"
)

// demoConfig is a configuration like any other; only its store ends with the process.
func demoConfig(lang session.Language) config.Config {
	w := wording.In(lang)
	cfg := config.Default()
	cfg.Redis.URL = setting.NewSecret("embedded")
	cfg.Institution.Name = w.Text("demo.institution")
	cfg.Institution.Locale = lang
	cfg.Public = []config.Public{{Kind: "sandbox", ID: "sandbox", Name: w.Text("demo.place"), EveryAnswer: true}}
	cfg.People = []config.Person{
		{Name: demoModerator, Role: config.Moderator},
		{Name: demoSecond, Role: config.Moderator},
		{Name: demoExpert, Role: config.Expert, Office: w.Text("demo.office")},
	}
	// A demo is tried by one person from one address, and by scripts.
	cfg.Limits.AskPerMinute = 300
	return cfg
}

// openDemo schedules an hour that begins now.
func (c *core) openDemo(ctx context.Context, lasts time.Duration) (session.ID, error) {
	w := wording.In(c.cfg.Institution.Locale)
	h := c.hour()
	h.Slug, h.Title, h.Topic = "demo", w.Text("demo.title"), w.Text("demo.topic")
	h.Experts, h.Targets = []session.Expert{{Name: demoExpert}}, c.places()
	h.Start = time.Now()
	h.End = h.Start.Add(lasts)
	by := session.Actor{Name: demoModerator, Role: session.Moderator}
	if _, err := c.service.Schedule(ctx, by, h); err != nil {
		return "", fmt.Errorf("demo: %w", err)
	}
	if _, err := c.service.DoSession(ctx, by, h.Slug, session.StartSession{}); err != nil {
		return "", fmt.Errorf("demo: %w", err)
	}
	return h.Slug, nil
}

// greet prints the contract's three lines, and what to do with them.
func (c *core) greet(out io.Writer, base string, id session.ID) {
	tokens := deskpage.NewTokens(c.keys, time.Now)
	link := func(name session.PersonName) string { return tokens.Trial(base, name, id) }
	say(out, "public: %s/s/%s", base, id)
	say(out, "desk (moderator): %s", link(demoModerator))
	say(out, "desk (expert): %s\n", link(demoExpert))
	say(out, "%s", wording.In(c.cfg.Institution.Locale).Text("demo.guide"))
}

const (
	firstQuestion = time.Second
	shortestPause = 2 * time.Second
	longestPause  = 12 * time.Second
)

// arrive asks the sample questions one by one over the first half of the hour, every
// other one at the sandbox.
func (c *core) arrive(ctx context.Context, out io.Writer, id session.ID, lasts time.Duration, ss []sample) error {
	pause := min(max(lasts/2/time.Duration(len(ss)), shortestPause), longestPause)
	gap := func(sample, sample) time.Duration { return pause }
	return feed(ctx, ss, firstQuestion, gap, func(ctx context.Context, i int, s sample) error {
		err := c.askSample(ctx, id, i, s)
		if kind := session.KindOf(err); err != nil && (kind == session.Invalid || kind == session.Refused) {
			say(out, "Question %d of the file was not taken: %s", i+1, wording.In(c.cfg.Institution.Locale).Error(err))
			return nil
		}
		return err
	})
}

func (c *core) askSample(ctx context.Context, id session.ID, i int, s sample) error {
	key := fmt.Sprintf("sample-%d", i)
	conn, _ := c.registry.Get("sandbox")
	if box, ok := connector.As[connector.Pretend](conn); ok && i%2 == 1 {
		_, err := box.Ask(ctx, key, s.Text, s.Name)
		return err
	}
	_, _, err := c.service.Ask(ctx, session.Asked{Session: id, Key: key, Text: s.Text, Name: s.Name,
		Language: c.cfg.Institution.Locale, Origin: session.Origin{Connector: session.Page}})
	return err
}
