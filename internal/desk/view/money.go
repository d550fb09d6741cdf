package view

import "experthour/internal/session"

// dollars are by how much a ceiling can be lifted by one press.
var dollars = []string{"1", "5", "10", "20", "50"}

// unpaid asks by how much to lift a ceiling, and where something waits at several places, at which.
func (r Reader) unpaid(f Form) Form {
	var places []string
	for _, m := range r.Session.Unpaid() {
		places = append(places, string(m.Connector))
	}
	if len(places) < 2 {
		f = f.without("connector")
	}
	f.offer("connector", places, func(id string) string { return r.Place(session.ConnectorID(id)) })
	f.offer("dollars", dollars, func(n string) string { return r.Words.Text("desk.dollars", "n", n) })
	f.propose("dollars", "5")
	return f
}

// Waiting says what waits for money, and how much was spent.
func (r Reader) Waiting() (texts []string) {
	for _, m := range r.Session.Unpaid() {
		args := []any{"place", r.Place(m.Connector), "spent", r.Words.Dollars(m.Unpaid.Spent),
			"ceiling", r.Words.Dollars(m.Unpaid.Ceiling), "price", r.Words.Dollars(m.Unpaid.Price)}
		if m.Unpaid.Question == 0 {
			texts = append(texts, r.Words.Text("desk.unpaid_hour", args...))
			continue
		}
		texts = append(texts, r.Words.Text("desk.unpaid", append(args, "question", r.Ref(m.Unpaid.Question))...))
	}
	return texts
}
