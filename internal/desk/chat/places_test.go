package chat

import (
	"slices"
	"testing"

	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// TestSomeOfThePlaces: an hour is held at those of the places that were chosen, one by
// one or by the names of groups, when it is scheduled and when it is edited.
func TestSomeOfThePlaces(t *testing.T) {
	t.Parallel()
	k := desk(t)
	for _, name := range []string{"Harbour", "Market"} {
		at := session.Target{Connector: session.ConnectorID(name), Place: "p"}
		k.svc.Places = append(k.svc.Places, at)
		k.chat.Views.Places = append(k.chat.Views.Places, view.Place{Name: name, Target: at})
	}
	places := func() (ids []string) {
		s, err := k.store.Session(t.Context(), "ports")
		k.must(err)
		for _, at := range s.Targets {
			ids = append(ids, string(at.Connector))
		}
		return ids
	}
	k.chat.Views.Places[1].Groups = []string{"sea"}
	k.chat.Views.Places[2].Groups = []string{"sea", "old town"}
	f := k.types(anna, "schedule").Form
	v := filled(f)
	for _, field := range f.Fields {
		if field.ID == "targets" && field.Options[0].Label != "Group sea: Harbour, Market" {
			t.Errorf("first is offered %q", field.Options[0].Label)
		}
	}
	if !slices.Equal(v["targets"], []string{"sea", "old town", "square"}) {
		t.Errorf("%v are chosen, want all", v["targets"])
	}
	v["title"], v["experts"], v["targets"] = []string{"Ports"}, []string{string(account(janis))}, []string{"old town", "sea"}
	k.submit(anna, f, v)
	if got := places(); !slices.Equal(got, []string{"Market", "Harbour"}) {
		t.Fatalf("it is held at %v", got)
	}
	f = k.types(anna, "edit ports").Form
	if v = filled(f); !slices.Equal(v["targets"], []string{"Market", "Harbour"}) {
		t.Errorf("%v are chosen in the form for changing it", v["targets"])
	}
	v["targets"] = []string{"square", "old town"}
	a := k.submit(anna, f, v)
	if a.Form != nil {
		k.submit(anna, a.Form, nil)
	}
	if got := places(); !slices.Equal(got, []string{"square", "Market"}) {
		t.Errorf("now it is held at %v", got)
	}
}
