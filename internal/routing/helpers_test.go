package routing

import (
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

const (
	sandbox  session.ConnectorID = "sandbox"
	birds    session.ConnectorID = "birds"
	announce session.ConnectorID = "announce"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// facts are the connectors of these tests: birds counts graphemes and links as 23.
func facts(id session.ConnectorID) (connector.Limits, bool) {
	l, ok := map[session.ConnectorID]connector.Limits{
		sandbox:  {Longest: connector.AtMost(500, session.Characters), Notices: true},
		birds:    {Longest: connector.Longest{{Unit: session.Graphemes, Most: 300, Link: 23}}, Notices: true},
		announce: {Longest: connector.AtMost(200, session.Characters)},
	}[id]
	return l, ok
}

func planner() Planner {
	return Planner{
		Limits: facts, PublicURL: "https://jautajumi.example.lv/", Hashtags: []string{"nodokļi"},
		Reasons: map[string]map[session.Language]string{
			"off_topic":        {session.English: "Off topic.", session.Latvian: "Nav par tēmu."},
			session.NotReached: {session.English: "No time left."},
		},
		Contact: "info@example.lv",
	}
}

func hour() session.Session {
	return session.Session{
		ID: "tax-2026", State: session.Open, Language: session.English,
		Experts: []session.Expert{{Name: "Anna Bērziņa", Office: "State Revenue Service"}},
		Targets: []session.Target{{Connector: sandbox, Place: "square"}, {Connector: announce, Every: true}},
		Reasons: []string{"off_topic", session.NotReached}, AskFrom: noon, Start: noon, End: noon.Add(2 * time.Hour),
	}
}

func questionAt(n int, c session.ConnectorID, place session.PlaceID) session.Question {
	return session.Question{
		Ref: session.QuestionRef{Session: "tax-2026", Number: n}, State: session.Review, Language: session.English,
		Text:      "When is my tax return due?",
		Origin:    session.Origin{Connector: c, Place: place, Message: "m1"},
		Revisions: []session.Revision{{Number: 1, Author: "Anna Bērziņa", Text: "By 1 June. You can file online."}},
	}
}

func follow(n int, c session.ConnectorID, place session.PlaceID, lang session.Language) session.Follow {
	return session.Follow{Number: n, Origin: session.Origin{Connector: c, Place: place}, Language: lang}
}

func keys(rs []session.Rendered) string {
	var ks []string
	for _, r := range rs {
		ks = append(ks, r.Key())
	}
	return strings.Join(ks, " ")
}

func only(t *testing.T, rs []session.Rendered, key string) session.Rendered {
	t.Helper()
	for _, r := range rs {
		if r.Key() == key {
			return r
		}
	}
	t.Fatalf("no copy %s among %s", key, keys(rs))
	return session.Rendered{}
}
