package routing

import (
	"slices"
	"strings"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// newsFor is how long after its end the public is still told that an hour is over.
const newsFor = 24 * time.Hour

// Announcements lists what the public should be told about the session itself now, at
// each of its places: one thing at a time, in words of the catalogue and of the hour as
// it was scheduled. What was missed is not told later.
func (p Planner) Announcements(s session.Session, now time.Time) []connector.Announcement {
	what, t := p.news(s, now)
	if what == "" {
		return nil
	}
	var as []connector.Announcement
	for _, target := range s.Targets {
		if target.Place == "" || target.Connector == session.Page {
			continue
		}
		r := p.render(target.Connector, s.Language, t)
		key := what + "|" + string(target.Connector) + "|" + string(target.Place)
		as = append(as, connector.Announcement{Key: key, Target: target,
			Post: connector.Post{Key: string(s.ID) + ":" + key, Place: target.Place, Language: s.Language, Text: r.Text}})
	}
	return as
}

// news is what is new about a session, and how it is told.
func (p Planner) news(s session.Session, now time.Time) (what string, t text) {
	w, zone := wording.In(s.Language), s.Location()
	link := p.session(s)
	tell := func(body string, more ...string) text {
		return text{body: body, rich: []frame{{s.Title, lines(append(more, link, tags(p.Hashtags))...)}, {s.Title, link}}, tight: []frame{{"", link}}}
	}
	switch s.State {
	case session.Scheduled:
		span := w.Span(s.Start.In(zone), s.End.In(zone))
		return "scheduled", tell(lines(span, experts(w, s), s.Topic, w.Text("announce.ask_from", "time", s.AskFrom.In(zone))))
	case session.Open:
		if slices.Contains(s.Reminded, session.RemindEnd) {
			return "ending", tell(w.Text("announce.ending", "time", w.Clock(s.End.In(zone))))
		}
		return "open", tell(lines(w.Text("announce.open", "time", w.Clock(s.End.In(zone))), experts(w, s)))
	case session.Closed, session.Archived:
		if now.Sub(s.Closed) < newsFor {
			link += "/transcript"
			return "closed", tell(w.Text("announce.closed"))
		}
	case session.Cancelled:
		if now.Sub(s.Closed) < newsFor {
			return "cancelled", tell(w.Text("announce.cancelled"))
		}
	}
	return "", text{}
}

// experts names who answers.
func experts(w wording.Words, s session.Session) string {
	var names []string
	for _, e := range s.Experts {
		name := string(e.Name)
		if e.Office != "" {
			name += ", " + e.Office
		}
		names = append(names, name)
	}
	return w.Text("announce.experts", "names", strings.Join(names, "; "))
}

// session is the public address of an hour.
func (p Planner) session(s session.Session) string {
	if p.PublicURL == "" {
		return ""
	}
	return strings.TrimRight(p.PublicURL, "/") + "/s/" + string(s.ID)
}
