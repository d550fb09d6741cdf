package redisstore_test

import (
	"testing"
	"time"

	"experthour/internal/redisstore/redistest"
	"experthour/internal/session"
)

// TestRevoke: each time ends all that came before, whatever the clocks say, for that
// person alone, and is forgotten when nothing can be left to end.
func TestRevoke(t *testing.T) {
	t.Parallel()
	now := hourAt
	store := redistest.New(t, func() time.Time { return now })
	l := store.Logins()
	revoke := func(at time.Time) time.Time {
		t.Helper()
		since, err := l.Revoke(t.Context(), "Anna", at, time.Hour)
		check(t, err)
		return since
	}
	want := func(name session.PersonName, want time.Time) {
		t.Helper()
		if since, err := l.Since(t.Context(), name); err != nil || !since.Equal(want) {
			t.Errorf("%s since %v, %v; want %v", name, since, err, want)
		}
	}
	want("Anna", time.Time{})
	first := revoke(time.Time{})
	if !first.Equal(hourAt) {
		t.Errorf("first %v", first)
	}
	second := revoke(time.Time{})
	if !second.After(first) {
		t.Errorf("the same moment twice: %v, %v", first, second)
	}
	ahead := hourAt.Add(time.Minute) // made by a clock that is ahead of the server's
	if third := revoke(ahead); !third.After(ahead) {
		t.Errorf("what was made at %v holds: since %v", ahead, third)
	}
	want("Anna", ahead.Add(time.Millisecond))
	want("Jānis", time.Time{})
	if ttl := store.Client.PTTL(t.Context(), store.Client.Keys(t.Context(), "*login*").Val()[0]).Val(); ttl != time.Hour {
		t.Errorf("remembered for %v", ttl)
	}
}
