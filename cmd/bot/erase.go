package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/setting"
)

// eraseFlags say whose questions, or which one.
type eraseFlags struct {
	file, asker, session string
	question             int
}

func eraseCommand() *cobra.Command {
	var f eraseFlags
	c := &cobra.Command{
		Use:   "erase --asker REF | --session SESSION --question N",
		Short: "Erase what somebody asked, at their request",
		Long: `Withdraws questions for the person who asked them, as their own button does: text,
name, e-mail address, answers and the account are erased, and the running bot takes
back what stands in public. It lists what was erased, what is being taken back, and
what nobody can take back by program, with the address to do that by hand.

REF is an e-mail address that was left with a question, or an account: the id of the
public place as [[public]] spells it, a colon, and the account's number there, such
as town:123456789. Accounts are known until [retention] forgets them.`,
		Example: "  bot erase --session tax-2026 --question 17",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(); err != nil {
				return misuse{err}
			}
			return onStore(cmd.Context(), f.file, func(c *core) error { return c.erase(cmd.Context(), cmd.OutOrStdout(), f) })
		},
	}
	configFlag(c, &f.file)
	c.Flags().StringVar(&f.asker, "asker", "", "an e-mail address, or PLACE:ACCOUNT")
	c.Flags().StringVar(&f.session, "session", "", "the hour of the question, by its slug")
	c.Flags().IntVar(&f.question, "question", 0, "the number of the question")
	return c
}

func (f eraseFlags) check() error {
	one := f.session != "" && f.question > 0
	switch {
	case (f.asker != "") == (one || f.session != "" || f.question != 0), f.asker == "" && !one:
		return errors.New("say either --asker REF, or --session SESSION and --question N")
	case f.asker != "" && !strings.ContainsAny(f.asker, "@:"):
		return fmt.Errorf("%q is no e-mail address, and no account such as PLACE:123456789", setting.Scrub(f.asker))
	}
	return nil
}

// erase withdraws what the flags name and says what came of it.
func (c *core) erase(ctx context.Context, out io.Writer, f eraseFlags) error {
	qs, err := c.asked(ctx, f)
	if err != nil {
		return err
	}
	if len(qs) == 0 {
		return errors.New("nothing is known of that asker")
	}
	for _, q := range qs {
		cmd := session.WithdrawQuestion{On: session.On{Question: q.Ref}}
		if _, err := c.service.Do(ctx, session.Actor{Role: session.Asker}, cmd); err != nil {
			return err
		}
		say(out, "%s: text, name, e-mail address, account, answers and remarks are erased", q.Ref)
		c.left(out, q)
	}
	say(out, "\nNot reached by this: files that somebody exported or printed, backups of the store, and what others copied.")
	if contact := c.cfg.Institution.Contact; contact != "" {
		say(out, "The address that askers are told is %s.", contact)
	}
	return nil
}

// left says of each public copy, and of the original, what happens to it.
func (c *core) left(out io.Writer, q session.Question) {
	for _, cp := range q.Copies {
		where := fmt.Sprintf("%s, %s: %s", cp.Connector, cp.Kind, cmp.Or(cp.URL, string(cp.Message), "the page"))
		conn, _ := c.registry.Get(cp.Connector)
		_, able := connector.As[connector.Retractor](conn)
		switch {
		case cp.Out == 0 && !cp.Parked():
		case cp.Connector == session.Page:
			say(out, "  gone: %s", cmp.Or(cp.URL, "the public page"))
		case cp.Parked():
			say(out, "  by hand, nobody knows whether it stands there: %s", where)
		case !able:
			say(out, "  by hand, it cannot be taken back there: %s", where)
		default:
			say(out, "  is being taken back by the running bot: %s", where)
		}
	}
	if o := q.Origin; o.Connector != session.Page && (o.URL != "" || o.Message != "") {
		say(out, "  by hand, the asker's own message: %s: %s", o.Connector, cmp.Or(o.URL, string(o.Message)))
	}
}

// asked are the questions that the flags name, without those that were withdrawn.
func (c *core) asked(ctx context.Context, f eraseFlags) ([]session.Question, error) {
	if f.asker == "" {
		return c.store.Questions(ctx, session.ID(f.session), f.question)
	}
	hours, err := c.store.Sessions(ctx)
	var all []session.Question
	for _, s := range hours {
		qs, err := c.askedIn(ctx, s.ID, f.asker)
		if err != nil {
			return nil, err
		}
		all = append(all, qs...)
	}
	return all, err
}

// askedIn are the questions of one asker in an hour.
func (c *core) askedIn(ctx context.Context, id session.ID, asker string) ([]session.Question, error) {
	mine := func(q session.Question) bool {
		return q.State != session.Withdrawn && strings.EqualFold(q.Email, asker)
	}
	var qs []session.Question
	var err error
	if place, account, ok := strings.Cut(asker, ":"); ok {
		var numbers []int
		numbers, err = c.store.ByAsker(ctx, id, session.ConnectorID(place), session.UserRef(account))
		if err == nil {
			qs, err = c.store.Questions(ctx, id, numbers...)
		}
		mine = func(q session.Question) bool { return q.State != session.Withdrawn }
	} else {
		qs, err = c.store.List(ctx, id, session.Listing{States: session.States})
	}
	return slices.DeleteFunc(qs, func(q session.Question) bool { return !mine(q) }), err
}
