package slack

import (
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf16"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
)

// heaviest bounds the weight of a form's blocks: Slack refuses a view of more than
// 250 kB, and the rest of it needs some.
const heaviest = 240_000

// weight is how many bytes something has as JSON in its longest spelling, in which all
// but ASCII is written as \u and four digits.
func weight(v any) (n int) {
	raw, err := json.Marshal(v)
	if err != nil {
		return heaviest
	}
	for _, r := range string(raw) {
		if r < 0x80 {
			n++
		} else {
			n += 6 * utf16.RuneLen(r)
		}
	}
	return n
}

// fitting is how many of the blocks, from the first, have room.
func fitting(blocks []slack.Block, room, load int) (n int) {
	for _, b := range blocks {
		if load -= weight(b) + 1; n >= room || load < 0 {
			break
		}
		n++
	}
	return n
}

// whole draws every line of a form in full. Where that has no room, the end is left out
// and "…" says so; ok is false then, unless all that is missing are details.
func (p painter) whole(lines []connector.Line, room, load int) (blocks []slack.Block, ok bool) {
	var seen []int // how many blocks there must be for all up to a line to be seen
	for i, l := range lines {
		if len(blocks) <= room {
			blocks = append(append(blocks, p.entire(l, room+1)...), p.actions(fmt.Sprintf("l%d ", i), l.Buttons, nil)...)
		}
		seen = append(seen, len(blocks))
	}
	if fitting(blocks, room, load) == len(blocks) && len(blocks) <= room {
		return blocks, true
	}
	more := slack.NewContextBlock("", plain(ellipsis, mostSmall))
	fit := max(fitting(blocks, room-1, load-weight(more)), 0)
	ok = !slices.ContainsFunc(lines[lineAt(seen, fit):], func(l connector.Line) bool { return l.Kind != connector.Small })
	return append(blocks[:fit:fit], more), ok
}

// lineAt is the first line that is not seen whole when n blocks are.
func lineAt(seen []int, n int) int {
	if at := slices.IndexFunc(seen, func(need int) bool { return need > n }); at >= 0 {
		return at
	}
	return len(seen)
}

// entire draws a line without leaving out a word of it, in as many sections as it needs;
// more than most are enough to know that it has no room.
func (p painter) entire(l connector.Line, most int) []slack.Block {
	if l.Kind == connector.Small || l.Kind == connector.Head && p.fitsHead(l) || l.Kind == connector.Say && p.fitsSay(l) {
		return p.line(l, mostSection)
	}
	var blocks []slack.Block
	for _, part := range pieces(l.Text, most) {
		blocks = append(blocks, section(plain(part, mostSection)))
	}
	address := p.url(l.Link)
	if address == "" || l.Kind == connector.Quote && l.Link.Label == "" { // which leads to the whole, and here it is
		return blocks
	}
	return append(blocks, slack.NewContextBlock("", markup(anchor(address, p.labelOf(l.Link), mostButton))))
}

func (p painter) fitsHead(l connector.Line) bool {
	return escapedLength(clean(l.Text)) <= mostHeader && len(l.Text) <= len(head(l.Text, mostHeader))
}

func (p painter) fitsSay(l connector.Line) bool {
	if p.url(l.Link) != "" && l.Link.Label == "" {
		return p.fitsHead(l)
	}
	return escapedLength(clean(l.Text)) <= mostSection && len(l.Text) <= len(head(l.Text, mostSection))
}
