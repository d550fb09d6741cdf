package transcript_test

import (
	"fmt"
	"strings"
	"time"

	"experthour/internal/session"
	"experthour/internal/transcript"
)

// Build is the only door: what it does not copy, such as a note of the staff, cannot get
// into any format.
func ExampleBuild() {
	start := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	hour := session.Session{ID: "tax-2026", Title: "Tax", State: session.Archived, Language: session.English, Zone: "UTC",
		Experts: []session.Expert{{Name: "Edgars Ozols"}}, Start: start, End: start.Add(time.Hour), Closed: start.Add(time.Hour)}
	q := session.Question{Ref: session.QuestionRef{Session: "tax-2026", Number: 1}, State: session.Published, Text: "Who pays?",
		Asked: start, PublishedAt: start.Add(time.Minute), Language: session.English, Wanted: 1, Counter: 1,
		Acts:      map[session.Verb]session.Act{session.Accept: {At: start}},
		Revisions: []session.Revision{{Number: 1, Author: "Edgars Ozols", Text: "The buyer."}},
		Approvals: []session.Approval{{Revision: 1, By: session.Actor{Name: "Anna"}}},
		Copies: []session.Copy{{Slot: session.Slot{Kind: session.KindAnswer, Connector: session.Page, Original: 1},
			Text: "The buyer.", Revision: 1, Wanted: 1, Out: 1}},
		Notes: []session.Note{{By: "Anna", Text: "Not for the public."}}}
	d := transcript.Build(hour, []session.Question{q}, nil, transcript.Options{PublicURL: "https://hour.example"})
	fmt.Println(d.Title, d.URL)
	for _, q := range d.Questions {
		fmt.Println(q.Number, q.Outcome, q.Asked.Text, q.Answer.Text, "by", q.Answer.By)
	}
	fmt.Println("notes:", strings.Contains(string(d.JSON()), "Not for"))
	// Output:
	// Tax https://hour.example/s/tax-2026
	// 1 published Who pays? The buyer. by Edgars Ozols
	// notes: false
}
