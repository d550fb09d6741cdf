package session

import (
	"context"
	"strconv"
	"strings"
)

const (
	longestSlug = 60
	// mostNumbered is how many hours of one title are told apart by numbers.
	mostNumbered = 200
)

// addressed gives h an address of its own, unless it has one. An hour of the same title that
// ends at the same time is the same one.
func (s *Service) addressed(ctx context.Context, h Hour) (Hour, error) {
	if h.Slug != "" || h.Suggested == "" {
		return h, nil
	}
	for n := 1; n <= mostNumbered; n++ {
		h.Slug = h.Suggested.numbered(n)
		other, err := s.Store.Session(ctx, h.Slug)
		switch KindOf(err) {
		case NotFound:
			return h, nil
		case Unavailable:
			return h, err
		}
		if err == nil && other.State != Cancelled && other.Title == CleanLine(h.Title) && other.End.Equal(moment(h.End)) {
			return h, Fail(Already, "hour_twice", "session", string(h.Slug)).At("title")
		}
	}
	return h, Fail(Already, "slug_taken", "session", string(h.Suggested)).At("slug")
}

// numbered is the address of the hour number n of those that share one.
func (id ID) numbered(n int) ID {
	suffix := ""
	if n > 1 {
		suffix = "-" + strconv.Itoa(n)
	}
	return ID(strings.TrimRight(string(id[:min(len(id), longestSlug-len(suffix))]), "-") + suffix)
}
