package draugiemfake

import (
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"experthour/internal/connector/faultfake"
)

// The only page, and the only person who may use its API.
const (
	PageKey = "0123456789abcdef0123456789abcdef"
	UserKey = "fedcba9876543210fedcba9876543210"
	// MostChars is the longest text; none is documented.
	MostChars = 2000
)

const firstID = 9007199254740993 // a float64 has no such number

// Question is one of the page's, as it is stored.
type Question struct {
	ID, Author, Name, Text, Answer string
	At, Answered                   time.Time
}

// News is one piece of it, as it is stored.
type News struct {
	ID, Title, Text string
	Draft           bool
	At              time.Time
}

// Again is what a second answer to a question does; nobody documents it.
type Again int

// The ways.
const (
	Overwrites Again = iota // it takes the place of the first
	Refuses                 // it is an error
	Keeps                   // it is a success, and the first stays
)

// Dates is how the time of a question or of a piece of news is told.
type Dates int

// The ways.
const (
	Unix  Dates = iota // seconds, as a text
	Local              // "2013-03-15 10:33:58"
	None               // not at all
)

// Draugiem is the API. Any number of goroutines may use it.
type Draugiem struct {
	faultfake.Faults
	URL string // of the API; empty until somebody serves it

	mu        sync.Mutex
	now       func() time.Time
	questions []*Question
	news      []*News
	last      int
	again     Again
	dates     Dates
	newsID    string
	answerIn  string
	markup    bool
	arrays    bool
	titles    bool
	nameless  bool
	bare      bool
	revoked   bool
	closed    bool
	lag       time.Duration
	rate      int
	calls     []time.Time
	counts    map[string]int
}

// Make makes a page without questions and news, which nobody serves yet.
func Make(now func() time.Time) *Draugiem {
	return &Draugiem{now: now, last: firstID, newsID: "id", answerIn: "answer", counts: map[string]int{}}
}

// New serves one for a test.
func New(t testing.TB, now func() time.Time) *Draugiem {
	d := Make(now)
	s := httptest.NewServer(d)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	d.URL = s.URL + Path
	return d
}

func (d *Draugiem) do(change func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change()
}

// Again says what a second answer does.
func (d *Draugiem) Again(how Again) { d.do(func() { d.again = how }) }

// Dates says how times are told.
func (d *Draugiem) Dates(how Dates) { d.do(func() { d.dates = how }) }

// NewsID is the name under which the id of new news is told: "id", "pid", or "" for not at all.
func (d *Draugiem) NewsID(name string) { d.do(func() { d.newsID = name }) }

// AnswerIn is the name of the field in which an answer is told, "answer" or another.
func (d *Draugiem) AnswerIn(name string) { d.do(func() { d.answerIn = name }) }

// Markup says that texts come back as markup: escaped, and with <br> for the end of a line.
func (d *Draugiem) Markup(is bool) { d.do(func() { d.markup = is }) }

// Arrays says that lists are arrays, as PHP writes those whose keys are 0, 1, 2.
func (d *Draugiem) Arrays(is bool) { d.do(func() { d.arrays = is }) }

// Titles leaves the texts of news out of their list.
func (d *Draugiem) Titles(is bool) { d.do(func() { d.titles = is }) }

// Nameless leaves out who asked.
func (d *Draugiem) Nameless(is bool) { d.do(func() { d.nameless = is }) }

// BareErrors makes an error a text instead of a code and a description.
func (d *Draugiem) BareErrors(is bool) { d.do(func() { d.bare = is }) }

// Revoke takes the person's key back; Restore gives it again.
func (d *Draugiem) Revoke() { d.do(func() { d.revoked = true }) }

// Restore gives the key again.
func (d *Draugiem) Restore() { d.do(func() { d.revoked = false }) }

// Close says no to everything that changes the page.
func (d *Draugiem) Close(is bool) { d.do(func() { d.closed = is }) }

// Lag shows questions, answers and news in lists only so long after they were written.
func (d *Draugiem) Lag(l time.Duration) { d.do(func() { d.lag = l }) }

// Rate is how many calls an hour there are; 0 is any number. None is documented.
func (d *Draugiem) Rate(most int) { d.do(func() { d.rate = most }) }

// Ask is a question of somebody; it gives its id.
func (d *Draugiem) Ask(author, name, text string) (id string) {
	d.do(func() {
		id = d.next()
		d.questions = append(d.questions, &Question{ID: id, Author: author, Name: name, Text: text, At: d.now().Truncate(time.Second)})
	})
	return id
}

// Reword changes a question at the site.
func (d *Draugiem) Reword(id, text string) {
	d.do(func() {
		if q := d.question(id); q != nil {
			q.Text = text
		}
	})
}

// Reply answers a question by hand, at the site.
func (d *Draugiem) Reply(id, text string) {
	d.do(func() {
		if q := d.question(id); q != nil {
			q.Answer, q.Answered = text, d.now()
		}
	})
}

// Remove takes a question away, as the people of the page do.
func (d *Draugiem) Remove(id string) { d.do(func() { d.remove(id) }) }

// Publish is news that the people of the page write by hand; it gives its id.
func (d *Draugiem) Publish(title, text string) (id string) {
	d.do(func() { id = d.publish(title, text, false).ID })
	return id
}

// Questions are those that stand, the oldest first.
func (d *Draugiem) Questions() (all []Question) {
	d.do(func() {
		for _, q := range d.questions {
			all = append(all, *q)
		}
	})
	return all
}

// News are those that stand, the oldest first.
func (d *Draugiem) News() (all []News) {
	d.do(func() {
		for _, n := range d.news {
			all = append(all, *n)
		}
	})
	return all
}

// Calls is how many calls, such as "pages/faq answer", were let in.
func (d *Draugiem) Calls(what string) (n int) {
	d.do(func() { n = d.counts[what] })
	return n
}

func (d *Draugiem) next() string {
	d.last++
	return strconv.Itoa(d.last)
}

func (d *Draugiem) publish(title, text string, draft bool) *News {
	n := &News{ID: d.next(), Title: title, Text: text, Draft: draft, At: d.now().Truncate(time.Second)}
	d.news = append(d.news, n)
	return n
}

func (d *Draugiem) question(id string) *Question {
	i := slices.IndexFunc(d.questions, func(q *Question) bool { return q.ID == id })
	if i < 0 {
		return nil
	}
	return d.questions[i]
}

func (d *Draugiem) remove(id string) {
	d.questions = slices.DeleteFunc(d.questions, func(q *Question) bool { return q.ID == id })
}
