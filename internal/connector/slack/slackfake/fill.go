package slackfake

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// label is what stands at a control: the label of its input, or its placeholder, or the text of its section.
func (v *View) label(c control) string {
	r := &rendering{w: v.w}
	switch {
	case c.input != nil:
		return r.object(sub(c.input, "label"))
	case sub(c.spec, "placeholder") != nil:
		return r.object(sub(c.spec, "placeholder"))
	}
	for _, b := range objects(v.spec["blocks"]) {
		if str(b, "block_id") == c.block {
			return r.object(sub(b, "text"))
		}
	}
	return ""
}

// field finds the one control with that label. The caller holds w.mu.
func (v *View) field(label string) (control, error) {
	var found []control
	var names []string
	for _, c := range statefulElements(objects(v.spec["blocks"])) {
		names = append(names, v.label(c))
		if v.label(c) == label {
			found = append(found, c)
		}
	}
	if len(found) != 1 {
		return control{}, fmt.Errorf("%d fields are called %q; there is %q", len(found), label, names)
	}
	return found[0], nil
}

// Fill enters something into the field with that label: text, the visible label of an option, people by name or id,
// a date as 2006-01-02, a time as 15:04. A field for several takes several; no value at all empties it. What cannot be
// done is the error of Submit.
func (v *View) Fill(label string, values ...string) *View {
	if err := v.Enter(label, values...); err != nil {
		v.w.mu.Lock()
		v.faults = append(v.faults, err)
		v.w.mu.Unlock()
	}
	return v
}

// Enter is Fill that says at once what went wrong: also that the app did not answer, where a field asks the app.
func (v *View) Enter(label string, values ...string) error {
	if v == nil {
		return &Misuse{What: fmt.Sprintf("there is no modal to fill %q in", label)}
	}
	if err := v.ask(label, values); err != nil {
		return err
	}
	c, value, err := v.enter(label, values)
	if err != nil {
		return v.w.misuse("%s cannot fill %q: %v", v.user.name, label, err)
	}
	if c.input != nil && !flag(c.input, "dispatch_action") {
		return nil
	}
	value["block_id"], value["action_id"] = c.block, c.action
	return v.act(value, label)
}

func (v *View) enter(label string, values []string) (control, obj, error) {
	v.w.mu.Lock()
	defer v.w.mu.Unlock()
	if err := v.usable(); err != nil {
		return control{}, nil, err
	}
	c, err := v.field(label)
	if err != nil {
		return c, nil, err
	}
	value, err := v.value(c, values)
	if err != nil {
		return c, nil, err
	}
	state := obj{"type": c.kind(), valueKey(c.kind()): value}
	v.values.set(c.block, c.action, state)
	v.w.touch()
	return c, clone(state), nil
}

// value turns what a person enters into what travels. The caller holds w.mu.
func (v *View) value(c control, values []string) (any, error) {
	if len(values) == 0 {
		return emptyValue(c.kind())[valueKey(c.kind())], nil
	}
	if most, ok := c.spec["max_selected_items"].(float64); ok && len(values) > int(most) {
		return nil, fmt.Errorf("at most %v can be chosen", most)
	}
	var out []any
	for _, s := range values {
		one, err := v.oneValue(c, s)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	switch {
	case many(c.kind()):
		return out, nil
	case len(out) > 1:
		return nil, errors.New("it takes one value")
	}
	return out[0], nil
}

func (v *View) oneValue(c control, s string) (any, error) {
	switch strings.TrimPrefix(c.kind(), "multi_") {
	case "static_select", "radio_buttons", "checkboxes":
		return v.option(allOptions(c.spec), s)
	case "external_select":
		return v.option(v.suggested[c.place()], s)
	case "users_select":
		return v.person(s)
	case "channels_select", "conversations_select":
		if v.w.channel(s) == nil {
			return nil, fmt.Errorf("there is no channel %q", s)
		}
		return s, nil
	case "datepicker":
		_, err := time.Parse(time.DateOnly, s)
		return s, err
	case "timepicker":
		_, err := time.Parse("15:04", s)
		return s, err
	case "datetimepicker":
		t, err := time.Parse(time.RFC3339, s)
		return t.Unix(), err
	case "number_input":
		_, err := strconv.ParseFloat(s, 64)
		return s, err
	}
	return s, nil
}

func (v *View) option(options []obj, label string) (any, error) {
	r := &rendering{w: v.w}
	var names []string
	for _, o := range options {
		names = append(names, r.object(sub(o, "text")))
		if names[len(names)-1] == label {
			return o, nil
		}
	}
	return nil, fmt.Errorf("no option is called %q; there is %q", label, names)
}

func (v *View) person(s string) (any, error) {
	for _, u := range v.w.users {
		if (u.id == s || u.name == s) && !u.deactivated {
			return u.id, nil
		}
	}
	return nil, fmt.Errorf("there is nobody called %q", s)
}

// ask gets the options of an external_select from the app, when the wanted ones were not offered yet.
func (v *View) ask(label string, values []string) error {
	v.w.mu.Lock()
	c, err := v.field(label)
	external := err == nil && strings.HasSuffix(c.kind(), "external_select")
	var unknown []string
	for _, s := range values {
		if _, err := v.option(v.suggested[c.place()], s); external && err != nil {
			unknown = append(unknown, s)
		}
	}
	v.w.mu.Unlock()
	for _, s := range unknown {
		if _, err := v.Suggest(label, s); err != nil {
			return err
		}
	}
	return nil
}

// Suggest types a query into a menu that asks the app for its options, and gives the labels of what it offers.
func (v *View) Suggest(label, query string) ([]string, error) {
	payload, c, err := v.suggestion(label, query)
	if err != nil {
		return nil, v.w.misuse("%s cannot search in %q: %v", v.user.name, label, err)
	}
	if payload == nil {
		return nil, nil // too short: the client does not ask
	}
	answer, err := v.w.dispatch(interactive, payload)
	if err != nil {
		return nil, err
	}
	return v.offer(c, answer)
}

func (v *View) suggestion(label, query string) (obj, control, error) {
	v.w.mu.Lock()
	defer v.w.mu.Unlock()
	if err := v.usable(); err != nil {
		return nil, control{}, err
	}
	c, err := v.field(label)
	if err != nil {
		return nil, c, err
	}
	if !strings.HasSuffix(c.kind(), "external_select") {
		return nil, c, fmt.Errorf("a %s does not search", c.kind())
	}
	least := 3.0
	if n, ok := c.spec["min_query_length"].(float64); ok {
		least = n
	}
	if characters(query) < int(least) {
		return nil, c, nil
	}
	payload := v.w.interaction("block_suggestion", v.user)
	payload["container"] = obj{"type": "view", "view_id": v.id}
	payload["view"], payload["value"] = v.json(), query
	payload["action_id"], payload["block_id"] = c.action, c.block
	return payload, c, nil
}

// offer checks the options that the app gave and remembers them.
func (v *View) offer(c control, answer json.RawMessage) ([]string, error) {
	v.w.mu.Lock()
	defer v.w.mu.Unlock()
	var menu obj
	_ = json.Unmarshal(answer, &menu)
	check := &checker{surface: inModal}
	check.only("", menu, "options", "option_groups")
	_, flat := menu["options"]
	_, grouped := menu["option_groups"]
	if flat == grouped {
		check.fail("", "exactly one of options and option_groups is required")
	}
	for i, o := range check.array("", menu, "options", 0, selectOptions) {
		check.option(fmt.Sprintf("/options/%d", i), o, true)
	}
	check.groups("", menu)
	if len(check.problems) > 0 {
		v.w.complain("block_suggestion: %v", check.problems)
		return nil, &Shown{Code: "Result not available."}
	}
	options := clone(allOptions(menu))
	escapeTexts(anyList(options))
	v.suggested[c.place()] = options
	r := &rendering{w: v.w}
	var names []string
	for _, o := range options {
		names = append(names, r.object(sub(o, "text")))
	}
	return names, nil
}

// unfinished is what the client complains of by itself. The caller holds w.mu.
func (v *View) unfinished() map[string]string {
	out := map[string]string{}
	for _, c := range controls(objects(v.spec["blocks"])) {
		if c.input == nil {
			continue
		}
		value := v.values[c.block][c.action][valueKey(c.kind())]
		text, isText := value.(string)
		length := characters(text)
		items, isList := value.([]any)
		switch {
		case value == nil || isText && text == "" || isList && len(items) == 0:
			if !flag(c.input, "optional") {
				out[v.label(c)] = "Please complete this required field."
			}
		case isText && length > bound(c.spec, "max_length", inputMost):
			out[v.label(c)] = "This is too long."
		case isText && length < bound(c.spec, "min_length", 0):
			out[v.label(c)] = "This is too short."
		}
	}
	return out
}

func bound(e obj, key string, missing int) int {
	if n, ok := e[key].(float64); ok {
		return int(n)
	}
	return missing
}

// Value is what the field with that label holds, as people read it.
func (v *View) Value(label string) []string {
	return locked(v.w, func() []string {
		c, err := v.field(label)
		if err != nil {
			return nil
		}
		return v.shown(v.values[c.block][c.action][valueKey(c.kind())])
	})
}

func (v *View) shown(value any) []string {
	r := &rendering{w: v.w}
	switch value := value.(type) {
	case string:
		if u := v.w.user(value); u != nil {
			return []string{u.name}
		}
		return []string{value}
	case obj:
		return []string{r.object(sub(value, "text"))}
	case []any:
		var out []string
		for _, item := range value {
			out = append(out, v.shown(item)...)
		}
		return out
	case nil:
		return nil
	}
	return []string{fmt.Sprint(value)}
}

// Labels lists the fields of the view by their labels, in the order in which they are shown.
func (v *View) Labels() []string {
	return locked(v.w, func() []string {
		var out []string
		for _, c := range statefulElements(objects(v.spec["blocks"])) {
			out = append(out, v.label(c))
		}
		return out
	})
}

// Kind is the type of the field with that label, such as datepicker.
func (v *View) Kind(label string) string {
	return locked(v.w, func() string {
		c, err := v.field(label)
		if err != nil {
			return ""
		}
		return c.kind()
	})
}

// Options lists the labels of the options that the field with that label offers.
func (v *View) Options(label string) []string {
	return locked(v.w, func() []string {
		c, err := v.field(label)
		if err != nil {
			return nil
		}
		r := &rendering{w: v.w}
		var out []string
		for _, o := range slices.Concat(allOptions(c.spec), v.suggested[c.place()]) {
			out = append(out, r.object(sub(o, "text")))
		}
		return out
	})
}
