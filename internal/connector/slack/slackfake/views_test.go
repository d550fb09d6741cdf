package slackfake_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector/slack/slackfake"
)

func TestTriggers(t *testing.T) {
	t.Parallel()
	c := newClock()
	r, w := start(t, slackfake.Options{NoLimits: true, Events: []string{}, Now: c.Now})
	a, anna := connect(t, r), w.User("U1", "Anna", "")
	open := func(id any) answer { return r.json("views.open", object{"trigger_id": id, "view": modal("M")}) }
	wantCode(t, open("1.2.3"), "invalid_trigger_id")
	wantCode(t, r.json("views.open", object{"view": modal("M")}), "invalid_arguments")
	id := a.trigger(w, anna).payload()["trigger_id"]
	wantCode(t, r.json("views.open", object{"trigger_id": id, "view": object{}}), "invalid_arguments")
	wantOK(t, open(id))
	wantCode(t, open(id), "exchanged_trigger_id")
	late := a.trigger(w, anna).payload()["trigger_id"]
	c.advance(3*time.Second + time.Millisecond)
	wantCode(t, open(late), "expired_trigger_id")
}

func TestStackOfThree(t *testing.T) {
	t.Parallel()
	a, w, anna := opened(t, slackfake.Options{}, modal("One", section("x"), actions(button("deeper", "Deeper"))))
	push := func(title string) answer {
		var f frame
		err := during(a, func(g frame) { f = g; a.ack(g) }, func() error { return w.Modal(anna).Press("Deeper") })
		if err != nil {
			t.Fatal(err)
		}
		return a.json("views.push", object{"trigger_id": f.payload()["trigger_id"],
			"view": modal(title, section("x"), actions(button("deeper", "Deeper")))})
	}
	one := w.Modal(anna)
	two := push("Two").body["view"].(object)
	if two["previous_view_id"] != one.ID() || two["root_view_id"] != one.ID() {
		t.Errorf("got %v", two)
	}
	wantOK(t, push("Three"))
	wantCode(t, push("Four"), "push_limit_reached")
	if err := w.Modal(anna).Close(); err != nil || w.Modal(anna).Title() != "Two" {
		t.Errorf("%v, %s", err, w.Modal(anna).Title())
	}
	if err := w.Modal(anna).CloseAll(); err != nil || w.Modal(anna) != nil || one.IsOpen() {
		t.Errorf("%v", err)
	}
	f := a.trigger(w, anna)
	wantCode(t, a.json("views.push", object{"trigger_id": f.payload()["trigger_id"], "view": modal("M")}), "not_found")
}

func TestUpdateAndHash(t *testing.T) {
	t.Parallel()
	text := func(action string) object { return input(object{"type": "plain_text_input", "action_id": action}) }
	a, w, anna := opened(t, slackfake.Options{}, with(modal("One", text("t")), "external_id", "ext"))
	v := w.Modal(anna).Fill("L", "typed")
	update := func(hash string, view object) answer {
		return a.json("views.update", object{"view_id": v.ID(), "hash": hash, "view": view})
	}
	first := update("", modal("Two", text("t")))
	hash := first.body["view"].(object)["hash"].(string)
	if got := v.Value("L"); v.Title() != "Two" || !slices.Equal(got, []string{"typed"}) {
		t.Errorf("what was typed must stay: %v", got)
	}
	wantOK(t, update(hash, modal("Three", text("other"))))
	if got := v.Value("L"); len(got) != 0 {
		t.Errorf("another action_id starts empty: %v", got)
	}
	wantCode(t, update(hash, modal("Four")), "hash_conflict")
	wantCode(t, a.json("views.update", object{"view_id": "V404", "view": modal("M")}), "not_found")
	wantCode(t, a.json("views.update", object{"external_id": "ext", "view": modal("M")}), "not_found") // it has lost that name
	wantCode(t, a.json("views.update", object{"view": modal("M")}), "invalid_arguments")
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	wantCode(t, update("", modal("Five")), "not_found")
}

func TestViewRules(t *testing.T) {
	t.Parallel()
	field := input(object{"type": "plain_text_input", "action_id": "t"})
	blocks := func(n int) []any { return many(n, func(int) any { return section("x") }) }
	for name, c := range map[string]struct{ good, bad object }{
		"title":            {modal(letters(24)), modal(letters(25))},
		"title needed":     {modal("M"), with(modal("M"), "title", nil)},
		"submit":           {with(modal("M"), "submit", plain(letters(24))), with(modal("M"), "submit", plain(letters(25)))},
		"close":            {with(modal("M"), "close", plain(letters(24))), with(modal("M"), "close", plain(letters(25)))},
		"private_metadata": {with(modal("M"), "private_metadata", letters(3000)), with(modal("M"), "private_metadata", letters(3001))},
		"callback_id":      {with(modal("M"), "callback_id", letters(255)), with(modal("M"), "callback_id", letters(256))},
		"blocks":           {modal("M", blocks(100)...), modal("M", blocks(101)...)},
		"type":             {modal("M"), with(modal("M"), "type", "home")},
		"unknown field":    {modal("M"), with(modal("M"), "colour", "red")},
		"markdown block":   {modal("M"), modal("M", object{"type": "markdown", "text": "x"})},
		"submit for input": {modal("M", field), with(modal("M", field), "submit", nil)},
		"no submit":        {with(modal("M"), "submit", nil), with(modal("M"), "submit", "OK")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, w, anna := opened(t, slackfake.Options{}, modal("Start"))
			update := func(v object) answer {
				return a.json("views.update", object{"view_id": w.Modal(anna).ID(), "view": v})
			}
			wantOK(t, update(c.good))
			wantCode(t, update(c.bad), "invalid_arguments")
		})
	}
}

func TestDuplicateExternalID(t *testing.T) {
	t.Parallel()
	a, w, _ := opened(t, slackfake.Options{}, with(modal("One"), "external_id", "ext"))
	boris := w.User("U2", "Boris", "")
	id := a.trigger(w, boris).payload()["trigger_id"]
	wantCode(t, a.json("views.open", object{"trigger_id": id, "view": with(modal("M"), "external_id", "ext")}), "duplicate_external_id")
	wantOK(t, a.json("views.open", object{"trigger_id": id, "view": with(modal("M"), "external_id", "other")}))
	wantOK(t, a.json("views.update", object{"external_id": "other", "view": modal("Named")}))
	if w.Modal(boris).Title() != "Named" {
		t.Error(w.Modal(boris).Title())
	}
}

func TestSubmissionAnswers(t *testing.T) {
	t.Parallel()
	form := modal("Form", section("x"), input(object{"type": "plain_text_input", "action_id": "t"}))
	for name, c := range map[string]struct {
		answer  any
		title   string // of the modal afterwards
		errors  string
		trouble bool
	}{
		"closes":             {nil, "", "", false},
		"clear":              {object{"response_action": "clear"}, "", "", false},
		"update":             {object{"response_action": "update", "view": modal("New")}, "New", "", false},
		"push":               {object{"response_action": "push", "view": modal("More")}, "More", "", false},
		"errors":             {object{"response_action": "errors", "errors": object{"b": "No"}}, "Form", "No", false},
		"errors elsewhere":   {object{"response_action": "errors", "errors": object{"nothing": "No"}}, "Form", "", true},
		"no errors":          {object{"response_action": "errors", "errors": object{}}, "Form", "", true},
		"unknown action":     {object{"response_action": "explode"}, "Form", "", true},
		"refused view":       {object{"response_action": "update", "view": modal(letters(25))}, "Form", "", true},
		"not even an object": {[]any{1}, "Form", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, w, anna := opened(t, slackfake.Options{}, form)
			var got slackfake.Submitted
			err := during(a, func(f frame) { a.ack(f, c.answer) }, func() (err error) {
				got, err = w.Modal(anna).Fill("L", "x").Submit()
				return err
			})
			title := ""
			if got.Next != nil {
				title = got.Next.Title()
			}
			if title != c.title || got.Errors["L"] != c.errors || (err != nil) != c.trouble || (len(w.Complaints()) > 0) != c.trouble {
				t.Errorf("%q %v %v %v", title, got.Errors, err, w.Complaints())
			}
		})
	}
}

func TestSubmissionWithoutAnAnswerKeepsTheModal(t *testing.T) {
	t.Parallel()
	a, w, anna := opened(t, slackfake.Options{AckWithin: time.Second}, modal("M"))
	v := w.Modal(anna)
	err := during(a, func(frame) {}, func() error { _, err := v.Submit(); return err })
	var shown *slackfake.Shown
	if !errors.As(err, &shown) || w.Modal(anna) != v {
		t.Errorf("%v", err)
	}
}

func TestFillingEveryKindOfField(t *testing.T) {
	t.Parallel()
	field := func(label, block string, element object) object {
		return object{"type": "input", "block_id": block, "label": plain(label), "element": with(element, "action_id", "a")}
	}
	two := []any{option("First", "1"), option("Second & last", "2")}
	_, w, anna := opened(t, slackfake.Options{}, modal("M",
		field("Text", "b1", object{"type": "plain_text_input", "min_length": 2, "max_length": 5}),
		field("Select", "b2", object{"type": "static_select", "options": two}),
		field("Boxes", "b3", object{"type": "checkboxes", "options": two, "initial_options": two}),
		field("Radio", "b4", object{"type": "radio_buttons", "options": two}),
		field("People", "b5", object{"type": "multi_users_select", "max_selected_items": 1}),
		field("Date", "b6", object{"type": "datepicker"}),
		field("Time", "b7", object{"type": "timepicker", "initial_time": "10:00"}),
		with(field("Optional", "b8", object{"type": "plain_text_input"}), "optional", true)))
	v := w.Modal(anna)
	got, err := v.Submit()
	if err != nil || len(got.Errors) != 5 || got.Errors["Text"] == "" || got.Errors["Boxes"] != "" {
		t.Fatalf("the client itself complains of what is empty: %v %v", got, err)
	}
	for _, bad := range [][]string{{"Text"}, {"Select", "Third"}, {"People", "Nobody"}, {"People", "Anna Ozola", "U1"}, {"Date", "tomorrow"},
		{"Time", "25:00"}, {"Nothing", "x"}, {"Radio", "First", "Second & last"}} {
		if err := v.Enter(bad[0], bad[1:]...); (err == nil) != (len(bad) == 1) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	if got, _ := v.Fill("Text", "x").Submit(); got.Errors["Text"] != "This is too short." {
		t.Errorf("%v", got)
	}
	if got, _ := v.Fill("Text", "xxxxxx").Submit(); got.Errors["Text"] != "This is too long." {
		t.Errorf("%v", got)
	}
	v.Fill("Text", "<b>&").Fill("Select", "Second & last").Fill("Boxes", "First").Fill("Radio", "First").
		Fill("People", "Anna Ozola").Fill("Date", "2026-02-28")
	_, err = v.Fill("Nothing", "x").Submit()
	if err == nil || !strings.Contains(err.Error(), "Nothing") {
		t.Errorf("what Fill could not do is the error of Submit: %v", err)
	}
	if got := v.Value("Select"); got[0] != "Second & last" {
		t.Errorf("%v", got)
	}
}

func TestStateOfASubmission(t *testing.T) {
	t.Parallel()
	a, w, anna := opened(t, slackfake.Options{}, with(modal("M",
		input(object{"type": "plain_text_input", "action_id": "t"}),
		object{"type": "input", "block_id": "p", "label": plain("People"), "element": object{"type": "multi_users_select", "action_id": "u"}},
		object{"type": "input", "block_id": "o", "label": plain("Empty"), "optional": true,
			"element": object{"type": "static_select", "action_id": "s", "options": options(1)}},
	), "private_metadata", "secret", "callback_id", "cb"))
	var f frame
	err := during(a, func(g frame) { f = g; a.ack(g) }, func() error {
		_, err := w.Modal(anna).Fill("L", "<b>&").Fill("People", "U1").Submit()
		return err
	})
	view := f.payload()["view"].(object)
	values := view["state"].(object)["values"].(object)
	if err != nil || f.payload()["type"] != "view_submission" || view["private_metadata"] != "secret" ||
		view["callback_id"] != "cb" || view["hash"] == "" {
		t.Errorf("%v %s", err, f.Payload)
	}
	if values["b"].(object)["t"].(object)["value"] != "<b>&" || values["p"].(object)["u"].(object)["selected_users"].([]any)[0] != "U1" {
		t.Errorf("%v", values)
	}
	if empty, ok := values["o"].(object)["s"].(object); !ok || empty["selected_option"] != nil {
		t.Errorf("what is empty is there too: %v", values)
	}
}

func TestSuggestions(t *testing.T) {
	t.Parallel()
	menu := object{"type": "external_select", "action_id": "s", "min_query_length": 2}
	a, w, anna := opened(t, slackfake.Options{}, modal("M", input(menu)))
	v := w.Modal(anna)
	ask := func(answer any) (names []string, err error) {
		err = during(a, func(f frame) {
			if f.payload()["type"] != "block_suggestion" || f.payload()["value"] != "abc" {
				t.Errorf("%s", f.Payload)
			}
			a.ack(f, answer)
		}, func() (err error) { names, err = v.Suggest("L", "abc"); return err })
		return names, err
	}
	if names, err := v.Suggest("L", "a"); names != nil || err != nil {
		t.Errorf("too short to ask: %v %v", names, err)
	}
	if names, err := ask(object{"options": []any{option("#12 Why & how", "12")}}); err != nil ||
		!slices.Equal(names, []string{"#12 Why & how"}) {
		t.Errorf("%v %v", names, err)
	}
	if err := v.Enter("L", "#12 Why & how"); err != nil || v.Value("L")[0] != "#12 Why & how" {
		t.Errorf("%v", err)
	}
	for _, bad := range []any{nil, object{"options": options(101)}, object{"options": []any{option(letters(76), "v")}}} {
		if _, err := ask(bad); err == nil {
			t.Errorf("%v passed", bad)
		}
	}
	if len(w.Complaints()) != 3 {
		t.Errorf("%v", w.Complaints())
	}
}

func TestDispatchedInputsAndMenusInSections(t *testing.T) {
	t.Parallel()
	a, w, anna := opened(t, slackfake.Options{}, modal("M",
		with(input(object{"type": "plain_text_input", "action_id": "t"}), "dispatch_action", true),
		with(accessory(object{"type": "static_select", "action_id": "s", "options": options(1)}), "text", plain("Pick"))))
	for label, value := range map[string]string{"L": "typed", "Pick": "o"} {
		var f frame
		err := during(a, func(g frame) { f = g; a.ack(g) }, func() error { return w.Modal(anna).Enter(label, value) })
		action := f.payload()["actions"].([]any)[0].(object)
		if err != nil || f.payload()["type"] != "block_actions" || action["action_ts"] == nil || action["block_id"] == "" {
			t.Errorf("%v %s", err, f.Payload)
		}
	}
}

func TestClosingIsToldOnRequest(t *testing.T) {
	t.Parallel()
	a, w, anna := opened(t, slackfake.Options{}, with(modal("M"), "notify_on_close", true))
	var f frame
	err := during(a, func(g frame) { f = g; a.ack(g) }, func() error { return w.Modal(anna).Close() })
	if err != nil || f.payload()["type"] != "view_closed" || f.payload()["is_cleared"] != false {
		t.Errorf("%v %s", err, f.Payload)
	}
	f = a.trigger(w, anna)
	wantOK(t, a.json("views.open", object{"trigger_id": f.payload()["trigger_id"], "view": modal("Quiet")}))
	v := w.Modal(anna)
	if err := v.Close(); err != nil || w.Modal(anna) != nil {
		t.Errorf("%v", err)
	}
	if _, err := v.Submit(); err == nil {
		t.Error("a closed view can be submitted")
	}
	a.trigger(w, anna) // the next envelope is this click: nothing was told of the quiet one
}

func TestAppHome(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{NoLimits: true, Events: []string{"app_home_opened"}, Redeliver: []time.Duration{}})
	a, anna := connect(t, r), w.User("U1", "Anna", "")
	home := w.Home(anna)
	e := a.read().event()
	if e["type"] != "app_home_opened" || e["user"] != "U1" || e["tab"] != "home" || e["view"] != nil {
		t.Errorf("%v", e)
	}
	publish := func(hash, text string) answer {
		args := object{"user_id": "U1", "view": object{"type": "home", "blocks": []any{section(text), actions(button("go", "Go"))}}}
		if hash != "" {
			args["hash"] = hash
		}
		return r.json("views.publish", args)
	}
	hash := publish("", "one").body["view"].(object)["hash"].(string)
	if home.Text() != "one\n[Go]" {
		t.Errorf("%q", home.Text())
	}
	wantOK(t, publish(hash, "two"))
	wantCode(t, publish(hash, "three"), "hash_conflict")
	if w.WaitHome(within(t), anna, "two") == nil {
		t.Error("no home")
	}
	err := during(a, func(f frame) {
		if f.payload()["container"].(object)["type"] != "view" || f.payload()["message"] != nil {
			t.Errorf("%s", f.Payload)
		}
		a.ack(f)
	}, func() error { return home.Press("Go") })
	if err != nil {
		t.Error(err)
	}
	w.Home(anna)
	if e := a.read().event(); e["view"] == nil {
		t.Errorf("%v", e)
	}
	anna.Deactivate()
	wantCode(t, publish("", "x"), "invalid_arguments")
	wantCode(t, r.json("views.publish", object{"user_id": "U1", "view": modal("M")}), "invalid_arguments")
}
