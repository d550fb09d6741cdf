package slack

import (
	"net/url"
	"strings"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// Slack's limits on what is drawn, in characters where nothing else is said. Source:
// the reference of Block Kit.
const (
	mostBlocks  = 50 // of a message
	mostInView  = 100
	mostHeader  = 150
	mostSection = 3000
	mostSmall   = 2000 // of one text in a context block
	mostButton  = 75
	mostOption  = 75
	mostConfirm = 300 // text of a confirmation; its title has 100, its buttons 30
	mostURL     = 3000
	mostMessage = 12000 // of all texts of a message together; undocumented, msg_blocks_too_long beyond
	mostNotice  = 300   // of the text that a notification shows; our choice
)

// painter draws what the core says as Block Kit that Slack takes, whatever the
// length and the content. It is pure: the same for the same.
type painter struct {
	words wording.Words
	bare  bool            // empty fields say nothing
	site  string          // the workspace's address, for links to messages
	place session.PlaceID // of those messages
}

// url is where a link leads, or "" when it leads nowhere that may be shown.
func (p painter) url(l connector.Link) string {
	if l.Message != "" && p.site != "" {
		return p.site + "archives/" + string(p.place) + "/p" + strings.ReplaceAll(string(l.Message), ".", "")
	}
	return webAddress(l.URL)
}

// webAddress refuses what is no address of the web, and writes the characters that
// could end a link in Slack's markup in their other way.
func webAddress(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return ""
	}
	safe := strings.NewReplacer("|", "%7C", "<", "%3C", ">", "%3E", " ", "%20", "\"", "%22").Replace(clean(raw))
	if length(safe) > mostURL {
		return ""
	}
	return safe
}

// anchor is a link in Slack's markup.
func anchor(address, text string, most int) string {
	return "<" + escape(address) + "|" + escapeCut(oneLine(head(text, most)), most) + ">"
}

// lines draws paragraphs in at most room blocks and most characters altogether. What
// has no room is left out, and "…" says so.
func (p painter) lines(lines []connector.Line, room, most int) []slack.Block {
	var blocks []slack.Block
	for _, l := range lines {
		bs := p.line(l, max(most, 1))
		if len(blocks)+len(bs) > room || most <= 0 {
			blocks = blocks[:max(min(len(blocks), room-1), 0)]
			return append(blocks, slack.NewContextBlock("", plain(ellipsis, mostSmall)))
		}
		blocks = append(blocks, bs...)
		most -= min(length(head(l.Text, mostSection)), mostSection)
	}
	return blocks
}

func (p painter) line(l connector.Line, most int) []slack.Block {
	switch l.Kind {
	case connector.Head:
		return p.heading(l, min(most, mostHeader))
	case connector.Small:
		return []slack.Block{slack.NewContextBlock("", p.small(l, min(most, mostSmall))...)}
	case connector.Quote:
		return p.quote(l, min(most, mostSection))
	case connector.Say:
		return []slack.Block{p.say(l, min(most, mostSection))}
	}
	return nil
}

func (p painter) heading(l connector.Line, most int) []slack.Block {
	blocks := []slack.Block{slack.NewHeaderBlock(label(l.Text, most))}
	if address := p.url(l.Link); address != "" {
		blocks = append(blocks, slack.NewContextBlock("", markup(anchor(address, p.labelOf(l.Link), mostButton))))
	}
	return blocks
}

// small is a detail: its text, and its link behind it.
func (p painter) small(l connector.Line, most int) []slack.MixedElement {
	address := p.url(l.Link)
	switch {
	case address == "":
		return []slack.MixedElement{plain(l.Text, most)}
	case l.Link.Label == "" && l.Text != "":
		return []slack.MixedElement{markup(anchor(address, l.Text, min(most, mostButton*2)))}
	case l.Text == "":
		return []slack.MixedElement{markup(anchor(address, p.labelOf(l.Link), mostButton))}
	}
	return []slack.MixedElement{plain(l.Text, most), markup(anchor(address, l.Link.Label, mostButton))}
}

// say is the bot's own paragraph, with its link as a button beside it.
func (p painter) say(l connector.Line, most int) slack.Block {
	address := p.url(l.Link)
	switch {
	case address == "":
		return section(plain(l.Text, most))
	case l.Text == "":
		return section(markup(anchor(address, p.labelOf(l.Link), mostButton)))
	case l.Link.Label == "":
		return section(markup(anchor(address, l.Text, min(most, mostHeader))))
	}
	return slack.NewSectionBlock(plain(l.Text, most), nil, slack.NewAccessory(linkButton("link", address, l.Link.Label)))
}

// quote is somebody's text, letter by letter. A link without a label leads to the
// whole and shows only where the text was cut.
func (p painter) quote(l connector.Line, most int) []slack.Block {
	address := p.url(l.Link)
	whole := escapedLength(clean(head(l.Text, most))) <= most
	blocks := []slack.Block{section(plain(l.Text, most))}
	if address == "" || whole && l.Link.Label == "" {
		return blocks
	}
	return append(blocks, slack.NewContextBlock("", markup(anchor(address, p.labelOf(l.Link), mostButton))))
}

func (p painter) labelOf(l connector.Link) string {
	if strings.TrimSpace(l.Label) == "" {
		return p.words.Text("adapter.open")
	}
	return l.Label
}

func section(text *slack.TextBlockObject) *slack.SectionBlock {
	return slack.NewSectionBlock(text, nil, nil)
}

func linkButton(id, address, text string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(id, "", label(text, mostButton)).WithURL(address)
}
