package telegram

import (
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
)

// op is what a control of a form does.
type op byte

const (
	opField  op = 'f' // asks for the field of that number
	opOption op = 'o' // chooses the option of that number
	opPage   op = 'p' // shows that page of the options
	opReady  op = 'd' // enough was chosen
	opEmpty  op = 'e' // leaves the field empty
	opBack   op = 'b' // shows the whole form
	opValue  op = 'q' // fills in that value
	opSubmit op = 's'
	opCancel op = 'x'
)

// mostStep bounds steps to what five digits in base 36 hold.
const mostStep = 36 * 36 * 36 * 36 * 36

// controlData is the data of a control: what it does, at which step it was drawn, and
// with what.
func controlData(o op, step int, arg string) string {
	return markOwn + string(o) + strconv.FormatInt(int64(step), 36) + "." + arg
}

var controlForm = regexp.MustCompile(`^~([a-z])([0-9a-z]{1,5})\.([0-9:-]{0,16})$`)

type controlling struct {
	op   op
	step int
	arg  string
}

// number is the argument as a number below limit; ok is false for any other.
func (c controlling) number(limit int) (n int, ok bool) {
	n, err := strconv.Atoi(c.arg)
	return n, err == nil && n >= 0 && n < limit
}

func parseControl(data string) (controlling, bool) {
	m := controlForm.FindStringSubmatch(data)
	if m == nil {
		return controlling{}, false
	}
	step, err := strconv.ParseInt(m[2], 36, 32)
	return controlling{op(m[1][0]), int(step), m[3]}, err == nil
}

// sheetKeys are the keyboard of a form.
func (p painter) sheetKeys(s *sheet, step int, now time.Time) [][]models.InlineKeyboardButton {
	if f := s.field(); f != nil {
		return p.fieldKeys(s, *f, step, now)
	}
	var fields []models.InlineKeyboardButton
	for i, f := range s.Form.Fields[:min(len(s.Form.Fields), mostButtons/2)] {
		fields = append(fields, own("✎ "+cut(oneLine(clean(f.Label)), longLabel), controlData(opField, step, strconv.Itoa(i))))
	}
	all := append(rows(fields), formKeys(s.Form)...)
	var last []models.InlineKeyboardButton
	if s.Form.Submit != "" && s.missing(0) < 0 {
		submit := own(cut(oneLine(clean(s.Form.Submit)), longLabel), controlData(opSubmit, step, ""))
		submit.Style = styles[connector.Primary]
		last = append(last, submit)
	}
	end := p.words.Text("adapter.close")
	if s.Form.Submit != "" {
		end = p.words.Text("adapter.cancel")
	}
	return append(all, append(last, own(end, controlData(opCancel, step, ""))))
}

// formKeys are the buttons of a form, those of each line in rows of their own: in a chat they all
// stand below the text.
func formKeys(f connector.Form) (all [][]models.InlineKeyboardButton) {
	groups, room := make([][]connector.Button, 0, len(f.Lines)+1), mostButtons/2
	for _, l := range f.Lines {
		groups = append(groups, l.Buttons)
	}
	for _, bs := range append(groups, f.Buttons) {
		all = append(all, keyboard(bs[:min(len(bs), room)], markForm)...)
		room -= min(len(bs), room)
	}
	return all
}

// fieldKeys are the keyboard while one field is asked for.
func (p painter) fieldKeys(s *sheet, f connector.Field, step int, now time.Time) [][]models.InlineKeyboardButton {
	var all [][]models.InlineKeyboardButton
	switch f.Kind {
	case connector.DateField:
		all = rows(values(days(now), step))
	case connector.ClockField:
		all = rows(values(clocks(s.Values.First(f.ID), now), step))
	default:
		all = p.optionKeys(s, f, step)
	}
	var last []models.InlineKeyboardButton
	if f.Kind == connector.ChoicesField || f.Kind == connector.PeopleField {
		last = append(last, own(p.words.Text("telegram.ready"), controlData(opReady, step, "")))
	}
	if f.Optional {
		last = append(last, own(p.words.Text("telegram.leave_empty"), controlData(opEmpty, step, "")))
	}
	return append(all, append(last, own(p.words.Text("telegram.back_sign"), controlData(opBack, step, "")),
		own(p.words.Text("adapter.cancel"), controlData(opCancel, step, ""))))
}

// onPage is how many options stand on a page.
const onPage = 8

// options are what can be chosen at a field now.
func (s *sheet) options(f connector.Field) []connector.Option {
	if f.Kind == connector.SearchField {
		return s.Found
	}
	return f.Options
}

// optionKeys are a page of the options, the chosen ones marked.
func (p painter) optionKeys(s *sheet, f connector.Field, step int) [][]models.InlineKeyboardButton {
	options := s.options(f)
	from := min(s.Page*onPage, len(options))
	to := min(from+onPage, len(options))
	var keys []models.InlineKeyboardButton
	for i := from; i < to; i++ {
		label := cut(oneLine(clean(options[i].Label)), longLabel)
		if label == "" {
			label = ellipsis
		}
		if slices.Contains(s.Values[f.ID], options[i].Value) {
			label = "✓ " + label
		}
		keys = append(keys, own(label, controlData(opOption, step, strconv.Itoa(i))))
	}
	var turn []models.InlineKeyboardButton
	if from > 0 {
		turn = append(turn, own("◂", controlData(opPage, step, strconv.Itoa(s.Page-1))))
	}
	if to < len(options) {
		turn = append(turn, own("▸", controlData(opPage, step, strconv.Itoa(s.Page+1))))
	}
	all := rows(keys)
	if len(turn) > 0 {
		all = append(all, turn)
	}
	return all
}

const (
	dateForm  = "2006-01-02"
	clockForm = "15:04"
)

// days are those to come.
func days(now time.Time) []string {
	var all []string
	for i := range 6 {
		all = append(all, now.AddDate(0, 0, i).Format(dateForm))
	}
	return all
}

// clocks are times around the one that is filled in, or after now.
func clocks(value string, now time.Time) []string {
	at, err := time.Parse(clockForm, value)
	if err != nil {
		at = now.Truncate(time.Hour).Add(2 * time.Hour)
	}
	var all []string
	for _, minutes := range []time.Duration{-60, -30, -15, 15, 30, 60} {
		all = append(all, at.Add(minutes*time.Minute).Format(clockForm))
	}
	return all
}

func values(all []string, step int) []models.InlineKeyboardButton {
	var keys []models.InlineKeyboardButton
	for _, v := range all {
		keys = append(keys, own(v, controlData(opValue, step, v)))
	}
	return keys
}
