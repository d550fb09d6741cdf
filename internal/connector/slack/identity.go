package slack

import (
	"context"
	"net/url"
	"strings"
)

// identity is who the bot is, from auth.test.
type identity struct {
	site string // the workspace's address, with a slash at its end
	user string
	bot  string
}

// whoAmI asks Slack once; a failure is asked again the next time.
func (s *Slack) whoAmI(ctx context.Context) (identity, error) {
	s.mu.Lock()
	known := s.me
	s.mu.Unlock()
	if known != nil {
		return *known, nil
	}
	var me identity
	err := s.request(ctx, "auth.test", func(ctx context.Context) error {
		r, err := s.api.AuthTestContext(ctx)
		if err != nil {
			return err
		}
		if r.UserID == "" {
			return errEmpty
		}
		me = identity{site: siteOf(r.URL), user: r.UserID, bot: r.BotID}
		return nil
	})
	if err != nil {
		return identity{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.me = &me
	return me, nil
}

// siteOf accepts only the address of a web site.
func siteOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return ""
	}
	return strings.TrimRight(raw, "/") + "/"
}

// own reports whether a message is the bot's.
func (me identity) own(user, bot string) bool {
	return user != "" && user == me.user || bot != "" && bot == me.bot
}

// painter draws for the channel; links to messages need the workspace's address.
func (s *Slack) painter(ctx context.Context) (painter, error) {
	me, err := s.whoAmI(ctx)
	if err != nil {
		return painter{}, notSent(err)
	}
	return painter{words: s.words, site: me.site, place: s.opts.Channel}, nil
}

// blindPainter draws at once; where auth.test was never answered, it draws links to
// messages as their text.
func (s *Slack) blindPainter() painter {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := painter{words: s.words, place: s.opts.Channel}
	if s.me != nil {
		p.site = s.me.site
	}
	return p
}
