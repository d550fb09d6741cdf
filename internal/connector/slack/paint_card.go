package slack

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"

	"github.com/slack-go/slack"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// message is what a card or a call looks like in Slack.
type message struct {
	text   string // for notifications and screen readers; escaped
	blocks []slack.Block
	key    string // opaque
}

// eventType marks messages of this program in their metadata.
const eventType = "expert_hour"

// options are what every post and edit carries. Nothing is guessed from the text:
// no link previews, no names.
func (m message) options() []slack.MsgOption {
	opts := []slack.MsgOption{
		slack.MsgOptionText(m.text, false), slack.MsgOptionBlocks(m.blocks...), slack.MsgOptionParse(false),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}
	if m.key != "" {
		opts = append(opts, slack.MsgOptionMetadata(slack.SlackMetadata{EventType: eventType, EventPayload: map[string]any{"key": m.key}}))
	}
	return opts
}

// opaque stands for a key where everybody in the workspace can read it.
func opaque(key string) string {
	sum := sha256.Sum256([]byte("eh-slack-1:" + key))
	return "eh-" + base64.RawURLEncoding.EncodeToString(sum[:15])
}

func callKey(c connector.Card) string { return fmt.Sprintf("%s call %d", c.Key, c.Call.Number) }

// card draws a card. The key stands in the metadata and as the id of the first block,
// for whoever may read only one of them.
func (p painter) card(c connector.Card) message {
	m := message{text: notice(c), key: opaque(c.Key)}
	actions := p.actions("b", c.Buttons, c.More)
	if c.Folded {
		m.blocks = []slack.Block{p.folded(c, m.key)}
	} else {
		title := slack.NewHeaderBlock(label(c.Title, mostHeader), slack.HeaderBlockOptionBlockID(m.key))
		m.blocks = append([]slack.Block{title}, p.lines(c.Lines, mostBlocks-1-len(actions), mostMessage)...)
	}
	m.blocks = append(m.blocks, actions...)
	return m
}

// notice is the card in a line, escaped.
func notice(c connector.Card) string {
	text := head(c.Title, mostNotice)
	for _, l := range c.Lines {
		if l.Kind == connector.Quote && !c.Folded {
			text += ": " + head(l.Text, mostNotice)
			break
		}
	}
	return announce(oneLine(text), mostNotice)
}

// mostInContext bounds the elements of a context block.
const mostInContext = 10

// folded is one line: the title, and every line with its link.
func (p painter) folded(c connector.Card, id string) slack.Block {
	elements := []slack.MixedElement{label(c.Title, mostHeader)}
	for _, l := range c.Lines {
		l.Text = oneLine(head(l.Text, mostHeader))
		es := p.small(l, mostHeader)
		if len(elements)+len(es) > mostInContext {
			break
		}
		elements = append(elements, es...)
	}
	return slack.NewContextBlock(id, elements...)
}

// account is the form of Slack's user ids: only these can be called.
var account = regexp.MustCompile(`^[UW][A-Z0-9]{2,30}$`)

func mentions(to []session.UserRef) string {
	var b strings.Builder
	for _, u := range to {
		if account.MatchString(string(u)) && b.Len() < mostSection/2 {
			b.WriteString("<@" + string(u) + "> ")
		}
	}
	return strings.TrimSpace(b.String())
}

// call draws what somebody is told in the thread of a card: with the question in it,
// so that the notification on a telephone is enough.
func (p painter) call(c connector.Card) message {
	to := mentions(c.Call.To)
	m := message{key: opaque(callKey(c))}
	m.text = strings.TrimSpace(to + " " + announce(c.Call.Text+"\n"+c.Call.Quote, mostSection/2))
	first := markup(to)
	if to == "" {
		first = label(c.Title, mostHeader)
	}
	m.blocks = []slack.Block{
		slack.NewSectionBlock(first, nil, nil, slack.SectionBlockOptionBlockID(m.key)),
		section(plain(c.Call.Text, mostSection)),
	}
	if c.Call.Quote != "" {
		m.blocks = append(m.blocks, section(plain(c.Call.Quote, mostSection)))
	}
	return m
}

// told draws what one person is told in private.
func (p painter) told(say string, buttons []connector.Button) message {
	m := message{text: announce(oneLine(head(say, mostNotice)), mostNotice)}
	actions := p.actions("b", buttons, nil)
	m.blocks = append(p.paragraphs(say, mostBlocks-len(actions)), actions...)
	return m
}

// paragraphs draws a long text in as many sections as it needs. An address alone can
// be followed.
func (p painter) paragraphs(text string, room int) []slack.Block {
	if address := webAddress(strings.TrimSpace(text)); address != "" && !strings.ContainsAny(strings.TrimSpace(text), " \n") {
		return []slack.Block{section(markup(anchor(address, text, mostSection/2)))}
	}
	var lines []connector.Line
	for _, part := range pieces(text, room+1) {
		lines = append(lines, connector.Line{Kind: connector.Quote, Text: part})
	}
	return p.lines(lines, room, mostMessage)
}
