package slack

import (
	"errors"
	"slices"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/session"
)

func account1(id session.UserRef) map[session.ConnectorID]session.UserRef {
	return map[session.ConnectorID]session.UserRef{"slack": id}
}

// listed is the roster in short: name, role and account.
func listed(people []session.Person) (all []string) {
	for _, p := range people {
		all = append(all, string(p.Name)+" "+string(p.Role)+" "+string(p.Accounts["slack"]))
	}
	slices.Sort(all)
	return all
}

func TestRoster(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	bob := w.fake.User("U0BOB", "Bob Liepa", "Bob@Example.org")
	cara := w.fake.User("U0CARA", "Cara Egle", "cara@example.org")
	dora := w.fake.User("U0DORA", "Dora Kalna", "")
	same := w.fake.User("U0SAME", "Anna", "")
	gone := w.fake.User("U0GONE", "Gone Away", "gone@example.org")
	gone.Deactivate()
	w.fake.Group("S0MODS", "mods", bob, dora)
	w.fake.Group("S0EXP", "experts", bob, cara, dora, same, gone)
	people := []session.Person{
		{Name: "Anna", Role: session.Moderator, Accounts: account1("U0ANNA")},
		{Name: "Bob", Role: session.Observer, Office: "Office", Email: "bob@example.ORG"},
		{Name: "Gone", Role: session.ExpertRole, Email: "gone@example.org"},
		{Name: "Gone too", Role: session.ExpertRole, Accounts: account1("U0GONE")},
		{Name: "Nobody", Role: session.ExpertRole, Email: "nobody@example.org"},
		{Name: "No account", Role: session.ExpertRole},
	}
	groups := map[string]session.Role{"S0MODS": session.Moderator, "S0EXP": session.ExpertRole, "S0NONE": session.Observer}
	got, err := w.Roster(t.Context(), people, groups)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Anna (U0SAME) expert U0SAME", "Anna moderator U0ANNA", "Bob observer U0BOB", "Cara Egle expert U0CARA", "Dora Kalna moderator U0DORA"}
	if !slices.Equal(listed(got), want) {
		t.Errorf("roster %q, want %q", listed(got), want)
	}
	if trouble := w.trouble(); !slices.Equal(trouble, []string{"slack.group_unknown"}) {
		t.Errorf("trouble %v", trouble)
	}
	if people[1].Accounts != nil || w.nameOf("U0BOB") != "Bob" {
		t.Errorf("the list was changed: %+v; %q", people[1], w.nameOf("U0BOB"))
	}
	w.run()
	w.anna.Say(w.channel, "Ask @Bob Liepa")
	if ws := w.written(1); ws[0].Lines[0].Text != "Ask @Bob" || ws[0].By.Name != "Anna" {
		t.Errorf("written %+v", ws[0])
	}
}

// A list that is short because Slack did not answer would take people their role.
func TestRosterIsAllOrNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.fake.Group("S0MODS", "mods", w.anna)
	people := []session.Person{{Name: "Anna", Role: session.Moderator, Email: "anna@example.org"}}
	for _, method := range []string{"users.lookupByEmail", "usergroups.users.list"} {
		w.fake.Refuse(method, 1, "internal_error")
		if got, err := w.Roster(t.Context(), people, map[string]session.Role{"S0MODS": session.Moderator}); err == nil || got != nil {
			t.Errorf("%s fails: %v, %v", method, got, err)
		}
	}
	w.fake.RevokeToken()
	if _, err := w.Roster(t.Context(), people, nil); connector.OutcomeOf(err).Outcome != connector.Deferred || errors.Is(err, connector.ErrGone) {
		t.Errorf("error %v", err)
	}
}
