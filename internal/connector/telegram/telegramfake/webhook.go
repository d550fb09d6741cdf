package telegramfake

import (
	"net"
	"net/url"
	"regexp"
	"slices"
	"time"
)

var (
	secretForm   = regexp.MustCompile(`^[A-Za-z0-9_-]*$`)
	webhookPorts = []string{"", "443", "80", "88", "8443"}
)

// webhook is where updates are pushed to; without a url they wait to be polled.
type webhook struct {
	url, secret string
	connections int
	changed     time.Time // of the last setWebhook
	failed      time.Time
	failure     string
	gone        time.Time // the first 410 in a row
	generation  int       // deliveries of an older one count for nothing
}

func setWebhook(s *Server, p params) (any, error) {
	if p["url"] == "" {
		return deleteWebhook(s, p)
	}
	if s.now().Sub(s.hook.changed) < time.Second && !s.o.NoLimits {
		return nil, tooMany(1)
	}
	s.hook.changed = s.now()
	next := webhook{
		url: p["url"], secret: p["secret_token"], connections: p.within("max_connections", 40, 1, 100),
		changed: s.hook.changed, generation: s.hook.generation + 1,
	}
	if next.same(s.hook) && !p.yes("drop_pending_updates") {
		s.allow(p["allowed_updates"])
		return answered{true, "Webhook is already set"}, nil
	}
	if err := s.checkWebhook(next); err != nil {
		return nil, err
	}
	if p.yes("drop_pending_updates") {
		s.queue.events = nil
	}
	s.allow(p["allowed_updates"])
	s.endPoll("terminated by setWebhook request")
	s.hook = next
	s.queue.ground()
	return answered{true, "Webhook was set"}, nil
}

func (h webhook) same(o webhook) bool {
	return h.url == o.url && h.secret == o.secret && h.connections == o.connections
}

func (s *Server) checkWebhook(h webhook) error {
	u, err := url.Parse(h.url)
	switch {
	case err != nil || u.Hostname() == "":
		return badRequest("invalid webhook URL specified")
	case len(h.secret) > 256:
		return badRequest("secret token is too long")
	case !secretForm.MatchString(h.secret):
		return badRequest("secret token contains unallowed characters")
	}
	ip := net.ParseIP(u.Hostname())
	local := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	switch {
	case local && s.o.LocalWebhooks:
		return nil
	case u.Scheme != "https":
		return badRequest("bad webhook: An HTTPS URL must be provided for webhook")
	case !slices.Contains(webhookPorts, u.Port()):
		return badRequest("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
	case local:
		return badRequest("bad webhook: IP address %s is reserved", u.Hostname())
	}
	return nil
}

func deleteWebhook(s *Server, p params) (any, error) {
	if p.yes("drop_pending_updates") {
		s.queue.events = nil
	}
	s.allow(p["allowed_updates"])
	if s.hook.url == "" {
		return answered{true, "Webhook is already deleted"}, nil
	}
	s.dropWebhook()
	return answered{true, "Webhook was deleted"}, nil
}

func (s *Server) dropWebhook() {
	s.hook = webhook{changed: s.hook.changed, generation: s.hook.generation + 1}
	s.queue.ground()
}

// ground forgets what earlier deliveries did.
func (q *queue) ground() {
	for _, e := range q.events {
		e.flying, e.due, e.delay, e.fails = false, time.Time{}, 0, 0
	}
}

func getWebhookInfo(s *Server, _ params) (any, error) {
	s.queue.expire(s.now())
	out := map[string]any{
		"url": s.hook.url, "has_custom_certificate": false, "pending_update_count": len(s.queue.events),
	}
	if s.hook.url != "" {
		out["max_connections"] = s.hook.connections
	}
	if !s.hook.failed.IsZero() {
		out["last_error_date"], out["last_error_message"] = s.hook.failed.Unix(), s.hook.failure
	}
	if names := s.asked(); !slices.Equal(names, s.askedBy(defaultUpdates())) {
		out["allowed_updates"] = names
	}
	return out, nil
}

func (s *Server) asked() []string { return s.askedBy(s.poll.allowed) }

func (s *Server) askedBy(allowed map[string]bool) []string {
	var names []string
	for _, k := range updateKinds {
		if allowed[k] {
			names = append(names, k)
		}
	}
	return names
}

// AllowedUpdates are the kinds of updates that the bot gets now.
func (s *Server) AllowedUpdates() []string {
	defer s.lock()()
	return s.asked()
}

// WebhookURL is where updates go, empty when they are polled.
func (s *Server) WebhookURL() string {
	defer s.lock()()
	return s.hook.url
}
