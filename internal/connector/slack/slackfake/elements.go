package slackfake

import (
	"fmt"
	"slices"
	"time"
)

// Block Kit's limits on elements.
const (
	buttonText     = 75
	buttonValue    = 2000
	urlMax         = 3000
	optionText     = 75
	optionValue    = 150
	selectOptions  = 100
	choiceOptions  = 10 // of checkboxes and radio buttons
	overflowMost   = 5
	placeholderMax = 150
	inputMost      = 3000
	confirmTitle   = 100
	confirmText    = 300
	confirmButton  = 30
)

// place is the kind of block that an element stands in.
type place int

const (
	placeSection place = iota
	placeActions
	placeInput
)

type elementCheck struct {
	run    func(*checker, string, obj)
	fields []string
	in     []place
}

// Where elements may stand.
var (
	everywhere = []place{placeSection, placeActions, placeInput}
	wide       = []place{placeSection, placeInput}
	typed      = []place{placeInput}
)

// with adds to the fields that every menu has.
func with(more ...string) []string {
	return append([]string{"placeholder", "confirm", "focus_on_load"}, more...)
}

// elementChecks lists the elements that exist, with the fields that each may have.
var elementChecks = map[string]elementCheck{
	"button": {(*checker).button, []string{"text", "url", "value", "style", "confirm", "accessibility_label"},
		[]place{placeSection, placeActions}},
	"overflow":            {(*checker).overflow, []string{"options", "confirm"}, []place{placeSection, placeActions}},
	"image":               {(*checker).image, []string{"image_url", "slack_file", "alt_text"}, []place{placeSection}},
	"static_select":       {(*checker).staticSelect, with("options", "option_groups", "initial_option"), everywhere},
	"multi_static_select": {(*checker).staticSelect, with("options", "option_groups", "initial_options", "max_selected_items"), wide},
	"external_select":     {(*checker).externalSelect, with("initial_option", "min_query_length"), everywhere},
	"multi_external_select": {(*checker).externalSelect,
		with("initial_options", "min_query_length", "max_selected_items"), wide},
	"users_select":          {(*checker).menu, with("initial_user"), everywhere},
	"multi_users_select":    {(*checker).menu, with("initial_users", "max_selected_items"), wide},
	"channels_select":       {(*checker).menu, with("initial_channel", "response_url_enabled"), everywhere},
	"multi_channels_select": {(*checker).menu, with("initial_channels", "max_selected_items"), wide},
	"conversations_select": {(*checker).menu,
		with("initial_conversation", "default_to_current_conversation", "response_url_enabled", "filter"), everywhere},
	"multi_conversations_select": {(*checker).menu,
		with("initial_conversations", "default_to_current_conversation", "max_selected_items", "filter"), wide},
	"datepicker": {(*checker).datepicker, with("initial_date"), everywhere},
	"timepicker": {(*checker).timepicker, with("initial_time", "timezone"), everywhere},
	"datetimepicker": {(*checker).datetimepicker, []string{"confirm", "focus_on_load", "initial_date_time"},
		[]place{placeActions, placeInput}},
	"checkboxes":    {(*checker).choices, []string{"options", "initial_options", "confirm", "focus_on_load"}, everywhere},
	"radio_buttons": {(*checker).choices, []string{"options", "initial_option", "confirm", "focus_on_load"}, everywhere},
	"plain_text_input": {(*checker).plainInput,
		[]string{"placeholder", "initial_value", "multiline", "min_length", "max_length", "dispatch_action_config", "focus_on_load"}, typed},
	"url_text_input": {(*checker).plainInput,
		[]string{"placeholder", "initial_value", "dispatch_action_config", "focus_on_load"}, typed},
	"email_text_input": {(*checker).plainInput,
		[]string{"placeholder", "initial_value", "dispatch_action_config", "focus_on_load"}, typed},
	"number_input": {(*checker).numberInput,
		[]string{"placeholder", "initial_value", "is_decimal_allowed", "min_value", "max_value",
			"dispatch_action_config", "focus_on_load"}, typed},
}

// element checks one element; ids are the action_ids of its block.
func (c *checker) element(path string, e obj, in place, ids map[string]bool) {
	if e == nil {
		return
	}
	kind := str(e, "type")
	check, known := elementChecks[kind]
	if !known || !slices.Contains(check.in, in) {
		c.fail(path+"/type", "unsupported type: %s", kind)
		return
	}
	fields := append([]string{"type"}, check.fields...)
	if kind != "image" {
		fields = append(fields, "action_id")
		c.actionID(path, e, ids)
	}
	c.only(path, e, fields...)
	c.confirm(path, e)
	c.flags(path, e, "focus_on_load", "multiline", "is_decimal_allowed")
	check.run(c, path, e)
}

func (c *checker) actionID(path string, e obj, ids map[string]bool) {
	c.str(path, e, "action_id", 1, idMax)
	id := str(e, "action_id")
	if ids[id] {
		c.fail(path+"/action_id", "`action_id` %s already exists in this block", id)
	}
	ids[id] = true
}

func (c *checker) confirm(path string, e obj) {
	v, given := e["confirm"]
	if !given {
		return
	}
	path += "/confirm"
	o := c.asObject(path, v)
	if o == nil {
		return
	}
	c.only(path, o, "title", "text", "confirm", "deny", "style")
	c.needText(path, o, "title", true, confirmTitle)
	c.needText(path, o, "text", false, confirmText)
	c.needText(path, o, "confirm", true, confirmButton)
	c.needText(path, o, "deny", true, confirmButton)
	c.style(path, o)
}

func (c *checker) style(path string, o obj) {
	if s, given := o["style"]; given && s != "primary" && s != "danger" {
		c.fail(path+"/style", "unsupported style: %v", s)
	}
}

func (c *checker) button(path string, e obj) {
	c.needText(path, e, "text", true, buttonText)
	c.str(path, e, "value", 0, buttonValue)
	c.str(path, e, "url", 0, urlMax)
	c.str(path, e, "accessibility_label", 0, buttonText)
	c.style(path, e)
}

func (c *checker) overflow(path string, e obj) {
	c.options(path, e, "options", overflowMost, true)
}

// options checks a required list of options; overflow says that they may carry links and no markup.
func (c *checker) options(path string, e obj, key string, most int, plain bool) {
	for i, o := range c.array(path, e, key, 1, most) {
		c.option(fmt.Sprintf("%s/%s/%d", path, key, i), o, plain)
	}
}

func (c *checker) option(path string, o obj, plain bool) {
	c.only(path, o, "text", "value", "description", "url")
	c.needText(path, o, "text", plain, optionText)
	c.str(path, o, "value", 1, optionValue)
	c.optText(path, o, "description", plain, optionText)
	c.str(path, o, "url", 0, urlMax)
}

func (c *checker) staticSelect(path string, e obj) {
	_, grouped := e["option_groups"]
	_, flat := e["options"]
	if grouped == flat {
		c.fail(path, "exactly one of options and option_groups is required")
		return
	}
	c.menu(path, e)
	if flat {
		c.options(path, e, "options", selectOptions, true)
	}
	c.groups(path, e)
	c.initial(path, e)
}

// groups checks option groups, if there are any.
func (c *checker) groups(path string, e obj) {
	for i, g := range c.array(path, e, "option_groups", 0, selectOptions) {
		at := fmt.Sprintf("%s/option_groups/%d", path, i)
		c.needText(at, g, "label", true, optionText)
		c.options(at, g, "options", selectOptions, true)
	}
}

// initial checks that what is chosen beforehand is among the options, whole.
func (c *checker) initial(path string, e obj) {
	chosen := list(e, "initial_options")
	if one := sub(e, "initial_option"); one != nil {
		chosen = append(chosen, one)
	}
	if v, given := e["initial_options"]; given && len(objects(v)) == 0 {
		c.fail(path+"/initial_options", "no fewer than 1 items allowed")
	}
	all := allOptions(e)
	for _, o := range chosen {
		if !slices.ContainsFunc(all, func(other obj) bool { return same(o, other) }) {
			c.fail(path, "initial option %s is not among the options", str(o, "value"))
		}
	}
}

func same(a, b obj) bool {
	return str(a, "value") == str(b, "value") && str(sub(a, "text"), "text") == str(sub(b, "text"), "text")
}

func allOptions(e obj) []obj {
	all := list(e, "options")
	for _, g := range list(e, "option_groups") {
		all = append(all, list(g, "options")...)
	}
	return all
}

func (c *checker) externalSelect(path string, e obj) {
	c.menu(path, e)
	c.number(path, e, "min_query_length", 0, 255, 3)
}

// menu checks what all menus have.
func (c *checker) menu(path string, e obj) {
	c.optText(path, e, "placeholder", true, placeholderMax)
	c.number(path, e, "max_selected_items", 1, 1000, 1)
}

func (c *checker) choices(path string, e obj) {
	c.options(path, e, "options", choiceOptions, false)
	c.initial(path, e)
}

func (c *checker) datepicker(path string, e obj) {
	c.menu(path, e)
	c.layout(path, e, "initial_date", time.DateOnly)
}

func (c *checker) timepicker(path string, e obj) {
	c.menu(path, e)
	c.layout(path, e, "initial_time", "15:04")
}

func (c *checker) layout(path string, e obj, key, layout string) {
	v, given := e[key]
	if !given {
		return
	}
	s, _ := v.(string)
	if t, err := time.Parse(layout, s); err != nil || t.Format(layout) != s {
		c.fail(path+"/"+key, "must look like %s", layout)
	}
}

func (c *checker) datetimepicker(path string, e obj) {
	c.number(path, e, "initial_date_time", 1_000_000_000, 9_999_999_999, 0)
}

func (c *checker) plainInput(path string, e obj) {
	c.optText(path, e, "placeholder", true, placeholderMax)
	least := c.number(path, e, "min_length", 0, inputMost, 0)
	most := c.number(path, e, "max_length", 1, inputMost, inputMost)
	if least > most {
		c.fail(path+"/min_length", "must not be more than max_length")
	}
	c.str(path, e, "initial_value", 0, most)
}

func (c *checker) numberInput(path string, e obj) {
	c.optText(path, e, "placeholder", true, placeholderMax)
	if _, given := e["is_decimal_allowed"]; !given {
		c.fail(path, "missing required field: is_decimal_allowed")
	}
}
