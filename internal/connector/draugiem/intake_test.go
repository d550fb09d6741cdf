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
			w.clock.pass(-overlap - 12*time.Hour)
			w.fake.Ask("7", "Jānis", "Pirms nedēļas?")
			w.clock.pass(overlap + 12*time.Hour)
			w.fake.Reply(w.fake.Ask("7", "Jānis", "Jau atbildēts?"), "Jā.")
			w.fake.Ask("7", "Jānis", "Vai a < b & <b>c</b>?\nUn kad?")
			for range 2 {
				w.must(w.look(w.Draugiem))
			}
			w.must(w.look(w.replica())) // after a restart
			want := "Vai a < b & c?\nUn kad?"
			if name == "markup" {
				want = "Vai a < b & <b>c</b>?\nUn kad?" // it was escaped
			}
			if got := w.inbox.texts(); !slices.Equal(spacedAll(got), spacedAll([]string{"Kas ir?", want})) {
				t.Fatalf("asked %q", got)
			}
			a := w.inbox.asked[0]
			if a.Origin.Message != session.MessageID(question+w.original) || a.Origin.Place != page || a.Origin.User != ilze || a.Name != "" ||
				a.Language != session.Latvian || a.At.Sub(w.since).Abs() > overlap {
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
	w.clock.pass(-1000 * time.Hour)
	w.fake.Ask("7", "Jānis", "Sen?")
	w.clock.pass(1000 * time.Hour)
	w.must(w.look(w.Draugiem))
	if got := w.inbox.texts(); !slices.Equal(got, []string{"Kas ir?", "Sen?"}) {
		t.Fatalf("asked %q", got)
	}
	if a := w.inbox.asked[1]; !a.At.Equal(w.clock.now()) || a.Origin.User != "" {
		t.Errorf("asked %+v", a)
	}
}

// TestRun: what stands there goes through the mailbox and is asked, by a replica that starts then.
func TestRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fake.Ask("7", "Jānis", "Un kad?")
	w.hours = connector.Hours{Busy: true, Since: w.since}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	testenv.Until(t, "both are asked", func() bool { return len(w.inbox.texts()) == 2 })
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
	if err != nil || next.Wait != idleWait || w.fake.Calls(faqListCall) != 0 || len(w.spent) != 0 {
		t.Errorf("%+v, %v, %d calls", next, err, w.fake.Calls(faqListCall))
	}
	w.must(w.look(w.Draugiem))
	if !slices.Equal(w.spent, []connector.Request{connector.RequestRead}) {
		t.Errorf("spent %q", w.spent)
	}
}

// TestReworded: another text of an open question is told once, also the one back.
func TestReworded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.look(w.Draugiem, w.original))
	w.inbox.reworded = nil // once as it is, which changes nothing
	for _, text := range []string{"Kas tas ir?", "Kas ir?"} {
		w.fake.Reword(w.original, text)
		w.must(w.look(w.Draugiem, w.original))
		w.must(w.look(w.Draugiem, w.original))
	}
	if got := w.inbox.reworded; !slices.Equal(got, []string{"Kas tas ir?", "Kas ir?"}) {
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
	if a := w.inbox.asked; len(a) != 1 || a[0].Origin.Message != question+"9007199254740995" || a[0].Origin.User != "9007199254740997" {
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
	for _, body := range []string{`{}`, `[]`, `{"faq":7}`, `{"faq":"x"}`, htmlPage, ``} {
		w.fake.Answer(faqListCall, 200, body)
		w.wants(body, w.look(w.Draugiem), connector.Deferred)
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
	if w.must(err); !slices.Equal(got, []string{"a", "b", "c", "d"}) {
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
