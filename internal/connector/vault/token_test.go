package vault

import (
	"testing"
	"time"
)

// TestNext: what is done about a token, by what is known of it.
func TestNext(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)
	in := func(d time.Duration) time.Time { return now.Add(d) }
	token := func(since, until time.Duration) state {
		return state{Token: Token{Access: "a", Until: in(until)}, Since: in(since)}
	}
	asked := func(s state, ago time.Duration) state {
		s.Asked = asking{in(-ago), "replica"}
		return s
	}
	for name, c := range map[string]struct {
		s       state
		refused string
		repeats bool
		want    step
	}{
		"none yet":                       {state{}, "", false, ask},
		"without an end":                 {state{Token: Token{Access: "a"}}, "", false, use},
		"without an end, refused":        {state{Token: Token{Access: "a"}}, "a", false, ask},
		"young":                          {token(-time.Hour, 2*time.Hour), "", false, use},
		"three quarters gone":            {token(-90*time.Minute, 30*time.Minute), "", false, ask},
		"over":                           {token(-2*time.Hour, 0), "", false, ask},
		"of the file, not over":          {state{Token: Token{Access: "a", Until: in(1)}}, "", false, use},
		"of the file, over":              {state{Token: Token{Access: "a", Until: in(0)}}, "", false, ask},
		"refused":                        {token(-time.Hour, 2*time.Hour), "a", false, ask},
		"another was refused":            {token(-time.Hour, 2*time.Hour), "b", false, use},
		"refused as soon as it came":     {token(-time.Second, 2*time.Hour), "a", false, use},
		"somebody asks":                  {asked(token(-2*time.Hour, 0), 59*time.Second), "", false, busy},
		"somebody asked":                 {asked(token(-2*time.Hour, 0), time.Minute), "", false, lost},
		"somebody asked too early":       {asked(token(-time.Hour, 2*time.Hour), time.Minute), "", false, use},
		"somebody asked, and may again":  {asked(token(-2*time.Hour, 0), time.Minute), "", true, ask},
		"the first was asked for":        {asked(state{}, time.Hour), "", false, lost},
		"the first was asked for, again": {asked(state{}, time.Hour), "", true, ask},
	} {
		if got := c.s.next(now, c.refused, c.repeats); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
