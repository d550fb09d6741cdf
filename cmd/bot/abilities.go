package main

import (
	"slices"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// able is what a connector can do, read from its methods and its limits, so that what
// "bot check" and the README say of it cannot differ from what it does.
type able struct {
	connector.Limits
	can  []connector.Capability
	keys time.Duration // how long a platform knows a post again by its key
	w    wording.Words
}

func ableOf(c connector.Connector, l connector.Limits, w wording.Words) able {
	a := able{Limits: l, can: connector.Capabilities(c), w: w}
	if k, ok := connector.As[connector.Keyed](c); ok {
		a.keys = k.KeyWindow()
	}
	return a
}

func (a able) has(c connector.Capability) bool { return slices.Contains(a.can, c) }

// choice is what is said when something holds; the last one of a list always does.
type choice struct {
	holds bool
	id    string
	args  []any
}

func (a able) first(of ...choice) string {
	i := slices.IndexFunc(of, func(c choice) bool { return c.holds })
	return a.w.Text("can."+of[i].id, of[i].args...)
}

func (a able) yes(holds bool) string {
	return a.first(choice{holds, "yes", nil}, choice{true, "no", nil})
}

// abilities are the rows of the list: an id of the catalogue, and what is said of it. The
// first ones are of a place of the public, the rest of a desk.
var abilities = []struct {
	id    string
	staff bool
	says  func(able) string
}{
	{"ask", false, func(a able) string {
		return a.first(choice{a.Letters && !a.Mailed, "no", nil}, choice{a.has(connector.CanSwitch), "ask_pretend", nil},
			choice{true, "yes", nil})
	}},
	{"receipt", false, func(a able) string {
		return a.first(choice{a.Mailed, "receipt_letter", nil}, choice{a.Letters, "receipt_none", nil},
			choice{a.Slots, "receipt_slot", nil}, choice{a.Notices, "receipt_none", nil},
			choice{a.Replaces, "receipt_page", nil}, choice{true, "receipt_silent", nil})
	}},
	{"answer", false, func(a able) string { return a.yes(a.has(connector.CanReply)) }},
	{"correct", false, func(a able) string {
		return a.first(choice{a.has(connector.CanEdit) && a.EditsQuietly, "edit_quiet", nil}, choice{a.has(connector.CanEdit), "edit", nil},
			choice{a.has(connector.CanRetract), "edit_anew", nil},
			choice{a.Letters, "edit_letter", nil}, choice{true, "by_hand", nil})
	}},
	{"retract", false, func(a able) string {
		return a.first(choice{a.has(connector.CanRetract), "yes", nil}, choice{a.Letters, "retract_letter", nil}, choice{true, "by_hand", nil})
	}},
	{"votes", false, func(a able) string { return a.yes(a.Votes) }},
	{"announce", false, func(a able) string {
		return a.first(choice{a.Replaces, "announce_shown", nil}, choice{a.Transcripts, "announce_transcript", nil},
			choice{a.Announces, "yes", nil}, choice{true, "no", nil})
	}},
	{"longest", false, able.longest},
	{"pin", false, func(a able) string { return a.yes(a.has(connector.CanPin)) }},
	{"hide", false, func(a able) string { return a.yes(a.has(connector.CanHide)) }},
	{"pictures", false, func(a able) string {
		if a.Captions != nil {
			return a.w.Text("can.pictures_caption", "most", a.Pictures, "text", a.Captions[0].Most)
		}
		return a.first(choice{a.Replaces, "pictures_shown", nil}, choice{a.Pictures > 0, "pictures_most", []any{"most", a.Pictures}},
			choice{true, "no", nil})
	}},
	{"unsure", false, func(a able) string {
		return a.first(choice{a.Replaces, "unsure_never", nil}, choice{a.has(connector.CanFind), "unsure_find", nil},
			choice{a.has(connector.CanKey), "unsure_key", []any{"window", a.keys}}, choice{a.Slots, "unsure_slot", nil},
			choice{true, "unsure_person", nil})
	}},
	{"cost", false, able.cost},
	{"cards", true, func(a able) string {
		return a.first(choice{a.has(connector.CanFindCard), "cards_find", nil}, choice{true, "cards_blind", nil})
	}},
	{"call", true, func(a able) string { return a.yes(a.has(connector.CanCall)) }},
}

// longest lists limits of a text.
func (a able) longest() string {
	var all []string
	for _, l := range a.Longest {
		s := a.w.Text("can.most", "most", l.Most, "counted", a.w.Text("counted."+string(l.Unit)))
		for _, k := range l.Kinds {
			s += " (" + a.w.Text("can.kind."+string(k)) + ")"
		}
		if l.Assumed {
			s += " " + a.w.Text("can.assumed")
		}
		all = append(all, s)
	}
	if len(all) == 0 {
		return a.w.Text("can.no_limit")
	}
	return strings.Join(all, "; ")
}

// cost is what posting costs: money, or a part of what a platform gives for a day.
func (a able) cost() string {
	if a.Price != nil {
		link, plain := a.Price("https://example.org", 0, true)
		return a.w.Text("can.price", "plain", a.w.Dollars(plain), "link", a.w.Dollars(link))
	}
	for _, b := range a.Budgets {
		if b.Rate.Day != nil && b.Costs[connector.RequestPost] > 0 {
			return a.w.Text("can.units", "most", b.Rate.Most/b.Cost(connector.RequestPost))
		}
	}
	return a.w.Text("can.free")
}

// rows are what is said of a connector, each with its label.
func (a able) rows() (rows [][2]string) {
	for _, r := range abilities {
		if r.staff && a.has(connector.CanDesk) || !r.staff && a.has(connector.CanReply) {
			rows = append(rows, [2]string{a.w.Text("can." + r.id), r.says(a)})
		}
	}
	return rows
}

// reportAbilities prints what each connector can do.
func (c *core) reportAbilities(line func(format string, args ...any)) {
	for _, conn := range c.registry.All() {
		l, _ := c.registry.Limits(conn.ID())
		line("%s:", conn.ID())
		for _, row := range ableOf(conn, l, wording.In(session.English)).rows() {
			line("  %s: %s", row[0], row[1])
		}
	}
}
