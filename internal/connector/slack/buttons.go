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
	// linkValue is what a choice carries that only leads somewhere: pressing it is no press.
	linkValue = "-"
)

// actions draws buttons: the first ones as such, the rest behind a menu. A menu
// cannot ask before a single choice counts, so what needs that stays a button.
func (p painter) actions(buttons, more []connector.Button) []slack.Block {
	shown, rest := split(buttons, more)
	elements := p.buttons(shown)
	if menu := p.menu(rest); menu != nil {
		elements = append(elements, menu)
	}
	var blocks []slack.Block
	for chunk := range slices.Chunk(elements, mostElements) {
		blocks = append(blocks, slack.NewActionBlock(fmt.Sprintf("b%d", len(blocks)), chunk...))
	}
	return blocks
}

// split says which buttons show and which go behind the menu. A menu with a single
// choice would only cost a press.
func split(buttons, more []connector.Button) (shown, rest []connector.Button) {
	fit := min(len(buttons), inRow)
	shown = slices.Clone(buttons[:fit])
	var last []connector.Button
	for _, b := range slices.Concat(buttons[fit:], more) {
		if b.Confirm != "" || b.URL != "" {
			last = append(last, b)
		} else {
			rest = append(rest, b)
		}
	}
	if len(rest) == 1 {
		last, rest = append(rest, last...), nil
	}
	return append(shown, last...), rest
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
	c := slack.NewConfirmationBlockObject(label(b.Label, 100), plain(b.Confirm, mostConfirm), label(b.Label, 30), label(p.words.Cancel, 30))
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

// menu holds the rest of the buttons: an overflow takes five.
func (p painter) menu(rest []connector.Button) slack.BlockElement {
	if len(rest) == 0 {
		return nil
	}
	var options []*slack.OptionBlockObject
	for _, b := range rest[:min(len(rest), mostOptions)] {
		options = append(options, option(b.Action, b.Label))
	}
	if len(options) <= mostOverflow {
		return slack.NewOverflowBlockElement(menuID, options...)
	}
	return slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, label(p.words.More, mostButton), menuID, options...)
}

func option(value, text string) *slack.OptionBlockObject {
	return slack.NewOptionBlockObject(value, label(text, mostOption), nil)
}
