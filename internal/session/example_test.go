package session_test

import (
	"context"
	"fmt"
	"time"

	"experthour/internal/connector"
	"experthour/internal/redisstore"
	"experthour/internal/routing"
	"experthour/internal/session"
)

// Rules need no store and no clock: values go in, values come out, and a second press of
// the same button is a success.
func ExampleDecide() {
	moderator := session.Actor{Name: "Anna", Role: session.Moderator}
	expert := session.Actor{Name: "Edgars", Role: session.ExpertRole}
	q := session.Question{Ref: session.QuestionRef{Session: "tax", Number: 1}, State: session.Received, Text: "Who pays?"}
	accept := session.AcceptQuestion{On: session.On{Question: q.Ref}}
	c := session.Context{At: time.Unix(0, 0), Session: session.Session{ID: "tax", State: session.Open}}

	c.By = expert
	_, err := session.Decide(accept, c, q, nil)
	fmt.Println("an expert may not:", session.KindOf(err) == session.Forbidden)

	c.By = moderator
	d, _ := session.Decide(accept, c, q, nil)
	accepted := d.Changed[0].Question
	fmt.Println(q.State, "becomes", accepted.State)

	d, err = session.Decide(accept, c, accepted, nil)
	fmt.Println("again:", d.Already, err)
	// Output:
	// an expert may not: true
	// received becomes queued
	// again: true <nil>
}

// The service does the same with questions that are kept: read, decide, commit. Nothing
// is public before somebody else has approved its exact text.
func ExampleService() {
	ctx, noon := context.Background(), time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	moderator := session.Actor{Name: "Anna", Role: session.Moderator}
	expert := session.Actor{Name: "Edgars", Role: session.ExpertRole}
	client, stop, err := redisstore.Embedded(ctx) // or Dial, for a real one
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stop()
	s := &session.Service{
		Store:   redisstore.New(client, redisstore.Options{Embedded: true}),
		Planner: routing.Planner{Limits: func(session.ConnectorID) (l connector.Limits, ok bool) { return l, true }},
		Staff:   session.Directory{{Name: "Anna", Role: session.Moderator}, {Name: "Edgars", Role: session.ExpertRole}},
		Now:     func() time.Time { return noon },
	}
	hour := session.Hour{Slug: "tax", Title: "Tax", Zone: "Europe/Riga", Language: session.English,
		Experts: []session.Expert{{Name: "Edgars"}}, Start: noon, End: noon.Add(2 * time.Hour)}
	if _, err := s.Schedule(ctx, moderator, hour); err != nil {
		fmt.Println(err)
		return
	}
	open, _ := s.DoSession(ctx, moderator, "tax", session.StartSession{})

	q, _, _ := s.Ask(ctx, session.Asked{Session: "tax", Key: "k1", Text: "Who pays?", Origin: session.Origin{Connector: session.Page}})
	on := session.On{Question: q.Ref}
	for _, step := range []struct {
		by  session.Actor
		cmd session.Command
	}{
		{moderator, session.AcceptQuestion{On: on}},
		{expert, session.SubmitAnswer{On: on, Text: "The buyer."}},
	} {
		r, err := s.Do(ctx, step.by, step.cmd)
		if err != nil {
			fmt.Println(err)
			return
		}
		q = r.Question
		fmt.Println(step.cmd.Verb(), "→", q.State)
	}
	copies, digest := s.Preview(open.Session, q)
	fmt.Printf("to approve: %q\n", copies[0].Text)
	r, err := s.Do(ctx, moderator, session.ApproveAnswer{On: on, Revision: 1, Digest: digest})
	fmt.Println(r.Question.State, err)
	// Output:
	// accept → queued
	// submit → review
	// to approve: "The buyer."
	// approved <nil>
}
