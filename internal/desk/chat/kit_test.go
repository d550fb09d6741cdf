package chat

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	_ "time/tzdata"

	"experthour/internal/connector"
	"experthour/internal/delivery"
	"experthour/internal/desk/view"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/routing"
	"experthour/internal/session"
	"experthour/internal/wording"
)

const (
	anna  = session.PersonName("Anna")  // moderator
	olga  = session.PersonName("Olga")  // moderator
	janis = session.PersonName("Jānis") // expert
	ilze  = session.PersonName("Ilze")  // expert
	vilis = session.PersonName("Vilis") // observer
	chat  = session.ConnectorID("chat")
	room  = session.PlaceID("C1")
)

var (
	noon  = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	staff = session.Directory{person(anna, session.Moderator), person(olga, session.Moderator),
		person(janis, session.ExpertRole), person(ilze, session.ExpertRole), person(vilis, session.Observer)}
)

func person(name session.PersonName, role session.Role) session.Person {
	return session.Person{Name: name, Role: role, Accounts: map[session.ConnectorID]session.UserRef{chat: account(name)}}
}

func account(name session.PersonName) session.UserRef { return session.UserRef("U-" + name) }

func user(name session.PersonName) connector.User {
	return connector.User{Desk: chat, ID: account(name)}
}

// shelf is where cards stand: question n at "m<n>".
type shelf struct {
	store    *redistest.Store
	lost     []int
	unnoted  []int // posted, and the process that did it died just now
	adopted  map[int]session.MessageID
	reposted []int
	touched  []int
	waiting  int
}

func (s *shelf) At(_ context.Context, _ session.ID, _ session.Lane, ns ...int) (map[int]session.MessageID, error) {
	at := map[int]session.MessageID{}
	for _, n := range ns {
		at[n] = session.MessageID("m" + itoa(n))
	}
	return at, nil
}

func (s *shelf) Of(_ context.Context, _ session.ID, _ session.Lane, at session.MessageID) (int, bool, error) {
	if at == boardAt {
		return 0, true, nil
	}
	n, _ := view.Number(strings.TrimPrefix(string(at), "m"))
	return n, n > 0 && !slices.Contains(s.lost, n) && !slices.Contains(s.unnoted, n), nil
}

func (s *shelf) Adopt(_ context.Context, _ session.ID, _ session.Lane, n int, at session.MessageID) error {
	s.adopted[n] = at
	return nil
}

func (s *shelf) Repost(_ context.Context, _ session.ID, _ session.Lane, n int) error {
	s.reposted = append(s.reposted, n)
	return nil
}

func (s *shelf) Touch(_ context.Context, _ session.ID, _ session.Lane, n int) error {
	s.touched = append(s.touched, n)
	return nil
}

func (s *shelf) Look(ctx context.Context, id session.ID, t delivery.Take) (delivery.Work, error) {
	w, err := s.store.Look(ctx, id, t)
	w.Board.Unposted, w.Board.Lost = s.waiting, s.lost
	return w, err
}

// boardAt is where the board stands.
const boardAt session.MessageID = "board"

// drawer is a Memory that keeps for ever.
type drawer map[string][]byte

func (d drawer) Keep(_ context.Context, k string, v []byte, _ time.Duration) error {
	d[k] = v
	return nil
}
func (d drawer) Recall(_ context.Context, k string) ([]byte, bool, error) {
	v, ok := d[k]
	return v, ok, nil
}
func (d drawer) Forget(_ context.Context, k string) error { delete(d, k); return nil }

// kit is a desk over a store of its own, with a clock that only the test moves.
type kit struct {
	*testing.T
	chat  *Chat
	svc   *session.Service
	store *redistest.Store
	shelf *shelf
	clock *atomic.Int64
	asked int
	tells atomic.Bool // hours are announced at the square
}

// hour is a kit with an open hour "tax" of the expert Jānis.
func hour(t *testing.T) *kit {
	t.Helper()
	return hourOf(t, janis)
}

func hourOf(t *testing.T, experts ...session.PersonName) *kit {
	t.Helper()
	k := desk(t)
	h := k.chat.Hour()
	h.Slug, h.Title, h.Start, h.End, h.Desk = "tax", "Tax hour", noon, noon.Add(2*time.Hour), session.Desk{Connector: chat, Place: room}
	for _, e := range experts {
		h.Experts = append(h.Experts, session.Expert{Name: e})
	}
	_, err := k.svc.Schedule(t.Context(), session.Actor{Name: anna, Role: session.Moderator}, h)
	k.must(err)
	_, err = k.svc.DoSession(t.Context(), session.Program, "tax", session.StartSession{})
	k.must(err)
	return k
}

func desk(t *testing.T) *kit {
	t.Helper()
	k := &kit{T: t, shelf: &shelf{adopted: map[int]session.MessageID{}}, clock: &atomic.Int64{}}
	now := func() time.Time { return noon.Add(time.Duration(k.clock.Load())) }
	k.store = redistest.New(t, now)
	k.shelf.store = k.store
	roll := routing.NewRoll(staff)
	reasons := map[string]map[session.Language]string{"off_topic": {session.English: "Not about the topic."},
		"rude": {session.English: "Please ask politely."}}
	square := session.Target{Connector: "square", Place: "p"}
	k.svc = &session.Service{Store: k.store, Staff: roll, Now: now, Places: []session.Target{square},
		Planner: routing.Planner{PublicURL: "https://x.lv", Reasons: reasons,
			Limits: func(id session.ConnectorID) (connector.Limits, bool) {
				l := connector.Limits{Longest: connector.AtMost(300, session.Characters), Announces: k.tells.Load(), EditsQuietly: true}
				return l, id != session.Page
			}}}
	views := &view.Desk{Store: k.store, Preview: k.svc.Preview, Alike: k.svc.Alike, Guide: guide(k.svc), Leases: k.store.Leases(),
		Words: wording.In(session.English),
		Reasons: func() []view.Reason {
			return []view.Reason{{ID: "off_topic", Texts: reasons["off_topic"]}, {ID: "rude", Texts: reasons["rude"]}}
		},
		Places: []view.Place{{Name: "Square", Target: square}}, PublicURL: "https://x.lv", Sign: "#", Now: now}
	k.chat = New(Options{Service: k.svc, Store: k.store, Cards: k.shelf, Staff: roll, Memory: drawer{}, Views: views,
		Lane: session.Lane{Connector: chat, Place: room}, Command: "/hour", Now: now,
		Hour: func() session.Hour {
			return session.Hour{Language: session.English, Zone: "Europe/Riga", Reasons: []string{"off_topic", "rude", session.NotReached},
				Settle: 20 * time.Second}
		}})
	return k
}

func (k *kit) must(err error) {
	k.Helper()
	if err != nil {
		k.Fatal(err)
	}
}

func (k *kit) pass(d time.Duration) { k.clock.Add(int64(d)) }

func (k *kit) ask(text string) int {
	k.Helper()
	k.asked++
	q, _, err := k.svc.Ask(k.Context(), session.Asked{Session: "tax", Key: itoa(k.asked), Text: text,
		Origin: session.Origin{Connector: session.Page}})
	k.must(err)
	return q.Ref.Number
}

func (k *kit) q(n int) session.Question {
	k.Helper()
	q, err := k.chat.question(k.Context(), "tax", n)
	k.must(err)
	return q
}

func (k *kit) session() session.Session {
	k.Helper()
	s, err := k.store.Session(k.Context(), "tax")
	k.must(err)
	return s
}

// card draws the card of a question, or with 0 the board.
func (k *kit) card(n int) connector.Card {
	k.Helper()
	var q session.Question
	if n > 0 {
		q = k.q(n)
	}
	lane := k.chat.Lane
	w, err := k.shelf.Look(k.Context(), "tax", delivery.Take{Lane: &lane, Board: n == 0})
	k.must(err)
	of := w.Board
	if n > 0 {
		votes, err := k.store.Tally(k.Context(), "tax", n)
		k.must(err)
		of = delivery.Subject{Session: w.Session, Question: q, Votes: votes[n]}
	}
	c, err := k.chat.Draw(k.Context(), of)
	k.must(err)
	return c
}

// action is the button of a card or a form with that label.
func (k *kit) action(bs []connector.Button, label string) string {
	k.Helper()
	i := slices.IndexFunc(bs, func(b connector.Button) bool { return b.Label == label })
	if i < 0 {
		var labels []string
		for _, b := range bs {
			labels = append(labels, b.Label)
		}
		k.Fatalf("no button %q among %q", label, labels)
	}
	return bs[i].Action
}

// press presses a button of a card.
func (k *kit) press(name session.PersonName, n int, label string) connector.Answer {
	k.Helper()
	c := k.card(n)
	a, err := k.chat.Pressed(k.Context(), connector.Press{By: user(name), Place: room, Message: session.MessageID("m" + itoa(n)),
		Action: k.action(append(c.Buttons, c.More...), label)})
	k.must(err)
	return a
}

// inForm presses a button of a form.
func (k *kit) inForm(name session.PersonName, f *connector.Form, label string, v connector.Values) connector.Answer {
	k.Helper()
	a, err := k.chat.Pressed(k.Context(), connector.Press{By: user(name), Key: f.Key, Values: v, Action: k.action(f.Buttons, label)})
	k.must(err)
	return a
}

func (k *kit) submit(name session.PersonName, f *connector.Form, v connector.Values) connector.Answer {
	k.Helper()
	if f == nil {
		k.Fatal("there is no form")
	}
	a, err := k.chat.Submitted(k.Context(), connector.Submission{By: user(name), Key: f.Key, Values: v})
	k.must(err)
	return a
}

// filled is what a form would submit as it is.
func filled(f *connector.Form) connector.Values {
	v := connector.Values{}
	for _, d := range f.Fields {
		if len(d.Value) > 0 {
			v[d.ID] = d.Value
		}
	}
	return v
}

func (k *kit) says(name session.PersonName, n int, message, text string) connector.Answer {
	k.Helper()
	w := connector.Written{By: user(name), Place: room, Message: session.MessageID(message), At: k.chat.Now()}
	if n > 0 {
		w.Under = session.MessageID("m" + itoa(n))
	}
	for _, l := range strings.Split(text, "\n") {
		w.Lines = append(w.Lines, session.ChatLine{Text: l})
	}
	a, err := k.chat.Wrote(k.Context(), w)
	k.must(err)
	return a
}

// edits changes a message that was written before.
func (k *kit) edits(name session.PersonName, n int, message, text string) connector.Answer {
	k.Helper()
	k.pass(time.Second)
	a, err := k.chat.Wrote(k.Context(), connector.Written{By: user(name), Place: room, Message: session.MessageID(message), At: k.chat.Now(),
		Edited: k.chat.Now(), Under: session.MessageID("m" + itoa(n)), Lines: []session.ChatLine{{Text: text}}})
	k.must(err)
	return a
}

func (k *kit) types(name session.PersonName, text string) connector.Answer {
	k.Helper()
	a, err := k.chat.Commanded(k.Context(), connector.Spoken{By: user(name), Place: room, Text: text})
	k.must(err)
	return a
}

func (k *kit) state(n int, want session.State) {
	k.Helper()
	if got := k.q(n).State; got != want {
		k.Fatalf("#%d is %s, want %s", n, got, want)
	}
}

// flat is everything that can be read on a card or a form.
func flat(title string, lines []connector.Line) string {
	all := []string{title}
	for _, l := range lines {
		all = append(all, strings.TrimSpace(l.Text+" "+l.Link.Label+" "+l.Link.URL+string(l.Link.Message)))
	}
	return strings.Join(all, "\n")
}

func (k *kit) reads(text string, wants ...string) {
	k.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			k.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

// guide checks answers as the program does, with hints only.
func guide(s *session.Service) routing.Guide {
	return routing.Guide{Planner: func() routing.Planner { return s.Planner.(routing.Planner) }}
}
