package routing

import (
	"slices"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/screening"
	"experthour/internal/session"
)

// TestGuide: a copy that stands alone repeats its question and has the hashtag, or says so; a reply
// need not. What is off is silent.
func TestGuide(t *testing.T) {
	t.Parallel()
	p := Planner{PublicURL: "https://x.lv", Hashtags: []string{"hour"}, Limits: func(id session.ConnectorID) (connector.Limits, bool) {
		return connector.Limits{Longest: connector.AtMost(90, session.Characters)}, id == "tight"
	}}
	s := session.Session{ID: "tax", Language: session.Latvian, Targets: []session.Target{{Connector: "tight", Place: "p", Every: true},
		{Connector: "wide", Place: "p", Every: true}, {Connector: "asked", Place: "p", Every: true}}}
	q := session.Question{Ref: session.QuestionRef{Session: "tax", Number: 1}, Text: "Vai es drīkstu sākt būvēt, kamēr lēmuma vēl nav?",
		Language: session.Latvian, Origin: session.Origin{Connector: "asked", Place: "p", Message: "m"}}
	rev := session.Revision{Number: 1, Text: "Pamatojoties uz likumu, jā. Bet tikai tad, ja kaimiņi piekrīt un nav pavasaris."}
	q.Revisions = []session.Revision{rev}
	g := Guide{Planner: func() Planner { return p },
		Rules: map[screening.Guideline]screening.Rule{screening.SelfContained: screening.Blocking}}
	copies := p.Copies(s, q, rev)
	var got []string
	for _, b := range g.Breaches(q, rev, copies) {
		line := string(b.Guideline)
		for _, slot := range b.Copies {
			line += " " + string(slot.Connector)
		}
		got = append(got, line)
	}
	if want := []string{"self_contained tight", "hashtag tight", "officialese"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := g.Blocking(q, rev, copies); !slices.Equal(got, []string{"self_contained"}) || !g.Asks() {
		t.Errorf("what blocks: %v", got)
	}
	g.Rules = map[screening.Guideline]screening.Rule{screening.SelfContained: screening.Off, screening.Hashtag: screening.Off,
		screening.Officialese: screening.Off}
	if got := g.Breaches(q, rev, copies); len(got) > 0 || g.Asks() {
		t.Errorf("what is off says %v", got)
	}
}
