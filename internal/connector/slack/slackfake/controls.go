package slackfake

import (
	"fmt"
	"slices"
	"strings"
)

// control is one element that a person can use.
type control struct {
	block, action string
	spec          obj
	input         obj // the input block around it, if any
	inActions     bool
}

func (c control) kind() string { return str(c.spec, "type") }

func (c control) place() string { return c.block + "/" + c.action }

// controls lists the elements of blocks that can be used, in the order in which they are shown.
func controls(blocks []obj) []control {
	var out []control
	add := func(b, e, input obj) {
		if e == nil || str(e, "action_id") == "" {
			return
		}
		out = append(out, control{block: str(b, "block_id"), action: str(e, "action_id"), spec: e, input: input,
			inActions: str(b, "type") == "actions"})
	}
	for _, b := range blocks {
		add(b, sub(b, "accessory"), nil)
		if str(b, "type") == "input" {
			add(b, sub(b, "element"), b)
		}
		if str(b, "type") == "actions" {
			for _, e := range list(b, "elements") {
				add(b, e, nil)
			}
		}
	}
	return out
}

// statefulElements are the controls that hold a value: all but buttons and overflow menus.
func statefulElements(blocks []obj) []control {
	return slices.DeleteFunc(controls(blocks), func(c control) bool {
		return c.kind() == "button" || c.kind() == "overflow"
	})
}

// menu tells whether choosing one of the options is a press: in an overflow menu, and in a select menu among buttons.
func (c control) menu() bool {
	return c.kind() == "overflow" || c.kind() == "static_select" && c.inActions
}

// press is a button, or one entry of a menu, that is called by its label.
type press struct {
	control
	option obj
}

// presses lists what can be pressed under that label.
func presses(r *rendering, blocks []obj, label string) []press {
	var out []press
	for _, c := range controls(blocks) {
		switch {
		case c.kind() == "button":
			if r.object(sub(c.spec, "text")) == label {
				out = append(out, press{control: c})
			}
		case c.menu():
			for _, o := range list(c.spec, "options") {
				if r.object(sub(o, "text")) == label {
					out = append(out, press{control: c, option: o})
				}
			}
		}
	}
	return out
}

// labels lists everything that can be pressed.
func labels(r *rendering, blocks []obj) []string {
	var out []string
	for _, c := range controls(blocks) {
		if c.kind() == "button" {
			out = append(out, r.object(sub(c.spec, "text")))
		}
		if c.menu() {
			for _, o := range list(c.spec, "options") {
				out = append(out, r.object(sub(o, "text")))
			}
		}
	}
	return out
}

// onlyPress finds the one thing with that label; near, when given, must stand in its block or in the block before.
func onlyPress(r *rendering, blocks []obj, label, near string) (press, error) {
	found := presses(r, blocks, label)
	if near != "" {
		found = slices.DeleteFunc(found, func(p press) bool { return !stands(r.w, blocks, p.block, near) })
	}
	switch len(found) {
	case 0:
		return press{}, fmt.Errorf("nothing is called %q; there is %q", label, labels(r, blocks))
	case 1:
		return found[0], nil
	}
	return press{}, fmt.Errorf("%d things are called %q", len(found), label)
}

// stands tells whether a text is in the block with that id or in the nearest block with text before it.
func stands(w *Workspace, blocks []obj, id, near string) bool {
	last := ""
	for _, b := range blocks {
		r := &rendering{w: w}
		r.block(b)
		if str(b, "type") != "actions" || last == "" {
			last = r.String()
		}
		if str(b, "block_id") == id {
			return strings.Contains(last, near)
		}
	}
	return false
}

// action is what the app is told about a press.
func (p press) actionJSON() obj {
	out := obj{"type": p.kind(), "block_id": p.block, "action_id": p.action}
	if p.option != nil {
		out["selected_option"] = p.option
		return out
	}
	for _, key := range []string{"text", "value", "style", "url"} {
		if v, ok := p.spec[key]; ok {
			out[key] = v
		}
	}
	return out
}

// stateJSON is the "state.values" of a surface: every element that holds a value, filled in or not.
func stateJSON(blocks []obj, values states) obj {
	out := obj{}
	for _, c := range statefulElements(blocks) {
		inner := sub(out, c.block)
		if inner == nil {
			inner = obj{}
			out[c.block] = inner
		}
		value := values[c.block][c.action]
		if value == nil {
			value = emptyValue(c.kind())
		}
		inner[c.action] = value
	}
	return out
}

// valueKey is the field in which the value of a kind of element travels.
func valueKey(kind string) string {
	switch kind {
	case "static_select", "external_select", "radio_buttons":
		return "selected_option"
	case "multi_static_select", "multi_external_select", "checkboxes":
		return "selected_options"
	case "users_select":
		return "selected_user"
	case "multi_users_select":
		return "selected_users"
	case "channels_select":
		return "selected_channel"
	case "multi_channels_select":
		return "selected_channels"
	case "conversations_select":
		return "selected_conversation"
	case "multi_conversations_select":
		return "selected_conversations"
	case "datepicker":
		return "selected_date"
	case "timepicker":
		return "selected_time"
	case "datetimepicker":
		return "selected_date_time"
	}
	return "value"
}

// many tells whether the field holds a list.
func many(kind string) bool { return strings.HasSuffix(valueKey(kind), "s") }

func emptyValue(kind string) obj {
	out := obj{"type": kind, valueKey(kind): nil}
	if many(kind) {
		out[valueKey(kind)] = []any{}
	}
	return out
}

// prefill takes over what the app chose beforehand.
func (v *View) prefill() {
	for _, c := range statefulElements(objects(v.spec["blocks"])) {
		if value := initial(c.spec); value != nil {
			v.values.set(c.block, c.action, obj{"type": c.kind(), valueKey(c.kind()): value})
		}
	}
}

// initial is what an element starts with: initial_option for selected_option, and so on.
func initial(e obj) any {
	key := valueKey(str(e, "type"))
	return e["initial_"+strings.TrimPrefix(key, "selected_")]
}
