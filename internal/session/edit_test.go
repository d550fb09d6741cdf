package session

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

// edited decodes a command, as the JSON API does.
func edited(t *testing.T, fields string) SessionCommand {
	t.Helper()
	cmd, err := NewSessionCommand(Edit, []byte(fields))
	if err != nil {
		t.Fatal(err)
	}
	return cmd
}

// TestEditChangesWhatIsGiven and leaves the rest.
func TestEditChangesWhatIsGiven(t *testing.T) {
	t.Parallel()
	for fields, want := range map[string]func(*Session){
		`{}`:                     func(*Session) {},
		`{"title":" VAT  now "}`: func(s *Session) { s.Title = "VAT now" },
		`{"topic":"Rates."}`:     func(s *Session) { s.Topic = "Rates." },
		`{"topic":""}`:           func(s *Session) { s.Topic = "" },
		`{"experts":["Emils","Edgars","Emils"]}`: func(s *Session) {
			s.Experts, s.PastExperts = []Expert{{Name: "Emils", Office: "Customs"}, {Name: "Edgars"}}, []Expert{{Name: "Evita"}}
		},
		`{"targets":["page","blind"]}`:        func(s *Session) { s.Targets = []Target{{Connector: blind, Place: "b"}} },
		`{"ask_from":"2026-11-22T11:30:00Z"}`: func(s *Session) { s.AskFrom = noon.Add(-time.Hour / 2) },
		`{"ask_from":"2026-11-22T13:00:00Z"}`: func(s *Session) { s.AskFrom = noon },
	} {
		w := newWorld()
		want(&w.ses)
		wanted := document(t, w.ses)
		w = newWorld()
		w.mustHour(t, anna, edited(t, fields))
		if got := document(t, w.ses); got != wanted {
			t.Errorf("%s: %s\nwant %s", fields, got, wanted)
		}
		again := w.ses.Version
		w.mustHour(t, boris, edited(t, fields)) // it is so already
		if w.ses.Version != again || w.ses.Acts[Edit].By.Name == "Boris" {
			t.Errorf("%s was done twice", fields)
		}
	}
}

// document is a session without who did what.
func document(t *testing.T, s Session) string {
	t.Helper()
	s.Acts, s.Last = nil, ""
	if len(s.Targets) == 0 {
		s.Targets = nil
	}
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestEditRefuses what an hour cannot be, at its field.
func TestEditRefuses(t *testing.T) {
	t.Parallel()
	opened := []SessionCommand{StartSession{}}
	closing := append(slices.Clone(opened), StopSession{})
	for _, c := range []struct {
		by     Actor
		before []SessionCommand
		fields string
		id     string
		at     Field
	}{
		{edgars, nil, `{"title":"x"}`, "forbidden", ""},
		{anna, nil, `{"title":" "}`, "title_missing", "title"},
		{anna, nil, `{"title":"` + strings.Repeat("x", 201) + `"}`, "field_too_long", "title"},
		{anna, nil, `{"experts":[]}`, "experts_count", "experts"},
		{anna, nil, `{"experts":["Oskars"]}`, "expert_unknown", "experts"},
		{anna, nil, `{"targets":["moon"]}`, "target_unknown", "targets"},
		{anna, opened, `{"ask_from":"2026-11-22T10:00:00Z"}`, "edit_ask_from", "ask_from"},
		{anna, closing, `{"targets":["blind"]}`, "edit_targets", "targets"},
		{anna, append(slices.Clone(closing), CloseSession{}), `{"title":"x"}`, "already", ""},
		{anna, []SessionCommand{CancelSession{}}, `{"title":"x"}`, "already", ""},
	} {
		w := newWorld()
		w.mustHour(t, boris, c.before...)
		err := w.session(c.by, edited(t, c.fields))
		if e := first(err); e.ID != c.id || e.Field != c.at {
			t.Errorf("%s after %d steps: %+v, want %s at %q", c.fields, len(c.before), e, c.id, c.at)
		}
	}
}

// first is the first error of the domain.
func first(err error) Error {
	if all := Errors(err); len(all) > 0 {
		return *all[0]
	}
	return Error{}
}

// TestEditInMidHour: title, topic and experts also while the last answers are written; what
// stands as it is may be named.
func TestEditInMidHour(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.mustHour(t, anna, StartSession{}, edited(t, `{"targets":["blind"],"ask_from":"2026-11-22T11:00:00Z"}`), StopSession{},
		edited(t, `{"title":"VAT","experts":["Emils","Edgars","Evita"],"targets":["blind"]}`))
	if w.ses.State != Closing || w.ses.Title != "VAT" || len(w.ses.Experts) != 3 || len(w.ses.PastExperts) != 0 {
		t.Errorf("%+v", w.ses)
	}
}

// TestWhoIsTakenOff keeps the name under what they answered, answers no more, and can be taken
// on again.
func TestWhoIsTakenOff(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.mustHour(t, anna, StartSession{})
	n, _ := w.ask("How much?")
	w.must(anna, AcceptQuestion{On: w.on(n)})
	w.must(evita, SubmitAnswer{On: w.on(n), Text: "A fifth."})
	w.mustHour(t, anna, edited(t, `{"experts":["Edgars"]}`))
	if by := w.ses.Signer(w.q(n), w.q(n).Latest()); by.Name != "Evita" {
		t.Errorf("signed by %+v", by)
	}
	if _, err := w.do(evita, TakeBackAnswer{On: w.on(n)}); KindOf(err) != Forbidden {
		t.Errorf("who was taken off takes back: %v", err)
	}
	w.mustHour(t, anna, edited(t, `{"experts":["Edgars","Evita"]}`))
	if _, err := w.do(evita, TakeBackAnswer{On: w.on(n)}); err != nil || w.ses.TakenOff("Evita") {
		t.Errorf("who is on again: %v %+v", err, w.ses)
	}
}

// TestWhatTheTakenOffHeld goes back into the queue by the clock, but not before what they wrote
// is submitted, and nothing else does.
func TestWhatTheTakenOffHeld(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.mustHour(t, anna, StartSession{})
	var held []int
	for _, by := range []Actor{evita, edgars, evita} {
		n, _ := w.ask("How much?")
		w.must(anna, AcceptQuestion{On: w.on(n)})
		w.must(by, ClaimQuestion{On: w.on(n)})
		held = append(held, n)
	}
	w.must(evita, WriteMessage{On: w.on(held[2]), Message: "m", At: w.at, Lines: []ChatLine{{Text: "A fifth."}}})
	release := func(n int) error {
		_, err := w.do(Program, ReleaseQuestion{On: w.on(n)})
		return err
	}
	if err := release(held[0]); KindOf(err) != Refused {
		t.Fatalf("before: %v", err)
	}
	w.mustHour(t, anna, edited(t, `{"experts":["Edgars"]}`))
	if err := release(held[0]); err != nil || w.q(held[0]).State != Queued {
		t.Errorf("held by who was taken off: %v", err)
	}
	if err := release(held[1]); KindOf(err) != Refused {
		t.Errorf("held by somebody else: %v", err)
	}
	if err := release(held[2]); KindOf(err) != Refused || w.q(held[2]).Draft() == "" {
		t.Errorf("with a draft that rests: %v", err)
	}
	w.at = w.at.Add(time.Hour)
	w.must(Program, SettleDraft{On: w.on(held[2])})
	if q := w.q(held[2]); q.State != Review || q.Latest().Author != "Evita" {
		t.Errorf("the draft: %+v", q)
	}
}
