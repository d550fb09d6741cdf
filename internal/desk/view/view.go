// Package view is what staff see, as values: the same for the desk in a chat and for the
// desk page, which only paint them and read back what people did.
//
// It knows the domain, the words and what a session's store can be asked. It must not
// know how anything is drawn: neither lines of a card nor HTML. It decides nothing
// either: who may do what comes from session.Allowed and its relatives.
package view

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"experthour/internal/connector"
	"experthour/internal/routing"
	"experthour/internal/screening"
	"experthour/internal/session"
	"experthour/internal/wording"
)

// Store is what the views read of session.Store.
type Store interface {
	List(ctx context.Context, id session.ID, l session.Listing) ([]session.Question, error)
	Damaged(id session.ID) []int
	Counts(ctx context.Context, id session.ID) (session.Counts, error)
	Questions(ctx context.Context, id session.ID, numbers ...int) ([]session.Question, error)
	Updates(ctx context.Context, since map[session.ID]session.Update) (map[session.ID]session.Update, error)
	Tally(ctx context.Context, id session.ID, numbers ...int) (map[int]int, error)
}

// Reason is a configured reason for declining, as its asker reads it.
type Reason struct {
	ID    string
	Texts map[session.Language]string
}

// Place is a configured public place besides the page.
type Place struct {
	session.Target
	Name   string
	Groups []string // by whose names it can be chosen with others
}

// Desk is what views are made from. All its exported fields are set; it must not be copied.
type Desk struct {
	Store Store
	// Preview renders the copies of the newest revision, with their digest.
	Preview func(s session.Session, q session.Question) ([]session.Rendered, string)
	// Alike lists the new questions that may be declined together with one.
	Alike func(ctx context.Context, ref session.QuestionRef) ([]session.Alike, error)
	// Guide says what an answer does not keep to.
	Guide routing.Guide
	// Hides reports whether what people wrote can be hidden at a connector's places; nil is nowhere.
	Hides func(session.ConnectorID) bool
	// Leases say who has a new question before them; all replicas share them.
	Leases connector.Leases
	Words  wording.Words
	// Reasons are those of the configuration now.
	Reasons func() []Reason
	Places  []Place
	// PublicURL is what addresses of the public pages begin with.
	PublicURL string
	// Sign stands before the number of a question: "#" or "Q".
	Sign string
	Now  func() time.Time

	indexes routing.Indexes[row]
}

// Reader is one person before one hour. Without a name it is everybody at the desk, for
// what is the same to all who see it.
type Reader struct {
	*Desk
	Session session.Session
	By      session.Actor
	At      time.Time
}

// For makes the views of an hour as a person sees them now.
func (d *Desk) For(s session.Session, by session.Actor) Reader { return Reader{d, s, by, d.Now()} }

// Ref names a question as staff write it.
func (d *Desk) Ref(number int) string { return d.Sign + strconv.Itoa(number) }

// Place is what people call a connector.
func (d *Desk) Place(id session.ConnectorID) string {
	for _, p := range d.Places {
		if p.Connector == id {
			return p.Name
		}
	}
	if id == session.Page || id == "" {
		return d.Words.Text("desk.place_page")
	}
	return string(id)
}

// Reason words a reason for declining.
func (d *Desk) Reason(id string) string {
	for _, r := range d.Reasons() {
		if r.ID == id {
			return r.Texts[d.Words.Language()]
		}
	}
	return id
}

// OwnDesk is the path of a person's own desk page.
func OwnDesk(name session.PersonName) string { return "/desk/" + wording.Slug(string(name), "person") }

// OnDeskPage is the address at which the reader does something with a question on their own desk page.
func (r Reader) OnDeskPage(number int, what Action) string {
	return r.PublicURL + OwnDesk(r.By.Name) + "/" + string(r.Session.ID) + "/q/" + strconv.Itoa(number) + "/" + string(what)
}

// Page is the public address of an hour, or of one of its questions.
func (d *Desk) Page(ref session.QuestionRef) string {
	address := d.PublicURL + "/s/" + string(ref.Session)
	if ref.Number != 0 {
		address += "/q/" + strconv.Itoa(ref.Number)
	}
	return address
}

// Clock writes a time of the day in the zone of the hour.
func (r Reader) Clock(t time.Time) string { return r.Words.Clock(t.In(r.Session.Location())) }

// waited is how long something has been as it is.
func (r Reader) waited(since time.Time) time.Duration { return max(r.At.Sub(since), 0) }

// Findings words what may be personal data in a text, once each and never the value.
func (d *Desk) Findings(text string) []string {
	var found []string
	seen := map[screening.Kind]bool{}
	for _, f := range screening.Personal(text) {
		if !seen[f.Kind] {
			seen[f.Kind] = true
			found = append(found, d.Words.Text("screening."+string(f.Kind)))
		}
	}
	return found
}

// webAddress lets only addresses of web pages become links.
func webAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return address
}
