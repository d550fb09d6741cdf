package slack

import (
	"errors"
	"maps"
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
	got, err := w.roster(t.Context(), people, groups)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Anna (U0SAME) expert U0SAME", "Anna moderator U0ANNA", "Bob observer U0BOB", "Cara Egle expert U0CARA",
		"Dora Kalna moderator U0DORA"}
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
		if got, err := w.roster(t.Context(), people, map[string]session.Role{"S0MODS": session.Moderator}); err == nil || got != nil {
			t.Errorf("%s fails: %v, %v", method, got, err)
		}
	}
	w.fake.RevokeToken()
	if _, err := w.roster(t.Context(), people, nil); connector.OutcomeOf(err).Outcome != connector.Deferred ||
		errors.Is(err, connector.ErrGone) {
		t.Errorf("error %v", err)
	}
}

// called is what the members of a group are called, by their account.
func (w *world) called(people []session.Person, group string) map[session.UserRef]session.PersonName {
	w.t.Helper()
	found, err := w.roster(w.t.Context(), people, map[string]session.Role{group: session.Moderator})
	if err != nil {
		w.t.Fatal(err)
	}
	all := map[session.UserRef]session.PersonName{}
	for _, p := range found {
		all[p.Accounts["slack"]] = p.Name
	}
	return all
}

func same(t *testing.T, what string, got, want map[session.UserRef]session.PersonName) {
	t.Helper()
	if !maps.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// Whoever writes another name into their profile stays who they were, and so does the
// colleague whose name it is.
func TestNobodyBecomesSomebodyElseByTheirProfile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	bob, cara := w.fake.User("U0BOB", "Bob Liepa", ""), w.fake.User("U0CARA", "Cara Egle", "")
	g := w.fake.Group("S0MODS", "mods", bob, cara)
	before := w.called(nil, "S0MODS")
	same(t, "at first sight", before, map[session.UserRef]session.PersonName{"U0BOB": "Bob Liepa", "U0CARA": "Cara Egle"})
	w.fake.User("U0BOB", "Cara Egle", "")
	same(t, "Bob takes Cara's name", w.called(nil, "S0MODS"), before)
	w.fake.User("U0CARA", "Somebody New", "")
	same(t, "Cara has another one", w.called(nil, "S0MODS"), before)
	g.Set(bob)
	w.called(nil, "S0MODS")
	dan := w.fake.User("U0DAN", "cara egle", "")
	g.Set(dan, bob)
	want := map[session.UserRef]session.PersonName{"U0DAN": "cara egle (U0DAN)", "U0BOB": "Bob Liepa"}
	same(t, "Dan comes with the name of Cara, who is away", w.called(nil, "S0MODS"), want)
	g.Set(dan, bob, cara)
	want["U0CARA"] = "Cara Egle"
	same(t, "Cara is back", w.called(nil, "S0MODS"), want)
	w.fake.User("U0DAN", "Dan Ozols", "")
	same(t, "Dan has a name of his own", w.called(nil, "S0MODS"), want)
}

// A name of the configuration is its person's, whether or not they have an account yet.
func TestConfiguredNameIsNobodyElses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	bob := w.fake.User("U0BOB", "Bob Liepa", "")
	sly := w.fake.User("U0SLY", "Bob Liepa (U0BOB)", "")
	w.fake.Group("S0MODS", "mods", bob, sly)
	same(t, "alone", w.called(nil, "S0MODS"), map[session.UserRef]session.PersonName{"U0BOB": "Bob Liepa", "U0SLY": "Bob Liepa (U0BOB)"})
	people := []session.Person{{Name: "Bob Liepa", Role: session.ExpertRole}}
	want := map[session.UserRef]session.PersonName{"U0BOB": "Bob Liepa (U0BOB) (U0BOB)", "U0SLY": "Bob Liepa (U0BOB)"}
	same(t, "somebody of that name is configured", w.called(people, "S0MODS"), want)
	same(t, "and no more", w.called(nil, "S0MODS"), want)
	people[0].Accounts = account1("U0BOB")
	same(t, "it was him", w.called(people, "S0MODS"),
		map[session.UserRef]session.PersonName{"U0BOB": "Bob Liepa", "U0SLY": "Bob Liepa (U0BOB)"})
}

// Without its memory a roster would give everybody a new name.
func TestRosterWithoutMemory(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fast)
	w.fake.Group("S0MODS", "mods", w.anna)
	w.memory.fail = errors.New("away")
	if got, err := w.roster(t.Context(), nil, map[string]session.Role{"S0MODS": session.Moderator}); err == nil || got != nil {
		t.Errorf("%v, %v", got, err)
	}
}
