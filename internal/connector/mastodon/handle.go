package mastodon

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

func (m *Mastodon) wants(t Trigger) bool {
	return len(m.settings.Triggers) == 0 || slices.Contains(m.settings.Triggers, t)
}

// Handle makes a question of a post, or tells what became of one.
func (m *Mastodon) Handle(ctx context.Context, raw []byte) error {
	var l letter
	if json.Unmarshal(raw, &l) != nil || l.Status.ID == "" && l.Gone == "" {
		return receive.ErrUndecodable
	}
	if l.Gone != "" {
		return m.removed(ctx, l.Gone)
	}
	self, err := m.me(ctx)
	if err != nil {
		return err
	}
	if l.Again {
		return m.again(ctx, l, self)
	}
	if l.Called && !l.Status.mentions(self.ID) { // some servers leave the list of mentions empty
		l.Status.Mentions = append(l.Status.Mentions, self)
	}
	return m.asked(ctx, l.Status, self)
}

// removed tells that a post is gone; of one that nobody knows, its question may come yet.
func (m *Mastodon) removed(ctx context.Context, id string) error {
	err := m.env.Inbox.Removed(ctx, m.at(id))
	if session.KindOf(err) == session.NotFound {
		return receive.ErrEarly
	}
	return receive.Passed(err)
}

func (m *Mastodon) at(id string) session.Origin {
	return session.Origin{Connector: m.Name, Place: place, Message: session.MessageID(id)}
}

func (m *Mastodon) asked(ctx context.Context, s status, self person) error {
	if s.Account.ID == self.ID || s.Reblog != nil {
		return nil
	}
	text := s.question(self, m.settings.Hashtag)
	if text == "" {
		return nil
	}
	hour, is, err := m.trigger(ctx, s, self)
	if err != nil || !is {
		return err
	}
	o := m.at(s.ID)
	o.User, o.URL = session.UserRef(s.Account.ID+" "+s.Account.Acct), s.URL
	o.Private = s.Visibility == direct || s.Visibility == "private"
	_, err = m.env.Inbox.Asked(ctx, connector.Asked{Origin: o, Key: s.ID, Text: text, With: s.with(), Language: m.language(s.Language),
		At: s.CreatedAt, Edited: s.EditedAt, Session: hour})
	if err != nil {
		return receive.Passed(err)
	}
	return m.enclose(ctx, o, s)
}

func (m *Mastodon) language(code string) session.Language {
	code, _, _ = strings.Cut(code, "-")
	for _, l := range []session.Language{session.Latvian, session.English} {
		if code == string(l) {
			return l
		}
	}
	return m.env.Language
}

// trigger tells a question from talk. Apps put everybody of a thread before a reply, so a
// mention in a reply to somebody else counts only where it comes first; and a reply to us
// is thanks as often as a question, unless it stands under an announcement.
func (m *Mastodon) trigger(ctx context.Context, s status, self person) (hour session.ID, is bool, err error) {
	is = m.wants(TriggerHashtag) && s.tagged(m.settings.Hashtag)
	if m.wants(TriggerMention) && s.mentions(self.ID) {
		is = is || s.ReplyTo == "" || s.ReplyToWho != self.ID && begins(s.text(), self.Acct)
	}
	if s.ReplyTo == "" || s.ReplyToWho != self.ID && s.ReplyToWho != "" || !is && !m.wants(TriggerReply) {
		return "", is, nil
	}
	hour, under, err := m.env.Inbox.Announced(ctx, m.at(s.ReplyTo), time.Time{})
	switch {
	case errors.Is(err, connector.ErrUnplaced) && is:
		return "", true, nil
	case err != nil || !under:
		return "", is, err
	}
	return hour, true, nil
}

func begins(text, acct string) bool {
	name, _, _ := strings.Cut(acct, "@")
	first, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	first, _, _ = strings.Cut(strings.TrimPrefix(first, "@"), "@")
	return strings.EqualFold(strings.TrimRight(first, ",:;\n"), name)
}

// again tells the new wording of a question and how many like it.
func (m *Mastodon) again(ctx context.Context, l letter, self person) error {
	o := m.at(l.Status.ID)
	if !l.Status.EditedAt.IsZero() {
		text := l.Status.question(self, m.settings.Hashtag)
		if err := receive.Passed(m.env.Inbox.Reworded(ctx, o, text, l.Status.EditedAt)); err != nil {
			return err
		}
	}
	return receive.Passed(m.env.Inbox.Liked(ctx, o, l.Status.Likes, l.Seen))
}

var _ connector.Checker = (*Mastodon)(nil)

// Check tries the account, and looks who is hidden from it.
func (m *Mastodon) Check(ctx context.Context) []connector.Finding {
	self, err := m.me(ctx)
	if f, is := m.untokened(err); is {
		return []connector.Finding{f}
	}
	if err != nil {
		return []connector.Finding{{ID: "mastodon.account", Args: []any{"detail", detail(err)}, Bad: true}}
	}
	facts, err := m.Learn(ctx)
	if err != nil {
		return []connector.Finding{{ID: "mastodon.server", Args: []any{"detail", detail(err)}, Bad: true}}
	}
	fs := []connector.Finding{{ID: "mastodon.works", Args: []any{"account", "@" + self.Acct, "most", facts.Most}}}
	return slices.Concat(fs, []connector.Finding{m.tryStream(ctx)}, m.policy(ctx), m.tryMedia(ctx), m.tryPin(ctx))
}

// tryStream looks whether what is written comes by itself.
func (m *Mastodon) tryStream(ctx context.Context) connector.Finding {
	ctx, stop := context.WithTimeout(ctx, tryFor)
	defer stop()
	base, err := m.streamsAt(ctx)
	up := false
	if err == nil {
		err = m.listen(ctx, base, func() { up = true; stop() }, func(context.Context, httpapi.Event) error { return nil })
	}
	if up {
		return connector.Finding{ID: "mastodon.streams"}
	}
	return connector.Finding{ID: "mastodon.polled", Args: []any{"detail", detail(err)}}
}

func detail(err error) string { return cmp.Or(connector.OutcomeOf(err).Detail, "?") }

// policies are the groups of strangers that a server can hide.
var policies = []string{"for_not_following", "for_not_followers", "for_new_accounts", "for_private_mentions", "for_limited_accounts"}

// policy looks whether mentions of strangers are held back; servers without one hold none.
func (m *Mastodon) policy(ctx context.Context) []connector.Finding {
	var said map[string]any
	if _, err := m.get(ctx, "/api/v2/notifications/policy", nil, &said); err != nil {
		return nil
	}
	for _, who := range policies {
		if v, ok := said[who].(string); ok && v != "accept" {
			return []connector.Finding{{ID: "mastodon.policy", Bad: true}}
		}
	}
	return nil
}
