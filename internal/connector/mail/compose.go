package mail

import (
	"errors"
	"html"
	"regexp"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"experthour/internal/connector"
	"experthour/internal/wording"
)

// compose makes the letter and its Message-ID. The same post gives the same id, by which
// people and programs see that one came twice; all letters about a question are a thread.
func compose(from string, p connector.Post) (*gomail.Msg, string, error) {
	w := wording.In(p.Language)
	domain := from[strings.LastIndexByte(from, '@')+1:]
	id, thread := idOf(p.Key, domain), idOf(strings.SplitN(p.Key, ":", 2)[0], domain)
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := errors.Join(m.From(from), m.To(p.Recipient.To)); err != nil {
		return nil, "", err
	}
	m.Subject(w.Text("mail.subject", "number", p.Number))
	m.SetMessageIDWithValue(id)
	m.SetGenHeader(gomail.HeaderInReplyTo, "<"+thread+">")
	m.SetGenHeader(gomail.HeaderReferences, "<"+thread+">")
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetDateWithValue(p.Approved)
	foot := w.Text("mail.why", "number", p.Number)
	if p.Recipient.Leave != "" {
		m.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+p.Recipient.Leave+">")
		m.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
		foot += " " + w.Text("mail.leave") + " " + p.Recipient.Leave
	}
	m.SetBodyString(gomail.TypeTextPlain, p.Text+"\n\n-- \n"+foot+"\n")
	m.AddAlternativeString(gomail.TypeTextHTML, `<!DOCTYPE html><html lang="`+string(p.Language)+`"><meta charset="utf-8"><body><p>`+
		markup(p.Text)+`</p><hr><p>`+markup(foot)+`</p></body></html>`)
	return m, id, nil
}

var strange = regexp.MustCompile(`[^a-zA-Z0-9-]+`)

// idOf is a Message-ID without its brackets: of the key's letters, digits and hyphens.
func idOf(key, domain string) string { return strange.ReplaceAllString(key, ".") + "@" + domain }

// link is a web address, without what ends the sentence.
var link = regexp.MustCompile(`https?://[^\s<>"&']*[^\s<>"&'.,;:!?)]`)

// markup is text as HTML: escaped, with its lines and its addresses.
func markup(text string) string {
	escaped := link.ReplaceAllString(html.EscapeString(text), `<a href="$0">$0</a>`)
	return strings.ReplaceAll(escaped, "\n", "<br>\n")
}
