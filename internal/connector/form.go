package connector

import "time"

// Form is what somebody fills in or looks through: a desk shows it as a dialogue of
// its own, and gives back Key with whatever is pressed or submitted.
type Form struct {
	// Key is the maker's own, at most LongestKey bytes.
	Key    string
	Title  string // about 24 characters
	Lines  []Line
	Fields []Field
	// Submit is the label of the button that submits; empty is a form to look at.
	Submit string
	// Buttons do something without submitting.
	Buttons []Button
	// Until is how long it is true for sure; then it is shown as Look.Renewed says. Zero is for
	// as long as it stands there. Since is when it was made.
	Since, Until time.Time
}

// Offered are all buttons of the form: those of its lines, then its own.
func (f Form) Offered() []Button {
	var all []Button
	for _, l := range f.Lines {
		all = append(all, l.Buttons...)
	}
	return append(all, f.Buttons...)
}

// Topped is the form with something said before everything else, and what may be done about that.
func (f Form) Topped(say string, buttons []Button) Form {
	if say != "" {
		f.Lines = append([]Line{{Text: say, Buttons: buttons}}, f.Lines...)
	}
	return f
}

// LongestKey bounds Form.Key.
const LongestKey = 1500

// Field is one thing to fill in.
type Field struct {
	ID       string // unique in its form: [a-z_]+
	Label    string
	Kind     FieldKind
	Value    []string // as in Values
	Options  []Option // of choices and people
	Hint     string
	Optional bool
	Most     int // characters of a text; 0 is what the platform allows
}

// Option is one of a field's choices.
type Option struct {
	Value string // at most LongestAction bytes
	Label string // cut at about 75 characters
}

// FieldKind says what is filled in, and how its value is written.
type FieldKind uint8

// The kinds of fields.
const (
	TextField    FieldKind = iota // several lines
	WordField                     // one line
	ChoiceField                   // one of Options
	ChoicesField                  // any of Options
	SearchField                   // one of what DeskInbox.Searched finds
	PeopleField                   // accounts of the platform; Options where it cannot choose them
	DateField                     // 2006-01-02
	ClockField                    // 15:04
)

// Values are what was filled in, by the field's ID: one value, or any number of
// choices and people. A field that was left empty is missing.
type Values map[string][]string

// First is the only value of a field, or "".
func (v Values) First(id string) string {
	if len(v[id]) == 0 {
		return ""
	}
	return v[id][0]
}
