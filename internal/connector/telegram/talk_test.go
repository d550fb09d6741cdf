package telegram

import (
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/telegram/telegramfake"
	"experthour/internal/testenv"
)

// hourForm has a field of every kind.
func hourForm() connector.Form {
	return connector.Form{Key: "key", Title: "New hour", Submit: "Schedule",
		Lines: []connector.Line{{Kind: connector.Small, Text: "All times in Riga."}},
		Fields: []connector.Field{
			{ID: "title", Label: "Title", Kind: connector.WordField, Most: 20},
			{ID: "topic", Label: "Topic", Kind: connector.TextField, Optional: true, Hint: "What it is about"},
			{ID: "reason", Label: "Reason", Kind: connector.ChoiceField, Options: options("a", "b")},
			{ID: "experts", Label: "Experts", Kind: connector.PeopleField, Options: options("11", "12")},
			{ID: "into", Label: "Into", Kind: connector.SearchField},
			{ID: "date", Label: "Date", Kind: connector.DateField},
			{ID: "start", Label: "Start", Kind: connector.ClockField},
		}}
}

func options(values ...string) []connector.Option {
	var all []connector.Option
	for _, v := range values {
		all = append(all, connector.Option{Value: v, Label: "Option " + v})
	}
	return all
}

// opens makes Accept open a form.
func (w *world) opens(f connector.Form) {
	w.inbox.onPress = func(p connector.Press) (connector.Answer, error) {
		if p.Action == "1.accept" {
			return connector.Answer{Form: &f}, nil
		}
		return connector.Answer{}, nil
	}
}

// says waits for the newest form message to read so, and gives it.
func (w *world) says(parts ...string) *telegramfake.Message {
	w.t.Helper()
	return w.anna.Await(testenv.Soon(w.t), says2(parts...))
}

func TestForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{fake: telegramfake.Options{Now: func() time.Time { return time.Date(2026, 3, 4, 10, 20, 0, 0, time.UTC) }}})
	w.opens(hourForm())
	w.inbox.onSearch = func(s connector.Searching) ([]connector.Option, error) {
		if s.Query == "tax" {
			return options("7"), nil
		}
		return options("5", "6"), nil
	}
	w.inbox.onSubmit = func(connector.Submission) (connector.Answer, error) {
		return connector.Answer{Close: true, Say: "Scheduled: https://hour.example/s/tax"}, nil
	}
	_, card := w.post(w.start(func(o *Options) { o.Now = func() time.Time { return time.Date(2026, 3, 4, 10, 20, 0, 0, time.UTC) } }),
		w.card())
	card.Press(w.anna, "Accept")
	w.says("New hour", "All times in Riga.", "▸ Title", english.Text("telegram.write_word"))
	w.anna.Write("  Tax\n2026 ")
	w.says("▸ Reason", english.Text("telegram.choose_one")).Press(w.anna, "Option b")
	people := w.says("▸ Experts")
	people.Press(w.anna, "Option 11")
	w.await("the mark", func() bool { return slices.Contains(people.Labels(), "✓ Option 11") })
	people.Press(w.anna, "Option 12")
	w.await("both marks", func() bool { return slices.Contains(people.Labels(), "✓ Option 12") })
	people.Press(w.anna, "✓ Option 11")
	w.await("one mark", func() bool { return slices.Contains(people.Labels(), "Option 11") })
	people.Press(w.anna, english.Text("telegram.ready"))
	w.says("▸ Into")
	w.anna.Write("tax")
	w.anna.Await(testenv.Soon(t), telegramfake.Offers("Option 7")).Press(w.anna, "Option 7")
	w.says("▸ Date")
	w.anna.Write("soon")
	w.says("▸ Date", english.Text("telegram.no_date")).Press(w.anna, "2026-03-06")
	w.says("▸ Start")
	w.anna.Write("14.30")
	whole := w.says("Title: Tax 2026", "Topic: —", "Reason: Option b", "Experts: Option 12", "Into: Option 7",
		"Date: 2026-03-06", "Start: 14:30")
	if !slices.Contains(whole.Labels(), "Schedule") || !slices.Contains(whole.Labels(), "Cancel") {
		t.Errorf("buttons %q", whole.Labels())
	}
	whole.Press(w.anna, "Schedule")
	s := got(t, w.inbox, &w.inbox.submitted, 1)
	want := connector.Values{"title": {"Tax 2026"}, "reason": {"b"}, "experts": {"12"}, "into": {"7"},
		"date": {"2026-03-06"}, "start": {"14:30"}}
	if s.Key != "key" || s.By.ID != "11" || len(s.Values) != len(want) {
		t.Errorf("submitted %+v", s)
	}
	for id, v := range want {
		if !slices.Equal(s.Values[id], v) {
			t.Errorf("%s is %q, want %q", id, s.Values[id], v)
		}
	}
	end := w.says("Scheduled: https://hour.example/s/tax")
	w.await("the end", func() bool { return len(end.Labels()) == 0 && end == whole })
}

// TestFormSurvivesRestart: every step is done by another process.
func TestFormSurvivesRestart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	f := hourForm()
	f.Fields = f.Fields[:3]
	w.opens(f)
	stop := w.run(w.make())
	_, card := w.post(w.make(), w.card())
	restart := func() { stop(); stop = w.run(w.make()) }
	card.Press(w.anna, "Accept")
	w.says("▸ Title")
	restart()
	w.anna.Write("Tax")
	reason := w.says("▸ Reason")
	restart()
	reason.Press(w.anna, "Option a")
	whole := w.says("Title: Tax", "Reason: Option a")
	restart()
	whole.Press(w.anna, "✎ Topic")
	w.says("▸ Topic", "What it is about")
	restart()
	w.anna.Write("line one\nline two")
	whole = w.says("Topic: line one")
	restart()
	whole.Press(w.anna, "Schedule")
	if s := got(t, w.inbox, &w.inbox.submitted, 1); s.Values.First("topic") != "line one\nline two" {
		t.Errorf("submitted %+v", s)
	}
	w.says(english.Text("adapter.finished", "what", "New hour"))
}

func TestFormWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	f := hourForm()
	f.Fields = f.Fields[:2]
	f.Fields[0].Value = []string{"Tax"}
	w.opens(f)
	times := 0
	w.inbox.onSubmit = func(connector.Submission) (connector.Answer, error) {
		if times++; times == 1 {
			return connector.Answer{Wrong: map[string]string{"title": "There is one already.", "elsewhere": "Too late."}}, nil
		}
		return connector.Answer{Close: true}, nil
	}
	_, card := w.post(w.start(), w.card())
	card.Press(w.anna, "Accept")
	w.says("Title: Tax").Press(w.anna, "Schedule")
	w.says("⚠ Too late.", "▸ Title", "⚠ There is one already.")
	w.anna.Write(strings.Repeat("x", 21))
	w.says(english.Text("telegram.too_long", "limit", 20))
	w.anna.Write("Taxes")
	w.says("Title: Taxes").Press(w.anna, "Schedule")
	w.says(english.Text("adapter.finished", "what", "New hour"))
}

// TestFormWithoutStart: who has not pressed Start is told where, and finds the form.
func TestFormWithoutStart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	w.opens(hourForm())
	_, card := w.post(w.start(), w.card())
	a := card.Click(w.bob, "Accept").Await(testenv.Soon(t))
	if a.URL != "https://t.me/desk_bot?start=desk" || !strings.Contains(a.Text, a.URL) || !a.Alert {
		t.Errorf("the box says %+v", a)
	}
	w.bob.Start("desk")
	w.bob.Await(testenv.Soon(t), says2("▸ Title"))
	w.bob.Write("Tax")
	w.bob.Await(testenv.Soon(t), says2("▸ Reason"))
}

// TestFormsInForms: a button of a form comes with its key and values; what it opens
// stands on top, and Cancel leads back.
func TestFormsInForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	preview := connector.Form{Key: "preview", Title: "Preview", Submit: "Approve",
		Lines:   []connector.Line{{Kind: connector.Quote, Text: "Answer"}},
		Fields:  []connector.Field{{ID: "x", Label: "X", Kind: connector.WordField, Value: []string{"1"}}},
		Buttons: []connector.Button{{Label: "Send back", Action: "1.back", Confirm: "Send it back?"}, {Label: "Next", Action: "1.next"}}}
	back := connector.Form{Key: "back", Title: "Send back", Submit: "Send",
		Fields: []connector.Field{{ID: "comment", Label: "Comment", Kind: connector.TextField}}}
	other := preview
	other.Title = "Preview of another"
	w.inbox.onPress = func(p connector.Press) (connector.Answer, error) {
		switch p.Action {
		case "1.back":
			return connector.Answer{Form: &back, Push: true}, nil
		case "1.next":
			return connector.Answer{Form: &other}, nil
		}
		return connector.Answer{Form: &preview}, nil
	}
	_, card := w.post(w.start(), w.card())
	card.Press(w.anna, "Accept")
	m := w.says("Preview")
	if got := m.Press(w.anna, "Send back"); !strings.HasPrefix(got, "Send it back?") {
		t.Errorf("the box says %q", got)
	}
	m.Press(w.anna, "Send back")
	w.await("the form on top", func() bool { return strings.Contains(m.Text(), "▸ Comment") })
	p := got(t, w.inbox, &w.inbox.presses, 2)
	if p.Key != "preview" || p.Values.First("x") != "1" || p.Message != "" {
		t.Errorf("the inbox got %+v", p)
	}
	m.Press(w.anna, english.Text("telegram.back_sign"))
	w.await("the whole form", func() bool { return slices.Contains(m.Labels(), "✎ Comment") })
	m.Press(w.anna, "Cancel")
	w.await("the form below", func() bool { return strings.Contains(m.Text(), "Preview") })
	m.Press(w.anna, "Next")
	w.await("the next one in its place", func() bool { return strings.Contains(m.Text(), "of another") })
	if got := m.ClickData(w.anna, "=1.gone").Await(testenv.Soon(t)); got.Text != english.Text("telegram.over") {
		t.Errorf("an unknown button says %q", got.Text)
	}
}

// TestFormResumed: a form that somebody began to fill in waits below a newer one.
func TestFormResumed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	w.opens(hourForm())
	look := connector.Form{Title: "Look", Lines: []connector.Line{{Text: "at this"}}}
	w.inbox.home = look
	_, card := w.post(w.start(), w.card())
	card.Press(w.anna, "Accept")
	w.says("▸ Title")
	w.anna.Write("Tax")
	before := w.says("▸ Reason")
	w.anna.Write("/home")
	above := w.says("Look", "at this")
	w.await("the form to make room", before.Deleted)
	above.Press(w.anna, "Close")
	w.says("▸ Reason").Press(w.anna, "Option a")
	w.says("▸ Experts")
	w.anna.Write("/cancel")
	w.says(english.Text("adapter.unchanged", "what", "New hour"))
}

// TestButtonsOfAnOldFormGo: a message that shows a form which is over loses its buttons when somebody presses one, and its
// presser reads that it is over.
func TestButtonsOfAnOldFormGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	w.inbox.home = connector.Form{Key: "home", Title: "Look", Buttons: []connector.Button{{Label: "Next", Action: "1.next"}}}
	tg := w.start()
	w.anna.Write("/home")
	m := w.says("Look")
	user := w.anna.ID()
	w.await("it to be remembered", func() bool { v, _ := tg.view(t.Context(), user); return len(v.Messages) == 1 })
	for _, key := range []string{memoryTalk, memoryView} { // 48 hours later
		if err := tg.opts.Memory.Forget(t.Context(), key+userKey(user)); err != nil {
			t.Fatal(err)
		}
	}
	if got := m.Press(w.anna, "Next"); got != english.Text("telegram.over") {
		t.Errorf("told %q", got)
	}
	w.await("the buttons to go", func() bool { return len(m.Labels()) == 0 })
	if m.Deleted() || !strings.Contains(m.Text(), "Look") {
		t.Errorf("it reads %q", m.Text())
	}
}

// TestOldScreen: a button of an older screen changes nothing.
func TestOldScreen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	f := hourForm()
	f.Fields = f.Fields[2:4]
	w.opens(f)
	_, card := w.post(w.start(), w.card())
	card.Press(w.anna, "Accept")
	m := w.says("▸ Reason")
	old := actions(m)
	m.Press(w.anna, "Option a")
	w.says("▸ Experts")
	if got := m.ClickData(w.anna, old[1]).Await(testenv.Soon(t)); got.Text != english.Text("telegram.over") {
		t.Errorf("an old button says %q", got.Text)
	}
	if s := w.says("▸ Experts").Labels(); slices.ContainsFunc(s, func(l string) bool { return strings.HasPrefix(l, "✓") }) {
		t.Errorf("it counted: %q", s)
	}
}

// TestLongForm: nothing of a long preview is cut; its last message has the buttons, and
// all of them change and go with the form.
func TestLongForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	long := connector.Form{Key: "k", Title: "Preview", Submit: "Approve"}
	for i := range 6 {
		long.Lines = append(long.Lines, connector.Line{Kind: connector.Quote, Text: strings.Repeat(string(rune('a'+i))+"👍 word ", 300)})
	}
	short := connector.Form{Key: "k2", Title: "Short", Submit: "Approve"}
	w.opens(long)
	w.inbox.onSubmit = func(s connector.Submission) (connector.Answer, error) {
		if s.Key == "k" {
			return connector.Answer{Form: &short}, nil
		}
		return connector.Answer{Close: true, Say: "Approved."}, nil
	}
	_, card := w.post(w.start(), w.card())
	before := len(w.anna.Chat().FromBot())
	card.Press(w.anna, "Accept")
	last := w.anna.Await(testenv.Soon(t), telegramfake.Offers("Approve"))
	var text string
	all := w.anna.Chat().FromBot()[before:]
	for i, m := range all {
		text += m.Text() + "\n"
		if (len(m.Labels()) > 0) != (i == len(all)-1) {
			t.Errorf("message %d of %d has %q", i, len(all), m.Labels())
		}
	}
	if n := strings.Count(text, "word"); n != 1800 || len(all) < 4 {
		t.Errorf("%d of 1800 words in %d messages", n, len(all))
	}
	last.Press(w.anna, "Approve")
	w.await("the others to go", func() bool { return len(w.anna.Chat().FromBot()) == before+1 })
	w.says("Short").Press(w.anna, "Approve")
	w.says("Approved.")
}

func TestReadDateAndClock(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"2026-12-31": "2026-12-31", "31.12.2026": "2026-12-31", "1.2.2026.": "2026-02-01",
		"31.2.2026": "", "tomorrow": "", "0001-01-01": ""} {
		if got, ok := readDate(text); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %v; want %q", text, got, ok, want)
		}
	}
	for text, want := range map[string]string{"14:30": "14:30", "9.05": "09:05", "9:5": "", "14": "14:00", "24:00": "", "x": "", "": ""} {
		if got, ok := readClock(text); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %v; want %q", text, got, ok, want)
		}
	}
}

// TestLongText: Telegram cuts a text that is too long for one message; both parts are
// the value.
func TestLongText(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setup{})
	w.opens(connector.Form{Key: "k", Title: "Answer", Submit: "Send",
		Fields: []connector.Field{{ID: "answer", Label: "Answer", Kind: connector.TextField}}})
	_, card := w.post(w.start(), w.card())
	card.Press(w.anna, "Accept")
	w.says("▸ Answer")
	first := strings.TrimSpace(strings.Repeat("word ", 800))
	w.anna.Write(first)
	w.anna.Write("and the rest.")
	w.await("both parts", func() bool {
		k, err := w.make().talk(t.Context(), 11)
		return err == nil && k.top().Values.First("answer") == first+" and the rest."
	})
}
