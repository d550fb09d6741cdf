package routing_test

import (
	"slices"
	"testing"

	"experthour/internal/routing"
	"experthour/internal/session"
)

func names(d session.Directory) []session.PersonName {
	var ns []session.PersonName
	for _, p := range d {
		ns = append(ns, p.Name)
	}
	return ns
}

// TestWhoIsTakenOutOfTheFile is out at once, whatever a platform said before, and whatever
// it says to a question that was asked before.
func TestWhoIsTakenOutOfTheFile(t *testing.T) {
	t.Parallel()
	anna, olga := session.Person{Name: "Anna", Role: session.Moderator}, session.Person{Name: "Olga", Role: session.Moderator}
	member := session.Person{Name: "Member", Role: session.ExpertRole}
	r := routing.NewRoll(session.Directory{anna, olga})
	_, turn := r.Configured()
	r.Learn(turn, "slack", []session.Person{anna, olga, member})
	olga.Role = session.Observer
	r.Replace(session.Directory{olga})
	r.Learn(turn, "slack", []session.Person{anna, olga, member}) // asked before, answered now
	if got := names(r.People()); !slices.Equal(got, []session.PersonName{"Olga", "Member"}) {
		t.Errorf("the staff are %v", got)
	}
	if p, _ := r.People().Find("Olga"); p.Role != session.Observer {
		t.Errorf("Olga is %s", p.Role)
	}
	people, turn := r.Configured()
	r.Learn(turn, "slack", []session.Person{anna})
	if got := names(r.People()); len(people) != 1 || !slices.Equal(got, []session.PersonName{"Olga", "Anna"}) {
		t.Errorf("a group of the platform has Anna still, and the staff are %v", got)
	}
}
