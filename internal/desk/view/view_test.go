package view

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/wording"
)

func (k *kit) triage(r Reader, after int) Triage {
	k.Helper()
	counts, err := k.store.Counts(k.Context(), "tax")
	k.must(err)
	t, err := r.Triage(k.Context(), counts, after)
	k.must(err)
	return t
}

// TestTriageAcrossDesks: whoever triages gets another question than a colleague has, at
// whichever desk; alone they get the oldest; and nothing is anybody's for ever.
func TestTriageAcrossDesks(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	for _, text := range []string{"First?", "Second?", "Third?"} {
		k.ask(text)
	}
	page, chat := k.reader("Q", anna), k.reader("#", olga)
	gets := func(who string, r Reader, after, want int) {
		t.Helper()
		if got := k.triage(r, after).Question.Ref.Number; got != want {
			t.Errorf("%s gets %d, want %d", who, got, want)
		}
	}
	gets("alone", page, 0, 1)
	gets("a colleague in the chat", chat, 0, 2)
	gets("the first again", page, 0, 1)
	gets("whoever skips", page, 1, 3)
	gets("the colleague", k.reader("#", session.Actor{Name: "Zane", Role: session.Moderator}), 0, 1) // given back by skipping
	gets("a fourth, when all are with somebody", k.reader("#", session.Actor{Name: "Ilze", Role: session.Moderator}), 0, 1)
	k.clock.Add(int64(handedFor + time.Second))
	gets("the colleague, when others went away", chat, 0, 1)
	k.do(olga, session.AcceptQuestion{On: on(1)})
	if b := k.triage(k.reader("Q", janis), 0); b.Blocked == "" || b.Question.Ref.Number != 0 {
		t.Errorf("an expert is handed %d", b.Question.Ref.Number)
	}
	gets("the next", page, 0, 2)
}

// TestAlikeIsFoundHoweverManyThereAre: also what is older than hundreds of others, and only
// what really reads alike is marked so.
func TestAlikeIsFoundHoweverManyThereAre(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.ask("What does an energy audit cost?")
	for i := range 305 {
		k.ask(fmt.Sprintf("Zzz %d?", i))
	}
	r := k.reader("#", anna)
	for text, alike := range map[string]bool{"How much does an energy audit cost?": true,
		"Where is the list of energy auditors in Latgale?": false} {
		ts, err := r.Alike(t.Context(), k.q(k.ask(text)), 5)
		k.must(err)
		if len(ts) == 0 || !slices.ContainsFunc(ts, func(f Target) bool { return f.Number == 1 && f.Alike == alike }) {
			t.Errorf("%q reads like %+v", text, ts)
		}
	}
}

// TestTriageProposesAReasonThatFits: "not reached" is for the end of the hour.
func TestTriageProposesAReasonThatFits(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.ask("When are the forms for the land tax due?")
	k.ask("When is the form for land tax due?")
	p := k.triage(k.reader("Q", anna), 1)
	if p.Reason != "rude" || len(p.Alike) != 1 || p.Alike[0].Ref != "Q1" || p.Skipped != 1 || p.Left != 2 {
		t.Errorf("%+v", p)
	}
}

// TestEveryVerbHasItsForm: whatever may be done has words, and its command takes what
// its form carries, and nothing else.
func TestEveryVerbHasItsForm(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.ask("Who pays?")
	r, q := k.reader("#", session.Actor{}), k.q(1)
	q.Email = "a@b.lv"
	sample := connector.Values{"reason": {"rude"}, "into": {"#2"}, "text": {"A text"}, "comment": {"why"}, "answered": {"Q3"},
		"attempt": {"1"}, "copy": {"k"},
		"revision": {"1"}, "digest": {"d"}, "other": {"not asked for"}, "stage": {q.Stage()}, "email": {"yes"}}
	for _, v := range append(slices.Clone(order), session.Retry, session.Drop, session.IsOut, session.SendAgain) {
		if _, ok := specs[v]; !ok || !wording.Known("button."+string(v)) || !wording.Known("verb."+string(v)) {
			t.Errorf("%s has no form or no words", v)
		}
		f := r.Form(q, v)
		for _, in := range f.Fields {
			if strings.HasPrefix(in.Label, "desk.") || strings.HasPrefix(in.Hint, "desk.") {
				t.Errorf("%s: %s is labelled %q, %q", v, in.ID, in.Label, in.Hint)
			}
		}
		values := connector.Values{}
		for name, typed := range sample {
			values[name] = typed
		}
		for name, seen := range f.Seen {
			if seen != "" || values.First(name) == "" {
				values[name] = []string{seen}
			}
		}
		cmd, err := Command(v, q.Ref, values)
		if err != nil || cmd.Verb() != v {
			t.Errorf("%s: %v", v, err)
		}
	}
}

// TestCommandsNameTheFieldThatIsWrong also where it cannot even be read.
func TestCommandsNameTheFieldThatIsWrong(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]session.Verb{"into": session.Merge, "answered": session.Redirect, "base": session.Submit} {
		_, err := Command(v, session.QuestionRef{}, connector.Values{name: {"many"}})
		if e, ok := errors.AsType[*session.Error](err); !ok || string(e.Field) != name {
			t.Errorf("%s: %v", v, err)
		}
	}
	_, err := (Reader{Desk: &Desk{}}).HourCommand(session.Reschedule, connector.Values{"end": {"soon"}})
	if session.FieldOf(err) != "end" {
		t.Errorf("%v", err)
	}
}

// TestOffersOfEverybody: a card is the same to all who see it, so it offers what anybody
// may do; a person is offered what they may.
func TestOffersOfEverybody(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	n := k.ask("Who pays?")
	k.do(anna, session.AcceptQuestion{On: on(n)})
	k.do(janis, session.ClaimQuestion{On: on(n)})
	verbs := func(by session.Actor) (front, rest []session.Verb) {
		for _, o := range k.reader("#", by).Offers(k.q(n)) {
			if o.Front {
				front = append(front, o.Verb)
			} else {
				rest = append(rest, o.Verb)
			}
		}
		return front, rest
	}
	if front, _ := verbs(session.Actor{}); !slices.Equal(front, []session.Verb{session.Submit, session.Claim, session.Release}) {
		t.Errorf("everybody: %v", front)
	}
	front, rest := verbs(janis)
	if !slices.Equal(front, []session.Verb{session.Submit, session.Release}) || !slices.Equal(rest, []session.Verb{session.AddNote}) {
		t.Errorf("the holder: %v, then %v", front, rest)
	}
}

// TestTheBoardKnowsEveryHolder, however many other questions there are.
func TestTheBoardKnowsEveryHolder(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	for range FirstPage + 1 {
		k.ask("New?")
	}
	n := k.ask("Held?")
	k.do(anna, session.AcceptQuestion{On: on(n)})
	k.do(janis, session.ClaimQuestion{On: on(n)})
	counts, err := k.store.Counts(t.Context(), "tax")
	k.must(err)
	b, err := k.reader("#", session.Actor{}).Board(t.Context(), counts, staff)
	k.must(err)
	if len(b.Holders) != 1 || b.Holders[0].Name != "Jānis" || !slices.Equal(b.Holders[0].Numbers, []int{n}) {
		t.Errorf("%+v", b.Holders)
	}
	if len(b.Urgent) != mostUrgent || b.Oldest == nil || b.Oldest.Number != 1 || b.New != FirstPage+1 {
		t.Errorf("%d urgent, oldest %+v, %d new", len(b.Urgent), b.Oldest, b.New)
	}
}

// TestTheCardOfAWrittenAnswer shows who is writing, and a comment only while it is about
// the newest revision.
func TestTheCardOfAWrittenAnswer(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	n := k.ask("Who pays?")
	if c := k.reader("Q", anna).Card(k.q(n), 2); strings.Contains(c.From, "votes") {
		t.Errorf("votes show before it is accepted: %q", c.From)
	}
	k.do(anna, session.AcceptQuestion{On: on(n)})
	k.do(janis, session.WriteMessage{On: on(n), Message: "m", At: noon, Lines: []session.ChatLine{{Text: "The buyer."}}})
	r := k.reader("Q", anna)
	if c := r.Card(k.q(n), 2); c.Draft == nil || c.Draft.Text != "The buyer." || !strings.Contains(c.Draft.Title, "Jānis") ||
		!strings.Contains(c.From, "2 votes") {
		t.Errorf("%+v", c)
	}
	k.do(janis, session.SettleDraft{On: on(n)})
	k.do(anna, session.SendBackAnswer{On: on(n), Comment: "Is that so?"})
	if c := r.Card(k.q(n), 0); c.SentBack == nil || c.SentBack.Text != "Is that so?" {
		t.Errorf("%+v", c.SentBack)
	}
	k.clock.Add(int64(time.Second))
	k.do(janis, session.SubmitAnswer{On: on(n), Text: "The seller."})
	k.do(janis, session.TakeBackAnswer{On: on(n)})
	if c := r.Card(k.q(n), 0); c.SentBack != nil {
		t.Errorf("still %+v", c.SentBack)
	}
}

// TestThePriceStandsBesideTheLength: before anything is approved, and nothing where it costs nothing.
func TestThePriceStandsBesideTheLength(t *testing.T) {
	t.Parallel()
	r := newKit(t).reader("Q", anna)
	dear := session.Rendered{Text: "Yes.", Length: 4, Limit: 280, Unit: session.Characters, Price: 200, Plain: 10}
	all := r.Exactly([]session.Rendered{dear, {Text: "Yes.", Length: 4}, {Text: "Yes.", Price: 15, Plain: 15}})
	if !strings.HasSuffix(all[0].Size, "costs $0.20 with a link, $0.01 without") || strings.Contains(all[1].Size, "$") ||
		!strings.HasSuffix(all[2].Size, "costs $0.015") {
		t.Errorf("%q, %q and %q", all[0].Size, all[1].Size, all[2].Size)
	}
}

// TestReadingAlike: what reads alike at several places stands once, with its length at each; another text, other news and
// what is too long somewhere stand by themselves.
func TestReadingAlike(t *testing.T) {
	t.Parallel()
	r := newKit(t).reader("Q", anna)
	at := func(place string, news session.News, text string, limit int) session.Rendered {
		return session.Rendered{Slot: session.Slot{Kind: session.KindAnnouncement, Connector: session.ConnectorID(place), News: news},
			Text: text, Length: len(text), Limit: limit, Unit: session.Characters}
	}
	var got []string
	for _, e := range r.Foretold([]session.Rendered{
		at("a", session.NewsScheduled, "Soon.", 300), at("a", session.NewsOpen, "Now.", 300), at("b", session.NewsScheduled, "Soon.", 500),
		at("c", session.NewsScheduled, "Soon!", 500), at("d", session.NewsScheduled, "Soon.", 3), at("b", session.NewsOpen, "Now.", 0),
	}) {
		got = append(got, fmt.Sprint(e.Name, " | ", e.Text, " | ", e.Size))
	}
	want := []string{
		"a, b | Soon. | a: 5 of 300 characters · b: 5 of 500 characters",
		"a, b | Now. | a: 4 of 300 characters · b: Characters: 4, no limit",
		"c | Soon! | 5 of 500 characters",
		"d | Soon. | 5 of 3 characters: 2 too many, cannot be sent",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// TestPosingIsMarked: whoever asks under the name of a colleague is marked on their card, with
// the name as it was given, before and after the question is accepted.
func TestPosingIsMarked(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.svc.Poses = func(name string) bool { return name == "0lga" }
	for name, want := range map[string]int{"0lga": 1, "Ieva": 0} {
		q, _, err := k.svc.Ask(k.Context(), session.Asked{Session: "tax", Key: name, Text: "Why?", Name: name,
			Origin: session.Origin{Connector: session.Page}})
		k.must(err)
		c := k.reader("Q", anna).Card(q, 0)
		if len(c.Flags) != want || !strings.HasPrefix(c.From, name+",") {
			t.Errorf("%s: %q, from %q", name, c.Flags, c.From)
		}
		for _, l := range session.Languages {
			if text := wording.In(l).Text("desk.posing"); text == "" || want == 1 && l == session.English && c.Flags[0] != text {
				t.Errorf("%s: %q", l, c.Flags)
			}
		}
	}
}

// TestProposedTimesAreRound in the zone of the institution, also where it is half an hour off.
func TestProposedTimesAreRound(t *testing.T) {
	t.Parallel()
	for zone, want := range map[string]string{"Europe/Riga": "2026-11-22 15:00–17:00", "Asia/Kolkata": "2026-11-22 19:00–21:00",
		"Pacific/Kiritimati": "2026-11-23 03:00–05:00"} {
		d := &Desk{Now: func() time.Time { return time.Date(2026, 11, 22, 12, 40, 0, 0, time.UTC) }}
		f := d.ScheduleForm(session.Hour{Zone: zone}, nil)
		v := f.values()
		if got := v.First("date") + " " + v.First("start") + "–" + v.First("end"); got != want {
			t.Errorf("%s: %s, want %s", zone, got, want)
		}
	}
}
