package routing

import (
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/session"
)

func TestCopies(t *testing.T) {
	t.Parallel()
	merged := questionAt(12, session.Page, "")
	merged.Followers = []session.Follow{follow(13, sandbox, "square", session.English), follow(14, birds, "", session.Latvian),
		follow(15, session.Page, "", session.English), follow(16, sandbox, "square", session.English)}
	within := questionAt(12, announce, "7/1")
	within.Origin.Within = "7"
	for name, c := range map[string]struct {
		q    session.Question
		want string
	}{
		"asked within another place":     {within, "answer:page::12 answer:announce:7/1:12 answer:announce::12"},
		"asked on the page":              {questionAt(12, session.Page, ""), "answer:page::12 answer:announce::12"},
		"asked elsewhere":                {questionAt(12, sandbox, "square"), "answer:page::12 answer:sandbox:square:12 answer:announce::12"},
		"asked where every answer goes":  {questionAt(12, announce, ""), "answer:page::12 answer:announce::12"},
		"asked by the API":               {questionAt(12, "", ""), "answer:page::12 answer:announce::12"},
		"asked at a connector not known": {questionAt(12, "gone", "x"), "answer:page::12 answer:gone:x:12 answer:announce::12"},
		"three merged": {merged, "answer:page::12 answer:sandbox:square:13 answer:birds::14 " +
			"answer:sandbox:square:16 answer:announce::12"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := keys(planner().Copies(hour(), c.q, c.q.Latest())); got != c.want {
				t.Errorf("copies\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

// A place where a follower asked still gets a copy that stands alone: the reply
// there is under another question.
func TestFollowerDoesNotReplaceStandAlone(t *testing.T) {
	t.Parallel()
	q := questionAt(12, session.Page, "")
	q.Followers = []session.Follow{follow(13, announce, "", session.English)}
	want := "answer:page::12 answer:announce::13 answer:announce::12"
	if got := keys(planner().Copies(hour(), q, q.Latest())); got != want {
		t.Errorf("copies %s, want %s", got, want)
	}
}

func TestTargetsTwiceOrOnThePageAreNotRepeated(t *testing.T) {
	t.Parallel()
	s := hour()
	s.Targets = []session.Target{{Connector: announce, Every: true}, {Connector: announce, Every: true},
		{Connector: session.Page, Every: true}}
	q := questionAt(12, session.Page, "")
	if got := keys(planner().Copies(s, q, q.Latest())); got != "answer:page::12 answer:announce::12" {
		t.Errorf("copies %s", got)
	}
}

// TestAskedWithinATarget: who reads a forum reads its topics, so an answer that stands in
// one of them is not posted a second time beside it.
func TestAskedWithinATarget(t *testing.T) {
	t.Parallel()
	s := hour()
	s.Targets = []session.Target{{Connector: announce, Place: "forum", Every: true}, {Connector: announce, Place: "other", Every: true}}
	q := questionAt(12, announce, "forum/45")
	q.Origin.Within = "forum"
	want := "answer:page::12 answer:announce:forum/45:12 answer:announce:other:12"
	if got := keys(planner().Copies(s, q, q.Latest())); got != want {
		t.Errorf("copies %s, want %s", got, want)
	}
	q.Origin.Connector = sandbox
	want = "answer:page::12 answer:sandbox:forum/45:12 answer:announce:forum:12 answer:announce:other:12"
	if got := keys(planner().Copies(s, q, q.Latest())); got != want {
		t.Errorf("of another connector: copies %s, want %s", got, want)
	}
}

func TestTextsOfCopies(t *testing.T) {
	t.Parallel()
	q := questionAt(12, sandbox, "square")
	q.Followers = []session.Follow{follow(14, birds, "", session.Latvian)}
	rs := planner().Copies(hour(), q, q.Latest())
	const link = "https://jautajumi.example.lv/s/tax-2026/q/12"
	for key, want := range map[string]string{
		"answer:page::12":          "By 1 June. You can file online.",
		"answer:sandbox:square:12": "By 1 June. You can file online.\n\n— Anna Bērziņa, State Revenue Service\n" + link,
		"answer:announce::12": "Question #12: When is my tax return due?\n\nBy 1 June. You can file online.\n\n" +
			"— Anna Bērziņa, State Revenue Service\n" + link + "\n#nodokļi",
	} {
		if got := only(t, rs, key).Text; got != want {
			t.Errorf("%s reads\n%q, want\n%q", key, got, want)
		}
	}
	if r := only(t, rs, "answer:birds::14"); r.Language != session.Latvian || r.Limit != 300 || r.Length != 31+2+37+1+23 {
		t.Errorf("reply to the follower is in %s, %d of %d", r.Language, r.Length, r.Limit)
	}
	if r := only(t, rs, "answer:announce::12"); r.Language != session.English {
		t.Errorf("stand-alone copy is in %s, the session's language is English", r.Language)
	}
	if r := only(t, rs, "answer:page::12"); r.Limit != 0 || r.Length != 31 {
		t.Errorf("page's copy: %d of %d", r.Length, r.Limit)
	}
}

// TestPicturesAreCounted: of the pictures of an answer each copy says how many go along, but for the
// page, which shows all.
func TestPicturesAreCounted(t *testing.T) {
	t.Parallel()
	q := questionAt(12, sandbox, "square")
	q.Revisions[0].Pictures = make([]session.Picture, 3)
	p := planner()
	p.Limits = func(id session.ConnectorID) (connector.Limits, bool) {
		return connector.Limits{Pictures: map[session.ConnectorID]int{sandbox: 2, announce: 4}[id]}, true
	}
	rs := p.Copies(hour(), q, q.Latest())
	for key, want := range map[string][2]int{"answer:page::12": {0, 0}, "answer:sandbox:square:12": {2, 1}, "answer:announce::12": {3, 0}} {
		if r := only(t, rs, key); r.Pictures != want[0] || r.LeftOut != want[1] {
			t.Errorf("%s: %d go along, %d do not", key, r.Pictures, r.LeftOut)
		}
	}
}

// TestPicturesWithoutWordsOfTheirOwn: where a picture has none, the text says what it shows and who made it, as
// long as all of the answer has room beside that; what is left out says why.
func TestPicturesWithoutWordsOfTheirOwn(t *testing.T) {
	t.Parallel()
	q := questionAt(12, sandbox, "square")
	q.Revisions[0].Pictures = []session.Picture{{Alt: "A map of the offices.", Author: "Ilze Ozola"}, {Alt: "A form.", Author: "Jānis"}}
	p := planner()
	p.Limits = func(session.ConnectorID) (connector.Limits, bool) {
		return connector.Limits{Pictures: 1, Longest: connector.AtMost(500, session.UTF16), Captions: connector.AtMost(200, session.UTF16)}, true
	}
	const key = "answer:sandbox:square:12"
	words := "By 1 June. You can file online.\n\nIn the picture: A map of the offices. (Ilze Ozola)\n\n— Anna"
	r := only(t, p.Copies(hour(), q, q.Latest()), key)
	if !strings.Contains(r.Text, words) || r.Pictures != 1 || r.LeftOut != 1 || r.Limit != 200 || r.Caption != 0 {
		t.Errorf("%+v", r)
	}
	q.Revisions[0].Text = strings.Repeat("By 1 June. ", 15)
	r = only(t, p.Copies(hour(), q, q.Latest()), key)
	if strings.Contains(r.Text, "picture") || r.Pictures != 0 || r.LeftOut != 2 || r.Limit != 500 || r.Caption != 200 {
		t.Errorf("a long answer: %+v", r)
	}
}

// TestPicturesThatAnEditLeaves: what has to be posted anew, because no edit takes the pictures off it, is said before
// it is approved.
func TestPicturesThatAnEditLeaves(t *testing.T) {
	t.Parallel()
	q := questionAt(12, sandbox, "square")
	p := planner()
	for _, c := range []struct {
		stay         bool
		shows, wants int
		anew         bool
	}{{true, 1, 0, true}, {false, 1, 0, false}, {true, 0, 0, false}, {true, 1, 1, false}} {
		p.Limits = func(session.ConnectorID) (connector.Limits, bool) {
			return connector.Limits{Pictures: 1, PicturesStay: c.stay}, true
		}
		q.Revisions[0].Pictures = make([]session.Picture, c.wants)
		slot := session.Slot{Kind: session.KindAnswer, Connector: sandbox, Place: "square", Original: 12}
		q.Copies = session.Copies{{Slot: slot, Out: 1, Wanted: 1, Shows: c.shows}}
		if r := only(t, p.Copies(hour(), q, q.Latest()), "answer:sandbox:square:12"); r.Anew != c.anew {
			t.Errorf("%+v: anew %v", c, r.Anew)
		}
	}
}

// TestWhatACopyCosts: where posts cost money, as a reply or as a post of its own, and nowhere else.
func TestWhatACopyCosts(t *testing.T) {
	t.Parallel()
	q := questionAt(12, sandbox, "square")
	p := planner()
	p.Limits = func(id session.ConnectorID) (l connector.Limits, ok bool) {
		if id != session.Page {
			l.Price = func(text string, pictures int, reply bool) (int, int) {
				return pictures + len(text)*10 + map[bool]int{true: 1}[reply], 7
			}
		}
		return l, true
	}
	rs := p.Copies(hour(), q, q.Latest())
	for key, want := range map[string]int{"answer:page::12": 0, "answer:sandbox:square:12": 1, "answer:announce::12": 0} {
		r := only(t, rs, key)
		if r.Connector != session.Page {
			want += 10 * len(r.Text)
		}
		if r.Price != want || r.Plain != 7 && want > 0 {
			t.Errorf("%s costs %d, want %d", key, r.Price, want)
		}
	}
}

func TestWithoutAPublicAddressThereIsNoLink(t *testing.T) {
	t.Parallel()
	p := planner()
	p.PublicURL = ""
	q := questionAt(12, sandbox, "square")
	got := only(t, p.Copies(hour(), q, q.Latest()), "answer:sandbox:square:12").Text
	if want := "By 1 June. You can file online.\n\n— Anna Bērziņa, State Revenue Service"; got != want {
		t.Errorf("reply reads %q, want %q", got, want)
	}
}

func TestModeratorsEditIsSignedByTheExpert(t *testing.T) {
	t.Parallel()
	q := questionAt(12, sandbox, "square")
	q.Revisions = append(q.Revisions, session.Revision{Number: 2, Author: "Moderator", Over: "Anna Bērziņa", Text: "By June."},
		session.Revision{Number: 3, Author: "Moderator", Text: "By 1 June."})
	got := only(t, planner().Copies(hour(), q, q.Latest()), "answer:sandbox:square:12").Text
	if !strings.Contains(got, "By 1 June.") || !strings.Contains(got, "— Anna Bērziņa, State Revenue Service\n") {
		t.Errorf("reply reads %q", got)
	}
	q.Revisions[0].Author = "Another moderator"
	if got := only(t, planner().Copies(hour(), q, q.Latest()), "answer:sandbox:square:12").Text; strings.Contains(got, "—") ||
		strings.Contains(got, "moderator") {
		t.Errorf("an answer without an expert reads %q", got)
	}
}

func TestLongAnswerEndsAtASentence(t *testing.T) {
	t.Parallel()
	q := questionAt(12, birds, "")
	q.Revisions[0].Text = "Opening hours are until plkst. 18.00 for Nr. 5 u.c. Offices. " +
		strings.Repeat("More and more of it follows here. ", 20)
	r := only(t, planner().Copies(hour(), q, q.Latest()), "answer:birds::12")
	if r.Length > r.Limit || r.Length < 200 {
		t.Errorf("%d of %d", r.Length, r.Limit)
	}
	if !strings.Contains(r.Text, "follows here. …\n\n— Anna Bērziņa, State Revenue Service\nhttps://") {
		t.Errorf("reply reads %q", r.Text)
	}
}

func TestEverythingIsTheSameTwice(t *testing.T) {
	t.Parallel()
	q := questionAt(12, birds, "")
	q.Followers = []session.Follow{follow(13, sandbox, "a", session.English), follow(14, announce, "", session.Latvian)}
	first := planner().Copies(hour(), q, q.Latest())
	for range 20 {
		again := planner().Copies(hour(), q, q.Latest())
		if session.Digest(q, 1, again) != session.Digest(q, 1, first) {
			t.Fatal("another digest the second time")
		}
	}
}

func TestEachFollowerIsAnsweredInTheirLanguage(t *testing.T) {
	t.Parallel()
	q := questionAt(12, session.Page, "")
	q.Followers = []session.Follow{follow(13, birds, "", session.English), follow(14, birds, "", session.Latvian)}
	rs := planner().Copies(hour(), q, q.Latest())
	for key, want := range map[string]session.Language{"answer:birds::13": session.English, "answer:birds::14": session.Latvian} {
		if got := only(t, rs, key).Language; got != want {
			t.Errorf("%s is in %s, want %s", key, got, want)
		}
	}
}
