package main

import (
	"testing"

	"experthour/internal/session"
)

// TestActor: where there are several moderators, the record must name the right one; who only reads is in no record.
func TestActor(t *testing.T) {
	t.Parallel()
	two := session.Directory{{Name: "Edgars", Role: session.ExpertRole}, {Name: "Anna", Role: session.Moderator},
		{Name: "Jānis", Role: session.Moderator}}
	for name, c := range map[string]struct {
		staff session.Directory
		as    session.PersonName
		reads bool
		want  session.PersonName
	}{
		"the only one":        {two[:2], "", false, "Anna"},
		"one of two":          {two, "", false, ""},
		"one of two, to read": {two, "", true, "Anna"},
		"named":               {two, "Edgars", true, "Edgars"},
		"unknown":             {two, "Ilze", true, ""},
		"nobody, to read":     {two[:1], "", true, ""},
	} {
		if got, err := actor(c.staff, c.as, c.reads); got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
