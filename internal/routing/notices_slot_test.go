package routing

import (
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// chat is a planner for a place where answers are edited into receipts, of which nobody is told.
func chat() Planner {
	return Planner{Limits: func(session.ConnectorID) (connector.Limits, bool) {
		return connector.Limits{Notices: true, Slots: true, EditsQuietly: true}, true
	}}
}

// inGroup is question 12, asked in a group and not accepted.
func inGroup() session.Question {
	return session.Question{Ref: session.QuestionRef{Session: "s", Number: 12}, State: session.Received, Language: session.English,
		Origin: session.Origin{Connector: "tg", Place: "7", Message: "1"}}
}

func accepting(q session.Question) session.Question {
	q.State, q.Acts = session.Queued, map[session.Verb]session.Act{session.Accept: {}}
	return q
}

func privately(q session.Question) session.Question {
	q.Origin.Private = true
	return q
}

// copyAt is a copy that stands at the place of question n.
func copyAt(kind session.CopyKind, n, out int, quiet session.Quiet) session.Copy {
	return session.Copy{Slot: session.Slot{Kind: kind, Connector: "tg", Place: "7", Original: n}, Wanted: out, Out: out, Message: "m",
		Quiet: quiet}
}

// received is q, asked in private, with a receipt that stands there.
func received(q session.Question) session.Question {
	q = privately(q)
	q.Copies = session.Copies{copyAt(session.KindReceipt, 12, 1, "")}
	return q
}

// answered is q with a public answer that stands in its receipt.
func answered(q session.Question, quiet session.Quiet) session.Question {
	q = accepting(q)
	q.State, q.Wanted, q.PublishedAt = session.Published, 1, time.Unix(1, 0)
	q.Copies = session.Copies{copyAt(session.KindReceipt, 12, 1, ""), copyAt(session.KindAnswer, 12, 3, quiet)}
	return q
}

func in(s session.State, q session.Question) session.Question {
	q.State = s
	return q
}

// TestReceipts: in private at once, in a group only when a moderator has accepted the
// question; and a receipt says where its question stands.
func TestReceipts(t *testing.T) {
	t.Parallel()
	faster := answered(privately(inGroup()), "")
	faster.Copies = nil
	over := []string{"receipt no longer open", "outcome will not be answered"}
	for name, c := range map[string]struct {
		q    session.Question
		want []string // kinds and what they say
	}{
		"in a group":            {inGroup(), nil},
		"accepted in a group":   {accepting(inGroup()), []string{"receipt accepted. The answer comes here"}},
		"in private":            {privately(inGroup()), []string{"receipt becomes public when a moderator accepts it"}},
		"accepted in private":   {accepting(privately(inGroup())), []string{"receipt accepted. The answer comes here"}},
		"published":             {answered(inGroup(), session.QuietAnswer), []string{"receipt ", "ring #12 is answered ↑"}},
		"published in private":  {answered(privately(inGroup()), session.QuietAnswer), []string{"receipt ", "ring #12 is answered ↑"}},
		"corrected":             {answered(inGroup(), session.QuietCorrection), []string{"receipt ", "ring #12 has been corrected ↑"}},
		"a post of its own":     {answered(inGroup(), ""), []string{"receipt "}},
		"answered before":       {faster, nil},
		"declined":              {in(session.Declined, received(inGroup())), over},
		"declined before":       {in(session.Declined, privately(inGroup())), []string{"outcome will not be answered"}},
		"declined later":        {in(session.Declined, accepting(received(inGroup()))), over},
		"merged":                {in(session.Merged, accepting(inGroup())), []string{"receipt The answer comes here", "outcome merged with"}},
		"declined unaccepted":   {in(session.Declined, inGroup()), nil},
		"withdrawn":             {in(session.Withdrawn, privately(inGroup())), nil},
		"withdrawn in a group":  {in(session.Withdrawn, accepting(inGroup())), nil},
		"withdrawn, was public": {in(session.Withdrawn, answered(inGroup(), session.QuietAnswer)), nil},
	} {
		if name == "withdrawn, was public" {
			c.q.Copies[1].Wanted = 0
		}
		wantSaid(t, name, chat().Notices(session.Session{}, c.q), c.want)
	}
}

func wantSaid(t *testing.T, name string, rs []session.Rendered, want []string) {
	t.Helper()
	ok := slices.EqualFunc(rs, want, func(r session.Rendered, w string) bool {
		kind, text, _ := strings.Cut(w, " ")
		return string(r.Kind) == kind && strings.Contains(r.Text, text)
	})
	if !ok {
		t.Errorf("%s: %+v, want %v", name, rs, want)
	}
}

// TestTellDeclined: where the hour wants it, the asker in a group hears without a sound what
// became of a question that nobody accepted.
func TestTellDeclined(t *testing.T) {
	t.Parallel()
	tells := session.Session{Targets: []session.Target{{Connector: "tg", TellDeclined: true}}}
	for _, s := range []session.State{session.Declined, session.Merged, session.Redirected, session.Expired} {
		rs := chat().Notices(tells, in(s, inGroup()))
		if len(rs) != 1 || rs[0].Kind != session.KindOutcome || !rs[0].Silent {
			t.Errorf("%s: %+v", s, rs)
		}
		accepted := in(s, accepting(inGroup()))
		accepted.Copies = session.Copies{copyAt(session.KindReceipt, 12, 1, "")}
		if rs := chat().Notices(tells, accepted); len(rs) != 2 || rs[1].Silent {
			t.Errorf("%s, accepted: %+v", s, rs)
		}
		elsewhere := session.Session{Targets: []session.Target{{Connector: "other", TellDeclined: true}, {Connector: "tg"}}}
		if rs := chat().Notices(elsewhere, in(s, inGroup())); len(rs) != 0 {
			t.Errorf("%s, where the hour keeps silent: %+v", s, rs)
		}
	}
	if rs := chat().Notices(tells, inGroup()); len(rs) != 0 {
		t.Errorf("before anything became of it: %+v", rs)
	}
}

// TestFollowersAreTold: who asked the same hears of the answer, of its correction and of the
// end of the question that theirs was merged into, in their language.
func TestFollowersAreTold(t *testing.T) {
	t.Parallel()
	follow := session.Follow{Number: 30, Language: session.Latvian, Origin: session.Origin{Connector: "tg", Place: "8", Message: "2"}}
	q := answered(inGroup(), session.QuietAnswer)
	q.Followers = []session.Follow{follow}
	theirs := copyAt(session.KindAnswer, 30, 3, session.QuietAnswer)
	theirs.Place = "8"
	q.Copies = append(q.Copies, theirs)
	rs := chat().Notices(session.Session{}, q)
	wantSaid(t, "answered", rs, []string{"receipt ", "ring #12", "ring Nr. 30 ir atbildēts"})
	if last := rs[len(rs)-1]; last.Place != "8" || last.Original != 30 || last.Of != 3 {
		t.Errorf("the follower is told at %+v", last.Slot)
	}
	for _, s := range []session.State{session.Declined, session.Retracted} {
		q := accepting(inGroup())
		q.State, q.Followers = s, []session.Follow{follow}
		q.Copies = session.Copies{copyAt(session.KindReceipt, 12, 1, "")}
		rs := chat().Notices(session.Session{}, q)
		if len(rs) != 3 || rs[2].Kind != session.KindOutcome || rs[2].Original != 30 || rs[2].Language != session.Latvian {
			t.Errorf("%s: %+v", s, rs)
		}
	}
}

// TestRingPointsToTheAnswer: where the answer is no edit of a receipt, a ring has its address.
func TestRingPointsToTheAnswer(t *testing.T) {
	t.Parallel()
	p := Planner{PublicURL: "https://x.lv", Limits: func(session.ConnectorID) (connector.Limits, bool) {
		return connector.Limits{Notices: true, EditsQuietly: true}, true
	}}
	rs := p.Notices(session.Session{}, answered(inGroup(), session.QuietCorrection))
	wantSaid(t, "corrected", rs, []string{"ring https://x.lv/s/s/q/12"})
	p.Limits = func(session.ConnectorID) (connector.Limits, bool) { return connector.Limits{Notices: true}, true }
	wantSaid(t, "where edits ring", p.Notices(session.Session{}, answered(inGroup(), session.QuietCorrection)), nil)
}

// TestCalledOff: an hour that was called off has not run out of time.
func TestCalledOff(t *testing.T) {
	t.Parallel()
	q := in(session.Expired, received(inGroup()))
	q.Reason = session.NotReached
	rs := chat().Notices(session.Session{State: session.Cancelled}, q)
	wantSaid(t, "called off", rs, []string{"receipt no longer open", "outcome called off"})
}
