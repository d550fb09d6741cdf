package graphfake

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// List is how a list is given.
type List[T any] struct {
	Usual, Most int // things on a page, and how many may be asked for
	ID          func(T) string
	Shown       func(T) (map[string]any, error)
	Oldest      bool   // comes first
	To          string // the address, for that of the next page
	Stutters    bool   // every page is the first one, with a next one behind it
}

// Page is the one that was asked for. Cursors are there as long as it has something.
func (l List[T]) Page(asked url.Values, all []T) (map[string]any, error) {
	limit, err := number(asked.Get("limit"), l.Usual)
	if err != nil || limit < 1 || limit > l.Most {
		return nil, Fail(100, "(#100) Param limit is no number that is taken")
	}
	from := 0
	if after := asked.Get("after"); after != "" {
		from = 1 + slices.IndexFunc(all, func(one T) bool { return l.cursor(one) == after })
	}
	if l.Stutters {
		from, limit = 0, min(limit, l.Usual)
	}
	data, some := []any{}, all[min(from, len(all)):min(from+limit, len(all))]
	for _, one := range some {
		shown, err := l.Shown(one)
		if err != nil {
			return nil, err
		}
		data = append(data, shown)
	}
	out := map[string]any{"data": data}
	if len(some) > 0 {
		last := l.cursor(some[len(some)-1])
		paging := map[string]any{"cursors": map[string]any{"before": l.cursor(some[0]), "after": last}}
		if from+limit < len(all) || l.Stutters {
			paging["next"] = l.To + "?after=" + last
		}
		out["paging"] = paging
	}
	return out, nil
}

func (l List[T]) cursor(one T) string { return base64.RawURLEncoding.EncodeToString([]byte(l.ID(one))) }

func number(s string, or int) (int, error) {
	if s == "" {
		return or, nil
	}
	return strconv.Atoi(s)
}

// Window are the times of something that may be done so often in a span.
type Window struct {
	Span time.Duration
	at   []time.Time
}

// Used is how many there were within the span before now.
func (w *Window) Used(now time.Time) int {
	w.at = slices.DeleteFunc(w.at, func(at time.Time) bool { return !at.After(now.Add(-w.Span)) })
	return len(w.at)
}

// Add is one more.
func (w *Window) Add(now time.Time) { w.at = append(w.at, now) }
