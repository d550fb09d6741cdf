package transcript

import (
	"slices"
	"testing"

	"experthour/internal/session"
)

// find gives question n of d.
func find(t *testing.T, d Document, n int) Question {
	t.Helper()
	i := slices.IndexFunc(d.Questions, func(q Question) bool { return q.Number == n })
	if i < 0 {
		t.Fatalf("no question %d", n)
	}
	return d.Questions[i]
}

func one(m made) Document {
	return Build(hour(session.English), []session.Question{m.Question}, nil, options)
}

func TestWhoAnswers(t *testing.T) {
	t.Parallel()
	edited := asked(1, "?").accepted().answered("Anna Bērziņa", "a", 1).answered("Moderator", "b", 2)
	for name, c := range map[string]struct {
		m          made
		by, office string
	}{
		"an expert":                  {asked(1, "?").accepted().answered("Anna Bērziņa", "a", 1), "Anna Bērziņa", "pasu nodaļas vadītāja"},
		"an expert without office":   {asked(1, "?").accepted().answered("Jānis Kalns", "a", 1), "Jānis Kalns", ""},
		"a moderator":                {asked(1, "?").accepted().answered("Moderator", "a", 1), "Pilsonības pārvalde", ""},
		"a moderator over an expert": {edited, "Anna Bērziņa", "pasu nodaļas vadītāja"},
	} {
		if a := one(c.m).Questions[0].Answer; a.By != c.by || a.Office != c.office {
			t.Errorf("%s: %q, %q", name, a.By, a.Office)
		}
	}
	d := Build(hour(session.Latvian), []session.Question{asked(1, "?").accepted().answered("M", "a", 1).Question}, nil, Options{})
	if by := d.Questions[0].Answer.By; by != "Iestāde" {
		t.Errorf("no institution configured: %q", by)
	}
}

// While a correction is on its way the page shows the old text, and so do we.
func TestCorrectionUnderWay(t *testing.T) {
	t.Parallel()
	m := asked(1, "?").accepted().answered("Anna Bērziņa", "old", 1).drafted()
	c := &m.Copies[1]
	c.Before = &session.Wish{Wanted: c.Wanted, Revision: 1, Text: "old"}
	c.Wanted, c.Revision, c.Text = 2, 2, secret
	m.State, m.Prior, m.Wanted = session.Approved, 1, 2
	q := one(m).Questions[0]
	if q.Outcome != session.Published || q.Answer.Text != "old" || q.Answer.Revision != 1 || q.Answer.Corrected {
		t.Errorf("%+v", q.Answer)
	}
}

func TestOutcomeWhileTheHourRuns(t *testing.T) {
	t.Parallel()
	approved := asked(1, "?").accepted().answered("Anna Bērziņa", secret, 1)
	approved.State, approved.Copies[1].Out = session.Approved, 0
	for name, c := range map[string]struct {
		m     made
		want  session.State
		asked bool
	}{
		"new":                       {asked(1, "?"), session.Received, false},
		"accepted":                  {asked(1, "?").accepted(), session.Queued, true},
		"in review":                 {asked(1, "?").accepted().drafted(), session.Queued, true},
		"approved, not yet out":     {approved, session.Queued, true},
		"published, in review anew": {asked(1, "?").accepted().answered("x", "a", 1).drafted(), session.Published, true},
	} {
		if got := Outcome(c.m.Question); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
		d := one(c.m)
		if got := len(d.Questions) == 1 && d.Questions[0].Asked != nil; got != c.asked {
			t.Errorf("%s: text shown %v", name, got)
		}
		if d.Numbers.Waiting+d.Numbers.Settled() != 1 || d.Numbers.Received != 1 {
			t.Errorf("%s: %+v", name, d.Numbers)
		}
	}
}

// The words of a merged question are read only where its target's words are.
func TestMergedWords(t *testing.T) {
	t.Parallel()
	target := asked(1, "?").accepted()
	for name, c := range map[string]struct {
		target, follower made
		shown            bool
	}{
		"accepted":            {target.answered("Anna Bērziņa", "a", 1), asked(2, "??").accepted().into(1), true},
		"never accepted":      {target.answered("Anna Bērziņa", "a", 1), asked(2, "??").into(1), false},
		"target declined":     {target.ended(session.Declined, "off_topic"), asked(2, "??").accepted().into(1), false},
		"target retracted":    {target.ended(session.Retracted, ""), asked(2, "??").accepted().into(1), true},
		"target not given":    {asked(3, "?"), asked(2, "??").accepted().into(1), false},
		"target not accepted": {asked(1, "?"), asked(2, "??").accepted().into(1), false},
	} {
		qs := []session.Question{c.target.Question, c.follower.Question}
		q := find(t, Build(hour(session.English), qs, nil, options), 2)
		if (q.Asked != nil) != c.shown || q.Into != 1 {
			t.Errorf("%s: %+v", name, q)
		}
	}
}

func TestNumbersProveThatNothingIsLost(t *testing.T) {
	t.Parallel()
	n := full(session.English).Numbers
	if n.Received != 18 || n.Settled() != 18 || n.Waiting != 0 || n.Missing != 0 {
		t.Errorf("%+v", n)
	}
	lost := slices.DeleteFunc(questions(), func(q session.Question) bool { return q.Ref.Number == 9 })
	d := Build(hour(session.English), lost, nil, options)
	if n := d.Numbers; n.Received != 18 || n.Settled() != 17 || n.Missing != 1 || d.words().Check != "" {
		t.Errorf("one missing: %+v", n)
	}
}

func TestWaits(t *testing.T) {
	t.Parallel()
	early := asked(1, "?").accepted().answered("x", "a", 10) // asked before the hour
	early.Asked = at(-300)
	late := asked(20, "?").accepted().answered("x", "a", 25)
	corrected := asked(30, "?").accepted().answered("x", "a", 90).answered("x", "b", 5000)
	qs := []session.Question{early.Question, late.Question, corrected.Question}
	n := Build(hour(session.English), qs, nil, options).Numbers
	if n.MedianWait != 10*60 || n.LongestWait != 60*60 {
		t.Errorf("%+v", n)
	}
}

func TestSealOnlyOfTheRecordAsItStands(t *testing.T) {
	t.Parallel()
	s := hour(session.English)
	if got := Build(s, nil, nil, options).Seal; got == nil || got.Hash != "bbbb" || got.Prev != "aaaa" {
		t.Errorf("%+v", got)
	}
	s.State = session.Closing
	if got := Build(s, nil, nil, options).Seal; got != nil {
		t.Errorf("reopened: %+v", got)
	}
}

func TestSessionURL(t *testing.T) {
	t.Parallel()
	for public, want := range map[string]string{
		"https://a.lv": "https://a.lv/s/x", "http://127.0.0.1:8080/": "http://127.0.0.1:8080/s/x", "https://a.lv/b/": "https://a.lv/b/s/x",
		"": "", "a.lv": "", "javascript:alert(1)": "", "https://a.lv/<b>": "", "https://": "", "ftp://a.lv": "",
	} {
		if got := SessionURL(public, "x"); got != want {
			t.Errorf("%q: %q", public, got)
		}
	}
}
