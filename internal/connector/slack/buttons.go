package slack

import (
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
)

const (
	inRow        = 5  // buttons that a telephone shows without scrolling; our choice
	mostElements = 25 // of one actions block
	mostOverflow = 5
	mostOptions  = 100
)

// actions draws buttons: the first ones as such, the rest behind a menu. name is that of their blocks.
func (p painter) actions(name string, buttons, more []connector.Button) []slack.Block {
	shown, rest := split(buttons, more)
	elements := p.buttons(shown)
	if menu := p.menu(rest); menu != nil {
		elements = append(elements, menu)
	}
	var blocks []slack.Block
	for chunk := range slices.Chunk(elements, mostElements) {
		blocks = append(blocks, slack.NewActionBlock(fmt.Sprintf("%s%d", name, len(blocks)), chunk...))
	}
	return blocks
}

// split says which buttons show and which go behind the menu: of those for which the
// card has room the first, and the others with what cannot stand in a menu; of the rest
// none, but for a link. A menu with a single one of the former would only cost a press.
func split(buttons, more []connector.Button) (shown, rest []connector.Button) {
	fit := min(len(buttons), inRow)
	shown = slices.Clone(buttons[:fit])
	for _, b := range buttons[fit:] {
		if b.Confirm != "" || b.URL != "" || len(buttons) == fit+1 && len(more) == 0 {
			shown = append(shown, b)
		} else {
			rest = append(rest, b)
		}
	}
	for _, b := range more {
		if b.URL != "" {
			shown = append(shown, b)
		} else {
			rest = append(rest, b)
		}
	}
	return shown, rest
}

func (p painter) buttons(bs []connector.Button) []slack.BlockElement {
	var elements []slack.BlockElement
	for _, b := range bs {
		id := fmt.Sprintf("a%d", len(elements))
		if address := webAddress(b.URL); address != "" {
			elements = append(elements, linkButton(id, address, b.Label))
		} else if b.Action != "" {
			elements = append(elements, p.button(id, b))
		}
	}
	return elements
}

func (p painter) button(id string, b connector.Button) slack.BlockElement {
	e := slack.NewButtonBlockElement(id, b.Action, label(b.Label, mostButton)).WithStyle(style(b.Style))
	if b.Confirm != "" {
		e.WithConfirm(p.confirm(b))
	}
	return e
}

func (p painter) confirm(b connector.Button) *slack.ConfirmationBlockObject {
	c := slack.NewConfirmationBlockObject(label(b.Label, 100), plain(b.Confirm, mostConfirm), label(b.Label, 30),
		label(p.words.Text("adapter.cancel"), 30))
	if b.Style == connector.Danger {
		c.WithStyle(slack.StyleDanger)
	}
	return c
}

func style(s connector.Style) slack.Style {
	switch s {
	case connector.Primary:
		return slack.StylePrimary
	case connector.Danger:
		return slack.StyleDanger
	case connector.Plain:
	}
	return slack.StyleDefault
}

// menu holds the rest of the buttons. An overflow takes five; that it takes a single one
// is not sure.
func (p painter) menu(rest []connector.Button) slack.BlockElement {
	if len(rest) == 0 {
		return nil
	}
	var options []*slack.OptionBlockObject
	for _, b := range rest[:min(len(rest), mostOptions)] {
		options = append(options, option(menuValue(b), b.Label))
	}
	if len(options) > 1 && len(options) <= mostOverflow {
		return slack.NewOverflowBlockElement(menuID, options...)
	}
	return slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, label(p.words.Text("slack.more"), mostButton), menuID, options...)
}

// askFirst stands before the action of a choice that is asked about before it counts. A
// menu has one question for all of its choices, so a form of our own asks.
const askFirst = "?"

func menuValue(b connector.Button) string {
	if b.Confirm != "" {
		return askFirst + b.Action
	}
	return b.Action
}

func option(value, text string) *slack.OptionBlockObject {
	return slack.NewOptionBlockObject(value, label(text, mostOption), nil)
}
