package main

import (
	"context"
	"os"
	"reflect"
	"slices"
	"sync/atomic"
	"time"

	"experthour/internal/backoff"
	"experthour/internal/config"
	"experthour/internal/routing"
	"experthour/internal/session"
	"experthour/internal/web/deskpage"
)

// livePlanner is the planner of the settings that are in force.
type livePlanner struct {
	now atomic.Pointer[routing.Planner]
}

var _ session.Planner = (*livePlanner)(nil)

func (p *livePlanner) set(to routing.Planner) { p.now.Store(&to) }

// Copies is session.Planner's.
func (p *livePlanner) Copies(s session.Session, q session.Question, rev session.Revision) []session.Rendered {
	return p.now.Load().Copies(s, q, rev)
}

// Notices is session.Planner's.
func (p *livePlanner) Notices(s session.Session, q session.Question) []session.Rendered {
	return p.now.Load().Notices(s, q)
}

// Announcements is session.Planner's.
func (p *livePlanner) Announcements(s session.Session, now time.Time) []session.Rendered {
	return p.now.Load().Announcements(s, now)
}

// reloadOn reads the file again whenever a signal comes. A file that is wrong changes
// nothing.
func (c *core) reloadOn(ctx context.Context, signals <-chan os.Signal, file, base string) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-signals:
		}
		next, err := loadConfig(file)
		if err != nil {
			c.log.Error("the configuration was read again and not taken over", "error", err)
			continue
		}
		c.takeOver(ctx, next, base)
	}
}

// live are the settings that are in force: what cfg says, but for what takeOver took over.
func (c *core) live() config.Config { return *c.inForce.Load() }

// takeOver applies what can change while the program runs, and says what cannot.
func (c *core) takeOver(ctx context.Context, next config.Config, base string) {
	now := c.live()
	left := gone(now.Staff(kinds), next.Staff(kinds))
	now.People, now.Institution.Hashtags, now.Desk.DeclineReasons = next.People, next.Institution.Hashtags, next.Desk.DeclineReasons
	c.inForce.Store(&now)
	c.roll.Replace(now.Staff(kinds))
	c.plan.set(c.planner(now, base))
	select {
	case c.rollChanged <- struct{}{}:
	default:
	}
	for _, name := range left {
		c.expel(ctx, name)
	}
	c.log.Info("the configuration was read again", "people", len(now.People), "left", len(left))
	for _, key := range differences(reflect.ValueOf(now), reflect.ValueOf(next), "") {
		c.log.Warn("this change of the configuration needs a restart", "key", key)
	}
}

// expel ends the logins of somebody who left, on the replicas too that have not read the
// file yet. It is tried for as long as the store is away.
func (c *core) expel(ctx context.Context, name session.PersonName) {
	away := func(err error) bool { return session.KindOf(err) == session.Unavailable }
	err := backoff.Insist(ctx, again, lookEvery, away, func() error {
		_, err := deskpage.Revoke(ctx, c.store.Logins(), name, time.Time{})
		return err
	})
	if err != nil {
		c.log.Error("the logins of somebody who left could not be ended for the other replicas", "error", err)
	}
}

// gone are those who are not on the list any more.
func gone(before, after session.Directory) []session.PersonName {
	var names []session.PersonName
	for _, p := range before {
		if !slices.ContainsFunc(after, func(o session.Person) bool { return o.Name == p.Name }) {
			names = append(names, p.Name)
		}
	}
	return names
}

// differences are the keys, two levels deep, whose values are not the same. It tells no
// value: many are secret.
func differences(a, b reflect.Value, section string) []string {
	var keys []string
	for i := range a.NumField() {
		f := a.Type().Field(i)
		name := f.Tag.Get("toml")
		if name == "-" {
			name = "a platform's section"
		}
		switch {
		case f.Name == "Doubts", reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()):
		case f.Type.Kind() == reflect.Struct && section == "":
			keys = append(keys, differences(a.Field(i), b.Field(i), name+".")...)
		default:
			keys = append(keys, section+name)
		}
	}
	return keys
}
