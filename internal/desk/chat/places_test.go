package chat

import (
	"slices"
	"testing"

	"experthour/internal/desk/view"
	"experthour/internal/session"
)

// TestSomeOfThePlaces: an hour is held at those of the places that were chosen, when it is scheduled and when it is edited.
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
	f := k.types(anna, "schedule").Form
	v := filled(f)
	if !slices.Equal(v["targets"], []string{"square", "Harbour", "Market"}) {
		t.Errorf("%v are chosen, want all", v["targets"])
	}
	v["title"], v["experts"], v["targets"] = []string{"Ports"}, []string{string(account(janis))}, []string{"Harbour", "Market"}
	k.submit(anna, f, v)
	if got := places(); !slices.Equal(got, []string{"Harbour", "Market"}) {
		t.Fatalf("it is held at %v", got)
	}
	f = k.types(anna, "edit ports").Form
	if v = filled(f); !slices.Equal(v["targets"], []string{"Harbour", "Market"}) {
		t.Errorf("%v are chosen in the form for changing it", v["targets"])
	}
	v["targets"] = []string{"square", "Market"}
	a := k.submit(anna, f, v)
	if a.Form != nil {
		k.submit(anna, a.Form, nil)
	}
	if got := places(); !slices.Equal(got, []string{"square", "Market"}) {
		t.Errorf("now it is held at %v", got)
	}
}
