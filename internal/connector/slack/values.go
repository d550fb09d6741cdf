package slack

import (
	"maps"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
)

// values reads the state of a form. The pieces of a long text become one again.
func values(state map[string]map[string]slack.BlockAction) connector.Values {
	vs := connector.Values{}
	for _, block := range slices.Sorted(maps.Keys(state)) {
		id, ok := parseFieldID(block)
		if !ok {
			continue
		}
		for _, e := range state[block] {
			addValue(vs, id, filled(e))
		}
	}
	return vs
}

func addValue(vs connector.Values, id fieldID, filled []string) {
	switch {
	case len(filled) == 0:
	case id.part == "" || len(vs[id.field]) == 0:
		vs[id.field] = filled
	default:
		vs[id.field][0] += joints[id.part[len(id.part)-1]] + filled[0]
	}
}

// joints are what stood between two pieces of a long text.
var joints = map[byte]string{'n': "\n", 's': " "}

// filled is what one element holds.
func filled(e slack.BlockAction) []string {
	switch string(e.Type) {
	case slack.OptTypeStatic, slack.OptTypeExternal:
		return some(e.SelectedOption.Value)
	case slack.MultiOptTypeStatic, string(slack.METCheckboxGroups):
		var chosen []string
		for _, o := range e.SelectedOptions {
			chosen = append(chosen, o.Value)
		}
		return chosen
	case slack.MultiOptTypeUser:
		return e.SelectedUsers
	case string(slack.METDatepicker):
		return some(e.SelectedDate)
	case string(slack.METTimepicker):
		return some(e.SelectedTime)
	}
	return some(e.Value)
}

func some(value string) []string {
	if strings.TrimSpace(value) == "" {
		return nil
	}
	return []string{value}
}
