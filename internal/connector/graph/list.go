package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"regexp"
	"time"
)

// ID is how an object is named: digits, more than a float64 can hold. It comes as a text.
type ID string

// IDForm is its form.
var IDForm = regexp.MustCompile(`^[0-9]{1,30}$`)

// UnmarshalJSON takes a number too.
func (i *ID) UnmarshalJSON(b []byte) error {
	s := string(bytes.Trim(b, `"`))
	if !IDForm.MatchString(s) {
		return errors.New("no id")
	}
	*i = ID(s)
	return nil
}

// Made is the answer to what makes something.
type Made struct{ ID ID }

// Stamp is a time as the API writes it: 2024-01-01T18:20:00+0000.
type Stamp struct{ time.Time }

// UnmarshalJSON reads it.
func (s *Stamp) UnmarshalJSON(b []byte) error {
	t, err := time.Parse("2006-01-02T15:04:05-0700", string(bytes.Trim(b, `"`)))
	s.Time = t.UTC()
	return err
}

// Page is a part of a list.
type Page struct {
	Data   []json.RawMessage
	Paging struct {
		Cursors struct{ After string }
		Next    string
	}
}

// List is how a list is read. Some pages repeat for ever what was on those before, so that each
// thing is taken once, over several readings too.
type List[T any] struct {
	Left   int // how many pages may still be asked for
	Ask    func(ctx context.Context, params url.Values, p *Page) error
	Take   func(raw json.RawMessage) (one T, id string) // without an id it is left out
	Enough func(page []T) bool                          // nil is never
	known  map[string]bool
}

// End is where a reading ended.
type End int

// The ends.
const (
	Short   End = iota // it was enough, or no page was left
	Last               // of the list
	Repeats            // a page had nothing new
)

// Read reads on from where params say.
func (l *List[T]) Read(ctx context.Context, params url.Values) (all []T, end End, err error) {
	params = maps.Clone(params)
	for ; l.Left > 0; l.Left-- {
		var p Page
		if err := l.Ask(ctx, params, &p); err != nil {
			return nil, Short, err
		}
		some := l.fresh(p.Data)
		all = append(all, some...)
		enough := l.Enough != nil && len(some) > 0 && l.Enough(some)
		switch {
		case p.Paging.Cursors.After == "":
			return all, Last, nil
		case len(some) == 0:
			return all, Repeats, nil
		case enough:
			return all, Short, nil
		}
		params.Set("after", p.Paging.Cursors.After)
	}
	return all, Short, nil
}

// fresh are those of a page that were on none before.
func (l *List[T]) fresh(page []json.RawMessage) (some []T) {
	if l.known == nil {
		l.known = map[string]bool{}
	}
	for _, raw := range page {
		one, id := l.Take(raw)
		if id != "" && !l.known[id] {
			l.known[id], some = true, append(some, one)
		}
	}
	return some
}
