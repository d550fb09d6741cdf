package graph

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

const (
	// overlap is how much older than what was read something new may be.
	overlap = time.Minute
	// missingFor is how long a question has to be missing before it is looked for by itself.
	missingFor = time.Minute
	// mostPages bounds one reading, and mostSingle how many questions a look reads by themselves.
	mostPages, mostSingle = 400, 5
	// mostKnown bounds what is known; after that all is new.
	mostKnown = 20_000
	perPut    = 10
)

// Reading is what a process knows of the posts, or comments, that it read in lists. Who knows
// nothing reads everything once more and puts it, which changes nothing; so no cursor has to be
// kept. One goroutine uses it.
type Reading[T any] struct {
	Login *Login
	Spend func(context.Context) error // before a read
	Names func(T) (id string, at time.Time)
	One   func(ctx context.Context, at string) (T, error) // reads one by itself

	lists   map[string]*list
	seen    map[string]T         // as each was seen last
	from    map[string]string    // in which list
	put     map[string]bool      // as a question
	told    map[string]string    // what was put of a question last
	lacking map[string]time.Time // since when
}

// list is how far a list was read.
type list struct{ newest, whole time.Time }

// Begin forgets everything if it is too much, or nothing was known.
func (r *Reading[T]) Begin() {
	if r.lists == nil || len(r.seen)+len(r.put) > mostKnown {
		r.lists, r.seen, r.from = map[string]*list{}, map[string]T{}, map[string]string{}
		r.put, r.told, r.lacking = map[string]bool{}, map[string]string{}, map[string]time.Time{}
	}
}

// Take reads one of a list; a list that holds one that cannot be read is not lost for it.
func (r *Reading[T]) Take(raw json.RawMessage) (one T, id string) {
	if json.Unmarshal(raw, &one) != nil {
		var none T
		return none, ""
	}
	id, _ = r.Names(one)
	return one, id
}

// Walk reads a list from the newest on: as far as something may be new, or every so often to the
// end, which it says, to find what came late, was edited, liked, hidden or deleted.
func (r *Reading[T]) Walk(ctx context.Context, name, to string, q url.Values, every time.Duration) (read []T, end bool, err error) {
	l := r.lists[name]
	if l == nil {
		l = &list{}
		r.lists[name] = l
	}
	whole := r.Login.Env.Now().Sub(l.whole) >= every
	pages := List[T]{Left: mostPages, Take: r.Take,
		Ask: func(ctx context.Context, q url.Values, p *Page) error {
			if err := r.Spend(ctx); err != nil {
				return err
			}
			return r.Login.Get(ctx, to, q, p)
		},
		Enough: func(some []T) bool {
			_, at := r.Names(some[len(some)-1])
			return !whole && at.Before(l.newest.Add(-overlap))
		}}
	read, ended, err := pages.Read(ctx, q)
	return read, ended != Short, err
}

// Ask is a question that Keep puts: its letter, and what it says.
type Ask struct {
	Event connector.Event
	Says  string
}

// Keep puts the questions of what was read in a list that nobody put before and that are not too
// old, and remembers what stands there.
func (r *Reading[T]) Keep(ctx context.Context, name string, read []T, end bool, since time.Time, put receive.Put,
	asks func(T) (Ask, bool)) error {
	var events []connector.Event
	var ids []string
	for _, one := range read {
		id, at := r.Names(one)
		a, is := asks(one)
		if !is || r.put[id] || at.Before(since.Add(-overlap)) {
			continue
		}
		events, ids = append(events, a.Event), append(ids, id)
		r.told[id] = a.Says
	}
	for some := range slices.Chunk(events, perPut) {
		if _, err := put(ctx, some...); err != nil {
			return err
		}
	}
	for _, id := range ids {
		r.put[id] = true
	}
	r.remember(name, read, end)
	return nil
}

// remember takes what was read for what stands there.
func (r *Reading[T]) remember(name string, read []T, end bool) {
	l := r.lists[name]
	if end {
		l.whole = r.Login.Env.Now()
		for at, of := range r.from {
			if of == name {
				delete(r.seen, at)
				delete(r.from, at)
			}
		}
	}
	for _, one := range read {
		id, at := r.Names(one)
		r.seen[id], r.from[id] = one, name
		if at.After(l.newest) {
			l.newest = at
		}
	}
}

// Seen are all as they were seen last.
func (r *Reading[T]) Seen() map[string]T { return r.seen }

// Again looks what became of questions: changed has what each is now, and gone one that is not there
// any more. The platforms say of what is gone that it is not there, or that it may not be shown:
// only of what no list has either that counts, and only if all was read.
func (r *Reading[T]) Again(ctx context.Context, asked []session.Origin, all bool, changed func(session.Origin, T) error,
	gone func(session.Origin) error) error {
	left := mostSingle
	for _, o := range asked {
		at := string(o.Message)
		one, there := r.seen[at]
		if !there && all && left > 0 && r.lacks(at) {
			left--
			if err := r.Spend(ctx); err != nil {
				return err
			}
			var err error
			one, err = r.One(ctx, at)
			if there, err = There(err); err == nil && !there {
				err = gone(o)
			}
			if err != nil {
				return err
			}
		}
		if !there {
			continue
		}
		delete(r.lacking, at)
		if err := changed(o, one); err != nil {
			return err
		}
	}
	return nil
}

// lacks reports whether a question has been missing for long enough, and begins to wait anew then.
func (r *Reading[T]) lacks(at string) bool {
	now := r.Login.Env.Now()
	since, known := r.lacking[at]
	if !known || now.Sub(since) >= missingFor {
		r.lacking[at] = now
	}
	return known && now.Sub(since) >= missingFor
}

// News puts what is not what was put of a question last.
func (r *Reading[T]) News(ctx context.Context, id, says string, put receive.Put, e func() connector.Event) error {
	if was, known := r.told[id]; known && was == says {
		return nil
	}
	if _, err := put(ctx, e()); err != nil {
		return err
	}
	r.told[id] = says
	return nil
}
