package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"experthour/internal/backoff"
	"experthour/internal/config"
	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/setting"
	"experthour/internal/wording"
)

// tryFlags say what is tried, and where.
type tryFlags struct{ file, place, under string }

func tryCommand() *cobra.Command {
	var f tryFlags
	c := &cobra.Command{
		Use:   "try KIND [--place ID] [--under ADDRESS]",
		Short: "Post at a place, look the post up, edit it and take it back",
		Long: `Does at a real account what a check without a post cannot: it posts a sentence that
says that it is a test, looks it up, edits it, and takes it back, and says what came of
each step and how long it took to be seen. Everybody can read the post meanwhile.
With --under it replies to the post at that address. Whatever goes wrong, it is taken
back; where that fails the address is printed, so that a person can.`,
		Args: one("KIND"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.try(cmd.Context(), args[0], cmd.OutOrStdout())
		},
	}
	configFlag(c, &f.file)
	c.Flags().StringVar(&f.place, "place", "", "the id of the [[public]] table, where the kind has several")
	c.Flags().StringVar(&f.under, "under", "", "the address of a post to reply to; left out: a post of its own")
	return c
}

var errTried = errors.New("not everything worked; see above")

func (f tryFlags) try(ctx context.Context, name string, out io.Writer) error {
	k, ok := kinds.Named(name)
	if !ok {
		return misuse{fmt.Errorf("there is no kind %q; there are %s", setting.Scrub(name), strings.Join(kinds.Names(), ", "))}
	}
	cfg, err := loadConfig(f.file)
	if err != nil {
		return err
	}
	core, err := newCore(ctx, cfg, publicURL(cfg, cfg.HTTP.Listen), slog.New(slog.DiscardHandler), visit)
	if err != nil {
		return err
	}
	defer core.close()
	conn, err := core.tried(cfg, k, f.place)
	if err != nil {
		return err
	}
	post, err := f.post(conn, wording.In(cfg.Institution.Locale))
	if err != nil {
		return err
	}
	t := &trial{conn: conn, post: post, say: func(format string, args ...any) { say(out, format, args...) }}
	t.post.KeepNote = func(_ context.Context, note string) error {
		t.post.Note = note
		return nil
	}
	return t.run(ctx)
}

// tried is the place at which something is tried.
func (c *core) tried(cfg config.Config, k connector.Kind, id string) (connector.Connector, error) {
	for _, p := range cfg.Places(k.Name) {
		if conn, ok := c.registry.Get(p.ID); ok && (id == "" || string(p.ID) == id) {
			return conn, nil
		}
	}
	if id != "" {
		return nil, fmt.Errorf("the configuration has no [[public]] table with kind = %q and id = %q", k.Name, setting.Scrub(id))
	}
	return nil, fmt.Errorf("the configuration has no [[public]] table with kind = %q", k.Name)
}

// post is what is posted, or why nothing can be.
func (f tryFlags) post(conn connector.Connector, w wording.Words) (connector.Post, error) {
	p := connector.Post{Key: "try:" + rand.Text() + ":a1", Place: placeOf(conn), Kind: session.KindAnnouncement, Language: w.Language(),
		Text: w.Text("try.post"), Approved: time.Now().UTC().Truncate(time.Millisecond)}
	if f.under != "" {
		l, ok := connector.As[connector.Locator](conn)
		if !ok {
			return p, fmt.Errorf("%s cannot find a post by its address; leave out --under", conn.ID())
		}
		at, ok := l.Locate(p.Place, f.under)
		if !ok {
			return p, fmt.Errorf("%q is no address of a post at %s", setting.Scrub(f.under), conn.ID())
		}
		p.Kind, p.Number, p.Original = session.KindAnswer, 1, session.Origin{Connector: conn.ID(), Place: p.Place, Message: at}
		return p, nil
	}
	_, replies := connector.As[connector.Replier](conn)
	_, retracts := connector.As[connector.Retractor](conn)
	if l := conn.Limits(); !replies || !retracts || !l.Announces || p.Place == "" {
		return p, fmt.Errorf("the bot posts nothing of its own at %s that could be tried; bot check looks at the rest", conn.ID())
	}
	return p, nil
}

// trial is one post, from the first to the last step.
type trial struct {
	conn connector.Connector
	post connector.Post
	// edits are what the post may read instead.
	edits []connector.Post
	say   func(format string, args ...any)
	sent  connector.Sent
	bad   bool
}

const (
	stepFor   = time.Minute // one step, with its repeats
	lookAgain = time.Second
)

// run tries all steps. Who stops it in between still wants the post gone.
func (t *trial) run(ctx context.Context) error {
	if !t.posted(ctx) {
		return errTried
	}
	t.seen(ctx, true)
	t.edited(ctx)
	t.takenBack(context.WithoutCancel(ctx))
	if t.bad {
		return errTried
	}
	return ctx.Err()
}

// step does one thing, bounded, and says what came of it.
func (t *trial) step(ctx context.Context, name string, do func(context.Context) error) bool {
	ctx, cancel := context.WithTimeout(ctx, stepFor)
	defer cancel()
	began := time.Now()
	err := do(ctx)
	took := time.Since(began).Round(10 * time.Millisecond)
	if err != nil {
		t.bad = true
		t.say("%s: failed after %v: %v", name, took, explained(err))
		return false
	}
	t.say("%s: ok, %v", name, took)
	return true
}

// posted posts. What is in doubt is looked up, for it must not stay.
func (t *trial) posted(ctx context.Context) bool {
	r, ok := connector.As[connector.Replier](t.conn)
	if !ok {
		t.say("post: it cannot post")
		return false
	}
	var unsure bool
	did := t.step(ctx, "post", func(ctx context.Context) (err error) {
		t.sent, err = r.Reply(ctx, t.post)
		unsure = err != nil && connector.OutcomeOf(err).Outcome == connector.Unsure
		return err
	})
	if !did && !unsure {
		return false
	}
	if !did && !t.seen(context.WithoutCancel(ctx), true) {
		t.say("NOBODY KNOWS WHETHER IT IS OUT. PLEASE LOOK AT %s, AND TAKE IT BACK BY HAND: %q", t.conn.ID(), t.post.Text)
		return false
	}
	t.say("  it is %s %s", t.sent.Message, t.sent.URL)
	return true
}

// seen looks the post up by its key until it is there, or gone.
func (t *trial) seen(ctx context.Context, want bool) bool {
	f, ok := connector.As[connector.Finder](t.conn)
	if !ok {
		t.say("look up: not possible there; where a post is in doubt, a person is asked")
		return false
	}
	name := map[bool]string{true: "look up", false: "look up again, until it is gone"}[want]
	return t.step(ctx, name, func(ctx context.Context) error {
		return until(ctx, func() (bool, error) {
			there := false
			for _, p := range append(t.edits, t.post) { // of an edit nobody may know whether it came through
				sent, found, err := f.Find(ctx, p)
				if err != nil {
					return false, err
				}
				if found && t.sent.Message == "" {
					t.sent = sent
				}
				there = there || found
			}
			return there == want, nil
		})
	})
}

// until asks once a second whether something is so, or until that is refused; the last error is why
// it never was.
func until(ctx context.Context, so func() (bool, error)) error {
	for {
		ok, err := so()
		if ok && err == nil || err != nil && connector.OutcomeOf(err).Outcome == connector.Refused {
			return err
		}
		if !backoff.Pause(ctx, lookAgain) {
			if err == nil {
				err = errors.New("it is not shown so within a minute")
			}
			return err
		}
	}
}

func (t *trial) edited(ctx context.Context) {
	e, ok := connector.As[connector.Editor](t.conn)
	if !ok {
		t.say("edit: not possible there; a correction takes the place of the former post")
		return
	}
	p := t.post
	p.Key, p.Text = strings.TrimSuffix(p.Key, "a1")+"a2", wording.In(p.Language).Text("try.edited")
	t.edits = []connector.Post{p}
	t.step(ctx, "edit", func(ctx context.Context) error {
		sent, err := e.Edit(ctx, t.sent.Message, p)
		if err == nil && sent.Message != "" {
			t.sent = sent
		}
		return err
	})
}

// takenBack takes the post back, and is not content with what the platform says of that.
func (t *trial) takenBack(ctx context.Context) {
	r, ok := connector.As[connector.Retractor](t.conn)
	if !ok || !t.step(ctx, "take back", func(ctx context.Context) error {
		return until(ctx, func() (bool, error) {
			err := r.Retract(ctx, t.sent.Message, t.post)
			return err == nil, err
		})
	}) || !t.gone(ctx) {
		t.bad = true
		t.say("PLEASE TAKE IT BACK BY HAND: %s %s", t.sent.Message, t.sent.URL)
	}
}

// gone looks until the post is away; where nobody can look, the platform is believed.
func (t *trial) gone(ctx context.Context) bool {
	reader, reads := connector.As[connector.Reader](t.conn)
	_, finds := connector.As[connector.Finder](t.conn)
	switch {
	case reads:
		return t.step(ctx, "read it, until it is gone", func(ctx context.Context) error {
			return until(ctx, func() (bool, error) {
				stands, err := reader.Stands(ctx, t.sent.Message, t.post)
				return !stands, err
			})
		})
	case finds:
		return t.seen(ctx, false)
	}
	return true
}
