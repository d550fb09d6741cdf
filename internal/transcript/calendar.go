package transcript

import (
	"net/url"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"experthour/internal/session"
	"experthour/internal/wording"
)

// Calendar is the hour as an iCalendar file. The entry keeps its UID for life and
// its SEQUENCE rises with the session's version, so a calendar that has it follows
// when the hour is moved or cancelled. stamp is when the file is made.
func Calendar(s session.Session, o Options, stamp time.Time) []byte {
	c := ics.NewCalendarFor("Expert hour")
	c.SetMethod(ics.MethodPublish)
	e := c.AddEvent(uid(s.ID, o.PublicURL))
	e.SetDtStampTime(stamp)
	e.SetSequence(int(s.Version))
	e.SetStartAt(s.Start)
	e.SetEndAt(s.End)
	e.SetSummary(session.CleanLine(s.Title))
	e.SetDescription(description(s))
	e.SetStatus(ics.ObjectStatusConfirmed)
	if s.State == session.Cancelled {
		e.SetStatus(ics.ObjectStatusCancelled)
	}
	if home := SessionURL(o.PublicURL, s.ID); home != "" {
		e.SetURL(home)
		e.SetLocation(home)
	}
	return []byte(c.Serialize(ics.WithNewLineWindows))
}

func uid(id session.ID, public string) string {
	host := "experthour.invalid"
	if u, err := url.Parse(public); err == nil && SessionURL(public, id) != "" {
		host = u.Hostname()
	}
	return string(id) + "@" + host
}

// description is the topic and who answers. CleanText leaves no CR, which the
// library would pass through.
func description(s session.Session) string {
	w := wording.In(s.Language)
	lines := w.CalledOff(s.CalledOff)
	if s.Topic != "" {
		lines = append(lines, s.Topic)
	}
	var experts []string
	for _, e := range s.Experts {
		experts = append(experts, person(string(e.Name), e.Office))
	}
	lines = append(lines, w.Text("transcript.experts")+": "+strings.Join(experts, "; "))
	return session.CleanText(strings.Join(lines, "\n\n"))
}
