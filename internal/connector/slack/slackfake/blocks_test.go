package slackfake_test

import (
	"maps"
	"strings"
	"testing"

	"experthour/internal/connector/slack/slackfake"
)

func with(o object, pairs ...any) object {
	out := maps.Clone(o)
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == nil {
			delete(out, pairs[i].(string))
		} else {
			out[pairs[i].(string)] = pairs[i+1]
		}
	}
	return out
}

func option(label, value string) object { return object{"text": plain(label), "value": value} }

func options(n int) []any {
	return many(n, func(int) any { return option("o", "v") })
}

func accessory(element object) object { return with(section("x"), "accessory", element) }

func selecting(kind string, pairs ...any) object {
	return with(object{"type": kind, "action_id": "a"}, pairs...)
}

func confirm(title, text, yes, no int) object {
	return object{"title": plain(letters(title)), "text": plain(letters(text)), "confirm": plain(letters(yes)), "deny": plain(letters(no))}
}

func input(element object) object {
	return object{"type": "input", "block_id": "b", "label": plain("L"), "element": element}
}

func header(s string) object { return object{"type": "header", "text": plain(s)} }

func fields(n int, text string) object {
	return object{"type": "section", "fields": many(n, func(int) any { return plain(text) })}
}

func elements(kind string, n int) object {
	return object{"type": kind, "elements": many(n, func(i int) any {
		if kind == "context" {
			return plain("x")
		}
		return button(strings.Repeat("a", i+1), "B")
	})}
}

// TestBlockKit gives, for each rule, blocks that just fit and blocks that just do not.
func TestBlockKit(t *testing.T) {
	t.Parallel()
	b := button("a", "B")
	text := selecting("plain_text_input")
	date, clock := selecting("datepicker"), selecting("timepicker")
	static := selecting("static_select", "options", options(1))
	rich := func(part object) object {
		return object{"type": "rich_text", "elements": []any{object{"type": "rich_text_section", "elements": []any{part}}}}
	}
	for name, c := range map[string]struct{ good, bad any }{
		"section text":         {section(letters(3000)), section(letters(3001))},
		"characters not bytes": {section(strings.Repeat("ž", 3000)), section(strings.Repeat("ž", 3001))},
		"empty text":           {section("x"), section("")},
		"section with nothing": {fields(1, "x"), object{"type": "section"}},
		"no fields":            {fields(1, "x"), fields(0, "x")},
		"fields":               {fields(10, "x"), fields(11, "x")},
		"field text":           {fields(1, letters(2000)), fields(1, letters(2001))},
		"header":               {header(letters(150)), header(letters(151))},
		"header is plain":      {header("x"), object{"type": "header", "text": section("x")["text"]}},
		"unknown block":        {object{"type": "divider"}, object{"type": "bar"}},
		"unknown field":        {section("x"), with(section("x"), "colour", "red")},
		"field of a text":      {section("x"), object{"type": "section", "text": with(plain("x"), "verbatim", true)}},
		"emoji in mrkdwn":      {section("x"), object{"type": "section", "text": object{"type": "mrkdwn", "text": "x", "emoji": true}}},
		"block_id":             {with(section("x"), "block_id", letters(255)), with(section("x"), "block_id", letters(256))},
		"context":              {elements("context", 10), elements("context", 11)},
		"actions":              {elements("actions", 25), elements("actions", 26)},
		"empty actions":        {elements("actions", 1), elements("actions", 0)},
		"button text":          {actions(button("a", letters(75))), actions(button("a", letters(76)))},
		"button text is plain": {actions(b), actions(with(b, "text", section("x")["text"]))},
		"button value":         {actions(with(b, "value", letters(2000))), actions(with(b, "value", letters(2001)))},
		"button style":         {actions(with(b, "style", "danger")), actions(with(b, "style", "blue"))},
		"button url":           {actions(with(b, "url", "https://example.org")), actions(with(b, "url", letters(3001)))},
		"action_id":            {actions(button(letters(255), "B")), actions(button(letters(256), "B"))},
		"action_id is needed":  {actions(b), actions(with(b, "action_id", nil))},
		"action_ids in block":  {actions(b, button("b", "B")), actions(b, b)},
		"unknown element":      {actions(b), actions(with(b, "type", "lever"))},
		"input in actions":     {input(text), actions(text)},
		"overflow": {accessory(selecting("overflow", "options", options(5))),
			accessory(selecting("overflow", "options", options(6)))},
		"empty overflow": {accessory(selecting("overflow", "options", options(1))),
			accessory(selecting("overflow", "options", options(0)))},
		"option text": {accessory(selecting("overflow", "options", []any{option(letters(75), "v")})),
			accessory(selecting("overflow", "options", []any{option(letters(76), "v")}))},
		"option value": {accessory(selecting("overflow", "options", []any{option("o", letters(150))})),
			accessory(selecting("overflow", "options", []any{option("o", letters(151))}))},
		"static_select": {accessory(selecting("static_select", "options", options(100))),
			accessory(selecting("static_select", "options", options(101)))},
		"options or groups": {accessory(static), accessory(selecting("static_select"))},
		"initial option": {accessory(with(static, "initial_option", option("o", "v"))),
			accessory(with(static, "initial_option", option("o", "w")))},
		"placeholder": {accessory(with(static, "placeholder", plain(letters(150)))),
			accessory(with(static, "placeholder", plain(letters(151))))},
		"min_query_length": {accessory(selecting("external_select", "min_query_length", 0)),
			accessory(selecting("external_select", "min_query_length", -1))},
		"checkboxes": {accessory(selecting("checkboxes", "options", options(10))),
			accessory(selecting("checkboxes", "options", options(11)))},
		"radio_buttons": {accessory(selecting("radio_buttons", "options", options(10))),
			accessory(selecting("radio_buttons", "options", options(11)))},
		"empty initial list": {accessory(selecting("checkboxes", "options", options(1))),
			accessory(selecting("checkboxes", "options", options(1), "initial_options", []any{}))},
		"datepicker":         {accessory(with(date, "initial_date", "2026-02-28")), accessory(with(date, "initial_date", "2026-02-30"))},
		"timepicker":         {accessory(with(clock, "initial_time", "09:05")), accessory(with(clock, "initial_time", "9:05"))},
		"multi in actions":   {input(selecting("multi_users_select")), actions(selecting("multi_users_select"))},
		"confirm title":      {actions(with(b, "confirm", confirm(100, 300, 30, 30))), actions(with(b, "confirm", confirm(101, 300, 30, 30)))},
		"confirm text":       {actions(with(b, "confirm", confirm(1, 300, 1, 1))), actions(with(b, "confirm", confirm(1, 301, 1, 1)))},
		"confirm button":     {actions(with(b, "confirm", confirm(1, 1, 30, 1))), actions(with(b, "confirm", confirm(1, 1, 31, 1)))},
		"confirm deny":       {actions(with(b, "confirm", confirm(1, 1, 1, 30))), actions(with(b, "confirm", confirm(1, 1, 1, 31)))},
		"input label":        {with(input(text), "label", plain(letters(2000))), with(input(text), "label", plain(letters(2001)))},
		"input label needed": {input(text), with(input(text), "label", nil)},
		"input flags":        {with(input(text), "optional", true), with(input(text), "optional", "yes")},
		"max_length":         {input(with(text, "max_length", 3000)), input(with(text, "max_length", 3001))},
		"initial_value": {input(with(text, "max_length", 3, "initial_value", "abc")),
			input(with(text, "max_length", 3, "initial_value", "abcd"))},
		"rich text":      {rich(object{"type": "text", "text": "x"}), rich(object{"type": "sound", "text": "x"})},
		"rich text link": {rich(object{"type": "link", "url": "https://example.org"}), rich(object{"type": "link"})},
		"markdown":       {object{"type": "markdown", "text": letters(12000)}, object{"type": "markdown", "text": letters(12001)}},
		"image": {object{"type": "image", "image_url": "https://example.org/a.png", "alt_text": "a"},
			object{"type": "image", "image_url": "https://example.org/a.png"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, w := start(t, slackfake.Options{})
			w.Channel("C1")
			wantOK(t, r.call("chat.postMessage", "channel", "C1", "blocks", []any{c.good}))
			a := r.call("chat.postMessage", "channel", "C1", "blocks", []any{c.bad})
			wantCode(t, a, "invalid_blocks")
			if !strings.Contains(a.text, "json-pointer:/blocks") {
				t.Errorf("no pointer: %s", a.text)
			}
		})
	}
}

func TestNumberOfBlocksAndTheirIDs(t *testing.T) {
	t.Parallel()
	r, w := start(t, slackfake.Options{})
	w.Channel("C1")
	blocks := func(n int) []any { return many(n, func(int) any { return section("x") }) }
	wantOK(t, r.call("chat.postMessage", "channel", "C1", "blocks", blocks(50)))
	wantCode(t, r.call("chat.postMessage", "channel", "C1", "blocks", blocks(51)), "invalid_blocks")
	twin := with(section("x"), "block_id", "same")
	wantCode(t, r.call("chat.postMessage", "channel", "C1", "blocks", []any{twin, twin}), "invalid_blocks")
	r.call("chat.update", "channel", "C1", "ts", w.Channel("C1").Messages()[0].TS(), "text", "x", "blocks", []any{twin, section("y")})
	got := w.Channel("C1").Messages()[0].Blocks()
	if got[0]["block_id"] != "same" || got[1]["block_id"] == nil {
		t.Errorf("ids: %v", got)
	}
}
