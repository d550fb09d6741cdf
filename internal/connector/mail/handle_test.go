package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// bureau notes what letters come to, and answers as it is told.
type bureau struct {
	connector.PublicInbox
	connector.Reception
	said     []connector.Said
	from     []connector.Visitor
	returned []connector.Returned
	reply    connector.Reply
	err      error
}

func (b *bureau) Said(_ context.Context, v connector.Visitor, m connector.Said) (connector.Reply, error) {
	b.said, b.from = append(b.said, m), append(b.from, v)
	return b.reply, b.err
}

func (b *bureau) Returned(_ context.Context, r connector.Returned) error {
	b.returned = append(b.returned, r)
	return b.err
}

// staffed is an intake whose letters go out by a strict fake.
func staffed(t *testing.T) (*intake, *bureau, *fake) {
	t.Helper()
	b, f, memory := &bureau{}, newFake(t, false, false), connectortest.NewMemory()
	m := f.mail()
	m.env.Inbox, m.env.Language, m.env.Now = b, session.English, noon.UTC
	m.env.Reception = func(session.ConnectorID) connector.Reception { return b }
	m.env.Memory = func(session.ConnectorID) connector.Memory { return memory }
	m.env.Admit = func(context.Context, session.ConnectorID, session.UserRef) error { return nil }
	return &intake{m}, b, f
}

func (i *intake) gets(t *testing.T, raw []byte) error {
	t.Helper()
	b, err := json.Marshal(letter{At: noon, Raw: raw})
	if err != nil {
		t.Fatal(err)
	}
	return i.Handle(t.Context(), b)
}

func asks(id, text string, headers ...string) []byte {
	return lines(append(append([]string{fromIlze, "Message-ID: <" + id + "@example.test>"}, headers...), "", text)...)
}

// TestSaid: what a letter says reaches the reception once, with whom it is from and what it
// is about.
func TestSaid(t *testing.T) {
	t.Parallel()
	i, b, f := staffed(t)
	for _, raw := range [][]byte{asks("1", "When?", "Content-Language: lv-LV"), asks("1", "When?"), asks("2", "When?"),
		asks("3", "More.", "In-Reply-To: <"+tagged()+".receipt.mail.1.a1@example.lv>"),
		asks("4", "x", "Auto-Submitted: auto-replied"), asks("5", "x", "List-Id: <x>"),
		lines("From: Ask <ASK+"+tagged()+"@example.lv>", "", "a loop")} {
		if err := i.gets(t, raw); err != nil {
			t.Error(err)
		}
	}
	if len(b.said) != 3 || b.said[0].Message != "1@example.test" || b.said[0].Text != "When?" || !b.said[0].Letter ||
		b.said[2].About != homes || b.said[0].About != (session.QuestionRef{}) || !b.said[0].At.Equal(noon) {
		t.Errorf("said %+v", b.said)
	}
	v := b.from[0]
	if v.Email != "ilze@example.test" || v.Language != session.Latvian || v.Name != "" || strings.Contains(string(v.User), "ilze") ||
		v.User != b.from[2].User {
		t.Errorf("from %+v", v)
	}
	if all, _ := f.kept(); len(all) != 0 {
		t.Errorf("%d letters, and nothing to say", len(all))
	}
	if err := i.Handle(t.Context(), []byte("{")); !errors.Is(err, receive.ErrUndecodable) {
		t.Error(err)
	}
}

// TestAnswer: a letter that is no question is answered below it, once for each address and text.
func TestAnswer(t *testing.T) {
	t.Parallel()
	i, b, f := staffed(t)
	b.reply = connector.Reply{Text: "Not now.", Link: connector.Link{Label: "The last hour", URL: "https://x.lv/s/a"}}
	for n := range 3 {
		if err := i.gets(t, asks(fmt.Sprint(n), fmt.Sprint("When ", n))); err != nil {
			t.Error(err)
		}
	}
	all, to := f.kept()
	if len(all) != 1 || to[0] != "ilze@example.test" {
		t.Fatalf("%d letters to %v", len(all), to)
	}
	for _, has := range []string{"In-Reply-To: <0@example.test>", "Auto-Submitted: auto-replied",
		"Not now.\n\nThe last hour: https://x.lv/s/a"} {
		if !strings.Contains(all[0], has) {
			t.Errorf("no %q in\n%s", has, all[0])
		}
	}
	if err := i.gets(t, asks("3", "When 0")); err != nil || len(b.said) != 4 {
		t.Errorf("what was not taken, once more: %v, said %d", err, len(b.said))
	}
	i.env.Admit = func(context.Context, session.ConnectorID, session.UserRef) error {
		return session.Fail(session.TooMany, "ask_too_often")
	}
	if err := i.gets(t, asks("9", "And more?")); err != nil || len(b.said) != 4 {
		t.Errorf("over the limit: %v, said %d", err, len(b.said))
	}
	b.err = session.Fail(session.Unavailable, "unavailable")
	i.env.Admit = func(context.Context, session.ConnectorID, session.UserRef) error { return nil }
	if err := i.gets(t, asks("10", "And then?")); session.KindOf(err) != session.Unavailable {
		t.Errorf("the store is away: %v", err)
	}
	b.err = nil
	if err := i.gets(t, asks("10", "And then?")); err != nil || len(b.said) != 6 {
		t.Errorf("and comes back: %v, said %d", err, len(b.said))
	}
}

// TestLetterReturned: only of what carries a tag of ours, and only what failed.
func TestLetterReturned(t *testing.T) {
	t.Parallel()
	i, b, _ := staffed(t)
	of := tagged() + ".receipt.mail.1.a1@example.lv"
	forged := strings.Replace(of, "homes.1", "homes.2", 1)
	for _, raw := range [][]byte{bounce("failed", "5.1.1", of), bounce("failed", "4.4.7", of), bounce("delayed", "4.4.1", of),
		bounce("failed", "5.1.1", forged)} {
		if err := i.gets(t, raw); err != nil {
			t.Error(err)
		}
	}
	want := connector.Returned{Connector: "mail", About: homes, Message: session.MessageID(of), Lasting: true,
		Detail: "the letter came back: 5.1.1"}
	if len(b.returned) != 2 || b.returned[0] != want || b.returned[1].Lasting || len(b.said) != 0 {
		t.Errorf("returned %+v", b.returned)
	}
	b.err = session.Fail(session.NotFound, "not_found")
	if err := i.gets(t, bounce("failed", "5.1.1", of)); !errors.Is(err, receive.ErrEarly) {
		t.Errorf("before it is known that it was sent: %v", err)
	}
}

// TestTags: a tag is known in an address and in an id, in any case, and no letter of it may
// be another.
func TestTags(t *testing.T) {
	t.Parallel()
	i, _, _ := staffed(t)
	i.account.Plus = true
	address, ok := i.plus(i.tag(homes))
	if !ok || address != "ask+"+tagged()+"@example.lv" || !i.own(address) || i.own("ask@example.com") {
		t.Errorf("%s, %v", address, ok)
	}
	for _, text := range []string{address, strings.ToUpper(address), "<x@y> <" + tagged() + ".answer.mail.1.a2@example.lv>"} {
		if ref, ok := i.about(text); !ok || ref != homes {
			t.Errorf("%s is about %v, %v", text, ref, ok)
		}
	}
	for at := range len(tagged()) {
		other := []byte(tagged())
		other[at] = map[bool]byte{true: 'b', false: 'a'}[other[at] == 'a']
		if ref, ok := i.about(string(other)); ok {
			t.Errorf("%s is about %v", other, ref)
		}
	}
	if _, ok := i.plus(i.tag(session.QuestionRef{Session: session.ID(strings.Repeat("a", 60)), Number: 1})); ok {
		t.Error("an address with a longer name than there may be")
	}
}
