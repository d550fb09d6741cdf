package telegramfake

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// Button is an inline button.
type Button struct {
	Label string
	Data  string // comes back when somebody presses it
	URL   string // opens instead
	raw   map[string]any
}

// markup is a reply_markup. Only an inline keyboard stays with its message.
type markup struct {
	inline [][]Button
	other  string // the raw markup of another kind
}

const (
	mostButtons   = 100
	mostInARow    = 8
	longestData   = 64 // bytes
	longestMarkup = 10 << 10
)

func (k *markup) copy() [][]Button {
	if k == nil {
		return nil
	}
	return slices.Clone(k.inline)
}

func (k *markup) labels() []string {
	if k == nil {
		return nil
	}
	var out []string
	for _, b := range slices.Concat(k.inline...) {
		out = append(out, b.Label)
	}
	return out
}

func (k *markup) json() map[string]any {
	rows := [][]map[string]any{}
	for _, row := range k.inline {
		var out []map[string]any
		for _, b := range row {
			out = append(out, b.raw)
		}
		rows = append(rows, out)
	}
	return map[string]any{"inline_keyboard": rows}
}

// onlyLinks is what a copy in another chat keeps: buttons that call a bot stay behind.
func (k *markup) onlyLinks() *markup {
	if k == nil {
		return nil
	}
	var rows [][]Button
	for _, row := range k.inline {
		row = slices.DeleteFunc(slices.Clone(row), func(b Button) bool { return b.URL == "" })
		if len(row) > 0 {
			rows = append(rows, row)
		}
	}
	if rows == nil {
		return nil
	}
	return &markup{inline: rows}
}

// same compares two keyboards as "message is not modified" does.
func (k *markup) same(o *markup) bool {
	if k == nil || o == nil {
		return (k == nil || k.inline == nil) && (o == nil || o.inline == nil)
	}
	return slices.EqualFunc(k.inline, o.inline, func(a, b []Button) bool {
		return slices.EqualFunc(a, b, func(x, y Button) bool {
			return x.Label == y.Label && x.Data == y.Data && x.URL == y.URL
		})
	})
}

// readMarkup reads reply_markup; an edit takes inline keyboards only.
func readMarkup(p params, onlyInline bool) (*markup, error) {
	text := p["reply_markup"]
	if text == "" {
		return nil, nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &fields); err != nil {
		if json.Valid([]byte(text)) {
			return nil, badRequest("object expected as reply markup")
		}
		return nil, badRequest("can't parse reply keyboard markup JSON object")
	}
	if rows, ok := fields["inline_keyboard"]; ok {
		return readInline(text, rows)
	}
	if onlyInline && len(fields) > 0 {
		return nil, badRequest("inline keyboard expected")
	}
	for _, field := range []string{"keyboard", "remove_keyboard", "force_reply"} {
		if _, ok := fields[field]; ok {
			return &markup{other: text}, nil
		}
	}
	return nil, nil
}

func readInline(text string, rows json.RawMessage) (*markup, error) {
	var raw [][]map[string]any
	if err := json.Unmarshal(rows, &raw); err != nil {
		return nil, badRequest(`field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays`)
	}
	var k markup
	count := 0
	for _, row := range raw {
		var buttons []Button
		for _, r := range row {
			b, err := readButton(r)
			if err != nil {
				return nil, err
			}
			buttons = append(buttons, b)
		}
		if count += len(row); count > mostButtons || len(row) > mostInARow || len(text) > longestMarkup {
			return nil, badRequest("reply markup is too long")
		}
		if len(buttons) > 0 {
			k.inline = append(k.inline, buttons)
		}
	}
	if k.inline == nil {
		return nil, nil
	}
	return &k, nil
}

func readButton(raw map[string]any) (Button, error) {
	label, isText := raw["text"].(string)
	link, _ := raw["url"].(string)
	data, _ := raw["callback_data"].(string)
	b := Button{Label: label, Data: data, URL: link, raw: raw}
	switch {
	case !isText:
		return b, badRequest(`can't parse inline keyboard button: Can't find field "text"`)
	case strings.TrimSpace(label) == "":
		return b, badRequest("inline keyboard button text must be non-empty")
	case link != "":
		return b, checkLink(link)
	case len(data) > longestData:
		return b, badRequest("BUTTON_DATA_INVALID")
	case data != "", otherAction(raw):
		return b, nil
	}
	return b, badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
}

func otherAction(raw map[string]any) bool {
	for _, field := range []string{
		"switch_inline_query", "switch_inline_query_current_chat", "switch_inline_query_chosen_chat",
		"web_app", "login_url", "copy_text", "callback_game", "pay",
	} {
		if _, ok := raw[field]; ok {
			return true
		}
	}
	return false
}

// checkLink is the check of the real server: http, https or tg, and a host with a dot.
func checkLink(link string) error {
	if strings.HasPrefix(strings.ToLower(link), "tg:") {
		return nil
	}
	full := link
	if !strings.Contains(link, "://") {
		full = "http://" + link
	}
	u, err := url.Parse(full)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !strings.Contains(u.Hostname(), ".") {
		return badRequest("inline keyboard button URL '%s' is invalid: Wrong HTTP URL", link)
	}
	return nil
}
