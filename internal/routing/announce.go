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

// minutesFor is how long after its end the transcript of an hour is still brought out where it
// does not stand yet.
const minutesFor = 7 * 24 * time.Hour

// Announcements lists what may stand about the session itself at each of its places, in
// words of the catalogue and of the hour as it is now. One thing at a time has a text:
// what was missed is not told later.
func (p Planner) Announcements(s session.Session, now time.Time) []session.Rendered {
	var rs []session.Rendered
	all := p.news(s, now)
	for _, t := range s.Targets {
		l := p.limits(t.Connector)
		if !l.Announces || t.Place == "" {
			continue
		}
		for _, n := range all {
			if !toldAt(n.News.Topic(), l, s, t) {
				continue
			}
			r := session.Rendered{Language: s.Language}
			r.Slot = slot(t, n.News)
			told, follows := n.told, n.follows && stands(s, r.Slot)
			if l.ToldOnce {
				told, follows = told && untold(n.News, s, t), false
			}
			if told || follows {
				r = p.render(r.Slot, s.Language, n.text)
			}
			rs = append(rs, r)
		}
		if m := pinned(s, t); m != "" && l.Pins {
			slot := session.Slot{Kind: session.KindPinned, Connector: t.Connector, Place: t.Place}
			rs = append(rs, session.Rendered{Slot: slot, Language: s.Language, Text: string(m)})
		}
	}
	return rs
}

// pinned is the announcement that all are to see at a place while the hour lasts: that it is on,
// or else when it will be.
func pinned(s session.Session, t session.Target) session.MessageID {
	if !t.Pin || s.State.Held() || s.State == session.Cancelled {
		return ""
	}
	for _, n := range []session.News{session.NewsOpen, session.NewsScheduled} {
		if c, _ := s.Copies.Get(slot(t, n).Key()); c.Out != 0 && c.Wanted != 0 {
			return c.Message
		}
	}
	return ""
}

// toldAt reports whether a piece of news is told at a place at all.
func toldAt(n session.News, l connector.Limits, s session.Session, t session.Target) bool {
	switch n {
	case session.NewsMoved:
		return (l.EditsQuietly || l.ToldOnce) && toldOther(s, t)
	case session.NewsTranscript:
		return l.Transcripts
	case session.NewsClosed: // what an earlier version told stays
		return !l.ToldOnce && !l.Transcripts || stands(s, slot(t, n))
	case session.NewsEnding:
		return !l.ToldOnce
	}
	return true
}

// untold reports whether a piece of news is still to be posted where nothing that stands can be
// changed: that there is an hour once, and what makes that untrue only after it.
func untold(n session.News, s session.Session, t session.Target) bool {
	announced := stands(s, slot(t, session.NewsScheduled)) || stands(s, slot(t, session.NewsOpen))
	if first := n == session.NewsScheduled || n == session.NewsOpen; first == announced {
		return false
	}
	return !stands(s, slot(t, n))
}

// slot is the place of a piece of news.
func slot(t session.Target, n session.News) session.Slot {
	return session.Slot{Kind: session.KindAnnouncement, Connector: t.Connector, Place: t.Place, News: n}
}

// stands reports whether an announcement is out.
func stands(s session.Session, slot session.Slot) bool {
	c, _ := s.Copies.Get(slot.Key())
	return c.Out != 0
}

// toldOther reports whether another start was told at a place than it is now.
func toldOther(s session.Session, t session.Target) bool {
	told, _ := s.Copies.Get(slot(t, session.NewsScheduled).Key())
	moved, _ := s.Copies.Get(slot(t, session.NewsAt(session.NewsMoved, s.Start)).Key())
	return told.Out != 0 && told.Out < s.Moved || moved.Wanted != 0
}

// newsItem is one thing that may be told about a session, and whether it is now. What follows
// is corrected where it stands.
type newsItem struct {
	session.News
	told, follows bool
	text          text
}

// news lists what may stand about a session. That it was moved, and when it ends, is told
// again for every new time, and what was told for another one is not in the list.
func (p Planner) news(s session.Session, now time.Time) []newsItem {
	w, zone := wording.In(s.Language), s.Location()
	link := p.session(s)
	tell := func(body, link string) text {
		return text{body: body, rich: []frame{{s.Title, lines(link, tags(p.Hashtags))}, {s.Title, link}}, tight: []frame{{"", link}}}
	}
	span, end := w.Span(s.Start.In(zone), s.End.In(zone)), w.Clock(s.End.In(zone))
	last := s.State == session.Open && slices.Contains(s.Reminded, session.RemindEnd)
	edited := s.Last == session.Edit
	over, fresh := s.State.Held(), now.Sub(s.Closed) < newsFor
	all := []newsItem{
		{session.NewsScheduled, s.State == session.Scheduled, edited,
			tell(lines(span, experts(w, s), s.Topic, w.Text("announce.ask_from", "time", session.Since(s.AskFrom.In(zone)))), link)},
		{session.NewsOpen, s.State == session.Open && !last, edited,
			tell(lines(w.Text("announce.open", "time", end), experts(w, s)), link)},
		{session.NewsAt(session.NewsEnding, s.End), last, edited, tell(w.Text("announce.ending", "time", end), link)},
		{session.NewsClosed, over && fresh, false, tell(w.Text("announce.closed"), p.transcript(s))},
		p.minutes(w, s, now),
		{session.NewsCancelled, s.State == session.Cancelled && fresh, false, tell(calledOff(w, s, w.Text("announce.cancelled")), link)},
	}
	if s.Moved != 0 {
		all = append(all, newsItem{session.NewsAt(session.NewsMoved, s.Start), s.State == session.Scheduled, false,
			tell(w.Text("announce.moved", "when", span), link)})
	}
	return all
}

// minutes is the transcript, once the record is sealed. Its text names the state of the
// questions, so that it is brought out anew when anything of them changes: a correction, or what
// is withdrawn or forgotten.
func (p Planner) minutes(w wording.Words, s session.Session, now time.Time) newsItem {
	n := newsItem{News: session.NewsTranscript}
	sealed := s.State == session.Archived && len(s.Seals) > 0
	n.told, n.follows = sealed && now.Sub(s.Closed) < minutesFor, true
	said := w.Text("announce.transcript")
	if state := string(s.Minutes); state != "" { // else it is only foreseen
		said = lines(said, w.Text("announce.state", "state", state[:min(len(state), shownState)]))
	}
	n.text = text{body: said, rich: []frame{{s.Title, p.transcript(s)}}, tight: []frame{{"", p.transcript(s)}}}
	return n
}

// shownState is how much of a hash tells two states of a record apart.
const shownState = 12

// calledOff adds to a sentence that an hour is cancelled why, and when it will be instead.
func calledOff(w wording.Words, s session.Session, said string) string {
	return lines(append([]string{said}, w.CalledOff(s.CalledOff)...)...)
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

// transcript is the public address of its transcript.
func (p Planner) transcript(s session.Session) string {
	if p.PublicURL == "" {
		return ""
	}
	return p.session(s) + "/transcript"
}

// session is the public address of an hour.
func (p Planner) session(s session.Session) string {
	if p.PublicURL == "" {
		return ""
	}
	return strings.TrimRight(p.PublicURL, "/") + "/s/" + string(s.ID)
}
