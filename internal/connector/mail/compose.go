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
// people and programs see that one came twice; all letters about a question are a thread,
// which begins with that of its asker, where there is one.
func (m *Mail) compose(p connector.Post) (*gomail.Msg, string, error) {
	about, domain := m.tag(p.Recipient.About), m.domain()
	_, attempt, known := strings.Cut(p.Key, ":")
	if !known {
		attempt = p.Key
	}
	id := about + "." + strange.ReplaceAllString(attempt, ".") + "@" + domain
	thread := []string{"<" + threadOf(p.Recipient.About) + "@" + domain + ">"}
	if isID(p.Original.Message) {
		thread = append(thread, "<"+string(p.Original.Message)+">")
	}
	letter, err := m.envelope(p.Recipient.To, id, thread, about)
	if err != nil {
		return nil, "", err
	}
	letter.SetGenHeader("Auto-Submitted", "auto-generated")
	letter.SetDateWithValue(p.Approved)
	write(letter, p)
	return letter, id, nil
}

// envelope is a letter without its text: to whom, and in which thread. about is the tag of
// the question, to which what comes back is addressed where that is possible.
func (m *Mail) envelope(to, id string, thread []string, about string) (*gomail.Msg, error) {
	l := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	err := errors.Join(l.From(m.account.From), l.To(to))
	if back, ok := m.plus(about); ok {
		err = errors.Join(err, l.EnvelopeFrom(back), l.ReplyTo(back))
	}
	if err != nil {
		return nil, err
	}
	l.SetMessageIDWithValue(id)
	if len(thread) > 0 {
		l.SetGenHeader(gomail.HeaderInReplyTo, thread[len(thread)-1])
		l.SetGenHeader(gomail.HeaderReferences, strings.Join(thread, " "))
	}
	return l, nil
}

// write fills in what its reader sees, and how they get no more of it.
func write(m *gomail.Msg, p connector.Post) {
	w := wording.In(p.Language)
	m.Subject(w.Text("mail.subject", "number", p.Number))
	foot := w.Text("mail.why", "number", p.Number)
	if p.Recipient.Leave != "" {
		m.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+p.Recipient.Leave+">")
		m.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
		foot += " " + w.Text("mail.leave") + " " + p.Recipient.Leave
	}
	m.SetBodyString(gomail.TypeTextPlain, p.Text+"\n\n-- \n"+foot+"\n")
	m.AddAlternativeString(gomail.TypeTextHTML, `<!DOCTYPE html><html lang="`+string(p.Language)+`"><meta charset="utf-8"><body><p>`+
		markup(p.Text)+`</p><hr><p>`+markup(foot)+`</p></body></html>`)
}

// strange is what stands in no Message-ID of ours.
var strange = regexp.MustCompile(`[^a-zA-Z0-9-]+`)

// link is a web address, without what ends the sentence.
var link = regexp.MustCompile(`https?://[^\s<>"&']*[^\s<>"&'.,;:!?)]`)

// markup is text as HTML: escaped, with its lines and its addresses.
func markup(text string) string {
	escaped := link.ReplaceAllString(html.EscapeString(text), `<a href="$0">$0</a>`)
	return strings.ReplaceAll(escaped, "\n", "<br>\n")
}
