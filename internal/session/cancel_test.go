package session

import (
	"strings"
	"testing"
)

// TestCancelTellsWhy: the public reason and the new date stay in the hour; the internal one
// does not.
func TestCancelTellsWhy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cmd  CancelSession
		want *CalledOff
		id   string
		at   Field
	}{
		{cmd: CancelSession{Reason: "ill"}},
		{cmd: CancelSession{Public: " Ill  today. "}, want: &CalledOff{Reason: "Ill today."}},
		{cmd: CancelSession{NewDate: "2026-11-22"}, want: &CalledOff{NewDate: "2026-11-22"}},
		{cmd: CancelSession{NewDate: "2026-11-21"}, id: "new_date_past", at: "new_date"},
		{cmd: CancelSession{NewDate: "24.12."}, id: "new_date_form", at: "new_date"},
		{cmd: CancelSession{Public: strings.Repeat("x", 301)}, id: "field_too_long", at: "public_reason"},
	} {
		w := newWorld()
		err := w.session(anna, c.cmd)
		if e := first(err); e.ID != c.id || e.Field != c.at {
			t.Errorf("%+v: %v", c.cmd, err)
		}
		if got := w.ses.CalledOff; c.id == "" && (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
			t.Errorf("%+v: %+v", c.cmd, got)
		}
	}
}
