package telegram

import (
	"strings"

	"github.com/go-telegram/bot/models"

	"experthour/internal/connector"
)

// What a button carries is the action of the core, after marks that say where it
// stands; "~" begins the controls of the adapter's own. An action never begins with
// one of the marks, see connector.Action.
const (
	markAsk  = "?" // it has to be confirmed
	markForm = "=" // on a form
	markSay  = "!" // on a message to one person
	markOwn  = "~"

	showMore = "~more"
	showLess = "~less"
)

// pressed is what the data of a button says.
type pressed struct {
	ask    bool
	mark   string // markForm, markSay, or "" on a card
	action string
}

func readData(data string) pressed {
	var p pressed
	data, p.ask = strings.CutPrefix(data, markAsk)
	for _, mark := range []string{markForm, markSay} {
		if rest, ok := strings.CutPrefix(data, mark); ok {
			p.mark, data = mark, rest
		}
	}
	p.action = data
	return p
}

const (
	longestData = 64 // bytes
	// mostButtons keeps a keyboard under Telegram's 100 buttons and 10 KiB.
	mostButtons = 60
	// wide is how many units of labels have room beside each other on a telephone.
	wide    = 30
	mostRow = 3
)

// keyboard lays buttons out in rows of up to three. Buttons that carry nothing that
// Telegram takes are left out.
func keyboard(buttons []connector.Button, mark string) [][]models.InlineKeyboardButton {
	var keys []models.InlineKeyboardButton
	for _, b := range buttons[:min(len(buttons), mostButtons)] {
		if k, ok := key(b, mark); ok {
			keys = append(keys, k)
		}
	}
	return rows(keys)
}

// key is one button. One that has to be confirmed and has no room to say so is left
// out rather than pressed by accident.
func key(b connector.Button, mark string) (models.InlineKeyboardButton, bool) {
	label := cut(oneLine(clean(b.Label)), longLabel)
	if label == "" {
		label = ellipsis
	}
	k := models.InlineKeyboardButton{Text: label, Style: styles[b.Style]}
	if b.URL != "" {
		k.URL = webAddress(b.URL)
		return k, k.URL != ""
	}
	k.CallbackData = mark + b.Action
	if b.Confirm != "" {
		k.CallbackData = markAsk + k.CallbackData
	}
	return k, b.Action != "" && len(k.CallbackData) <= longestData
}

var styles = map[connector.Style]string{connector.Primary: "primary", connector.Danger: "danger"}

// rows fills each row as far as its labels have room.
func rows(keys []models.InlineKeyboardButton) [][]models.InlineKeyboardButton {
	var all [][]models.InlineKeyboardButton
	taken := wide
	for _, k := range keys {
		size := units(k.Text) + 2
		if len(all) == 0 || taken+size > wide || len(all[len(all)-1]) >= mostRow {
			all, taken = append(all, nil), 0
		}
		all[len(all)-1] = append(all[len(all)-1], k)
		taken += size
	}
	return all
}

// own is a button of the adapter.
func own(label, data string) models.InlineKeyboardButton {
	return models.InlineKeyboardButton{Text: label, CallbackData: data}
}

// cardKeyboard are the buttons of a card that have room, and the one that leads to the
// rest.
func (p painter) cardKeyboard(d drawn) [][]models.InlineKeyboardButton {
	all := keyboard(d.Buttons, "")
	if len(d.More) == 0 {
		return all
	}
	more := own(p.words.Text("telegram.more_sign"), showMore)
	if n := len(all); n > 0 && len(all[n-1]) < mostRow {
		all[n-1] = append(all[n-1], more)
		return all
	}
	return append(all, []models.InlineKeyboardButton{more})
}

// moreKeyboard are the rest of a card's buttons, and the one that leads back.
func (p painter) moreKeyboard(d drawn) [][]models.InlineKeyboardButton {
	return append(keyboard(d.More, ""), []models.InlineKeyboardButton{own(p.words.Text("telegram.back_sign"), showLess)})
}
