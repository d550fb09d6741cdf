package draugiem

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/draugiem/draugiemfake"
	"experthour/internal/connector/receive"
	"experthour/internal/connector/worldtest"
	"experthour/internal/session"
	"experthour/internal/testenv"
)

// TestAsked: what nobody answered and was asked since the announcement is a question, once.
func TestAsked(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*draugiemfake.Draugiem){
		"object": func(*draugiemfake.Draugiem) {}, "array": func(f *draugiemfake.Draugiem) { f.Arrays(true) },
		"markup":      func(f *draugiemfake.Draugiem) { f.Markup(true) },
		"local times": func(f *draugiemfake.Draugiem) { f.Dates(draugiemfake.Local) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			change(w.fake)
			w.Clock.Pass(-overlap - 12*time.Hour)
			w.fake.Ask("7", "Jānis", "Pirms nedēļas?")
			w.Clock.Pass(overlap + 12*time.Hour)
			w.fake.Reply(w.fake.Ask("7", "Jānis", "Jau atbildēts?"), "Jā.")
			w.fake.Ask("7", "Jānis", "Vai a < b & <b>c</b>?\nUn kad?")
			for range 2 {
				w.Must(w.look(w.Draugiem))
			}
			w.Must(w.look(w.replica())) // after a restart
			want := "Vai a < b & c?\nUn kad?"
			if name == "markup" {
				want = "Vai a < b & <b>c</b>?\nUn kad?" // it was escaped
			}
			if got := w.Inbox.Texts(); !slices.Equal(spacedAll(got), spacedAll([]string{"Kas ir?", want})) {
				t.Fatalf("asked %q", got)
			}
			a := w.Inbox.Questions()[0]
			if a.Origin.Message != session.MessageID(question+w.original) || a.Origin.Place != page || a.Origin.User != ilze || a.Name != "" ||
				a.Language != session.Latvian || a.At.Sub(w.Began).Abs() > overlap {
				t.Errorf("asked %+v", a)
			}
		})
	}
}

func spacedAll(texts []string) (all []string) {
	for _, text := range texts {
		all = append(all, spaced(text))
	}
	return all
}

// TestNoTimes: where no time is told, and no name, all that has no answer is a question.
func TestNoTimes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Dates(draugiemfake.None)
	w.fake.Nameless(true)
	w.Clock.Pass(-1000 * time.Hour)
	w.fake.Ask("7", "Jānis", "Sen?")
	w.Clock.Pass(1000 * time.Hour)
	w.Must(w.look(w.Draugiem))
	if got := w.Inbox.Texts(); !slices.Equal(got, []string{"Kas ir?", "Sen?"}) {
		t.Fatalf("asked %q", got)
	}
	if a := w.Inbox.Questions()[1]; !a.At.Equal(w.Clock.Now()) || a.Origin.User != "" {
		t.Errorf("asked %+v", a)
	}
}

// TestRun: what stands there goes through the mailbox and is asked, by a replica that starts then.
func TestRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Ask("7", "Jānis", "Un kad?")
	w.Hours = connector.Hours{Busy: true, Since: w.Began}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	testenv.Until(t, "both are asked", func() bool { return len(w.Inbox.Texts()) == 2 })
	stop()
	if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestIdle: where nothing is on nobody is asked.
func TestIdle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	next, err := w.Fetch(t.Context(), receive.Look{}, nil)
	if err != nil || next.Wait != idleWait || w.fake.Calls(faqListCall) != 0 || len(w.Spent()) != 0 {
		t.Errorf("%+v, %v, %d calls", next, err, w.fake.Calls(faqListCall))
	}
	w.Must(w.look(w.Draugiem))
	if !slices.Equal(w.Spent(), []connector.Request{connector.RequestRead}) {
		t.Errorf("spent %q", w.Spent())
	}
}

// TestReworded: another text of an open question is told once, also the one back.
func TestReworded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Must(w.look(w.Draugiem, w.original))
	w.Inbox.Forget() // once as it is, which changes nothing
	for _, text := range []string{"Kas tas ir?", "Kas ir?"} {
		w.fake.Reword(w.original, text)
		w.Must(w.look(w.Draugiem, w.original))
		w.Must(w.look(w.Draugiem, w.original))
	}
	if got := w.Inbox.Wordings(); !slices.Equal(got, []string{"Kas tas ir?", "Kas ir?"}) {
		t.Errorf("reworded %q", got)
	}
}

// TestUnreadable: what cannot be read stops nothing else, and people are told as long as it is there.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 2 {
		w.fake.Answer(faqListCall, 200, `{"faq":{"9007199254740995":{"question":"Kas?","uid":9007199254740997,"created":1796032800},
			"x":{"question":"Kas?"},"8":{"jautajums":"Kas?"},"9":7,"10":null}}`)
		trouble, ok := errors.AsType[*receive.Trouble](w.look(w.Draugiem))
		if !ok || trouble.ID != "draugiem.unreadable" || trouble.Args[1] != 4 || trouble.Wait != mendWait {
			t.Errorf("people are told %+v", trouble)
		}
	}
	if a := w.Inbox.Questions(); len(a) != 1 || a[0].Origin.Message != question+"9007199254740995" || a[0].Origin.User != "9007199254740997" {
		t.Errorf("asked %+v", a)
	}
	if err := w.Handle(t.Context(), []byte(`{"ID":"../x","Do":"ask"}`)); !errors.Is(err, receive.ErrUndecodable) {
		t.Error(err)
	}
}

// TestNoList: what is no list is a failure, never an empty one.
func TestNoList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, body := range []string{`{}`, `[]`, `{"faq":7}`, `{"faq":"x"}`, worldtest.HTMLPage, ``} {
		w.fake.Answer(faqListCall, 200, body)
		w.Wants(body, w.look(w.Draugiem), connector.Deferred)
		w.fake.Answer(faqListCall, 200, body)
		if _, ok, err := w.Find(t.Context(), w.answers("Rīt.")); ok || err == nil {
			t.Errorf("%s: found %v, %v", body, ok, err)
		}
	}
	w.fake.Revoke()
	trouble, ok := errors.AsType[*receive.Trouble](w.look(w.Draugiem))
	if !ok || trouble.ID != "draugiem.refused" || trouble.Wait != mendWait {
		t.Errorf("people are told %+v", trouble)
	}
}

// TestOrder: ids are compared as numbers, however long they are.
func TestOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all, _, err := w.things([]byte(`{"10":{"text":"b"},"9":{"text":"a"},"90071992547409930":{"text":"d"},"9007199254740993":{"text":"c"}}`))
	var got []string
	for _, n := range all {
		got = append(got, n.Text)
	}
	if w.Must(err); !slices.Equal(got, []string{"a", "b", "c", "d"}) {
		t.Errorf("in the order %q", got)
	}
}

// FuzzThings: whatever is in a list, what is taken has an id and a bounded letter.
func FuzzThings(f *testing.F) {
	f.Add([]byte(`{"7":{"question":"Kas &amp; <br>","uid":"1","created":"1141841470"}}`))
	f.Add([]byte(`[{"id":"7","question":"x","created":"2013-03-15 10:33:58"}]`))
	d := &Draugiem{}
	f.Fuzz(func(t *testing.T, raw []byte) {
		all, _, _ := d.things(raw)
		for _, q := range all {
			e := q.event("k", letter{Do: doAsk})
			if !number.MatchString(q.ID) || len(e.From) > mostAuthor || e.From == "" || len(e.Raw) > 300<<10 {
				t.Errorf("%+v", e)
			}
		}
	})
}

// FuzzPlain: a text that comes back escaped is the one that was sent.
func FuzzPlain(f *testing.F) {
	f.Add("a < b & <b>c</b> &amp; <br>")
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(strings.NewReplacer("\r", "", "\x00", "").Replace(s), "")
		escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
		if !same(plain(escaped), s) {
			t.Errorf("%q is not found again: %q", s, plain(escaped))
		}
	})
}
