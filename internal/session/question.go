package session

import (
	"fmt"
	"slices"
	"time"
)

// State is where a question stands. The moves between states are the table questions.
type State string

// The states of a question, in the order of its life.
const (
	Received   State = "received"
	Queued     State = "queued"
	Claimed    State = "claimed"
	Review     State = "review"
	Approved   State = "approved"
	Published  State = "published"
	Declined   State = "declined"
	Merged     State = "merged"
	Redirected State = "redirected"
	Expired    State = "expired"
	Retracted  State = "retracted"
	Withdrawn  State = "withdrawn"
)

// States lists every state in the order of a question's life.
var States = []State{Received, Queued, Claimed, Review, Approved, Published,
	Declined, Merged, Redirected, Expired, Retracted, Withdrawn}

// Question is the document of one question: everything but its votes. The store
// writes it whole and compares Version.
type Question struct {
	Schema  int         `json:"schema"`
	Ref     QuestionRef `json:"-"` // the store's key; not written twice
	Version int64       `json:"-"`
	Head    Hash        `json:"-"` // the last entry of its record
	// Upgraded says that it was stored in an earlier schema; see Written.
	Upgraded bool `json:"-"`
	// Damaged says that what is stored of it cannot be read: nothing else is known of it.
	Damaged bool `json:"-"`

	State State     `json:"state"`
	Since time.Time `json:"since"` // in this state
	Asked time.Time `json:"asked"`

	Text  string `json:"text,omitempty"`
	Parts []Part `json:"parts,omitempty"` // the messages that the newest wording is made of; see RewordQuestion
	With  Media  `json:"with,omitempty"`  // what was sent with the text, and is not taken along
	// Enclosed are the pictures that came with it.
	Enclosed []Enclosure `json:"enclosed,omitempty"`

	Wording int    `json:"wording"`           // rises with every new wording, so nobody accepts a text they did not see
	Pending string `json:"pending,omitempty"` // the asker's new wording, until a moderator accepts it
	Name    string `json:"name,omitempty"`    // only when the asker wants it shown
	// Posing says that the name was one for which somebody could take staff or the institution
	// when it was given: the public does not read it, also when they have left since, unless a
	// moderator has let it stand.
	Posing   bool     `json:"posing,omitempty"`
	Email    string   `json:"email,omitempty"` // for going on by e-mail; staff only
	Language Language `json:"language"`
	Origin   Origin   `json:"origin"`
	Proof    Proof    `json:"proof,omitzero"`

	Holder    PersonName `json:"holder,omitempty"`
	Revisions []Revision `json:"revisions,omitempty"`
	Notes     []Note     `json:"notes,omitempty"`

	Said   []Said    `json:"said,omitempty"`  // messages at the desk that are, or may become, parts of the answer
	Calls  int       `json:"calls,omitempty"` // how often somebody was called to answer, or an answer came back
	Settle time.Time `json:"settle,omitzero"` // when the draft is submitted; see SettleAt
	// Called are the experts who were called to it, in order.
	Called []Calling `json:"called,omitempty"`
	Nudge  *Nudge    `json:"nudge,omitempty"` // the last reminder to approve

	Wanted  int    `json:"wanted,omitempty"`  // revision that is wanted public; 0 is none
	Prior   int    `json:"prior,omitempty"`   // what Wanted was before the approval, while approved
	Counter int    `json:"counter,omitempty"` // rises with every change of what is wanted public
	Copies  Copies `json:"copies,omitempty"`

	Approvals   []Approval `json:"approvals,omitempty"`   // the last one of each approved revision
	PublishedAt time.Time  `json:"published_at,omitzero"` // of the revision that is public now
	// Publications are the revisions that became public, in order. The first is zero where an early
	// version did not keep it.
	Publications []Publication `json:"publications,omitempty"`
	Corrected    bool          `json:"corrected,omitempty"` // another revision was public before it

	Into      int      `json:"into,omitempty"`      // of a merged question: its target
	Followers []Follow `json:"followers,omitempty"` // the questions that were merged into this one
	Reason    string   `json:"reason,omitempty"`    // id of a configured reason, as the public may read it
	Forward   *Forward `json:"forward,omitempty"`   // where a redirected question went

	Forgot []Expiry `json:"forgot,omitempty"` // what has expired

	Undo *Undone `json:"undo,omitempty"` // what the last decision replaced, while it can be undone

	Acts map[Verb]Act `json:"acts,omitempty"`
	Last Verb         `json:"last,omitempty"`
}

// Proof is what is kept of the receipt with which an asker comes back: the hash by which
// it is recognised, and the random text that it was made of together with a key that is
// not stored. So whoever reads the store cannot make the receipt, and a number that is
// given once more, after a restored backup, has another one. It is nobody's to read:
// no page, feed, record or log has it.
type Proof struct {
	Salt string `json:"salt"`
	Hash Hash   `json:"hash"`
}

// Revision is one version of an answer.
type Revision struct {
	Number int        `json:"number"`
	Author PersonName `json:"author"`
	Text   string     `json:"text,omitempty"`
	At     time.Time  `json:"at"`
	// Pictures stand with the text, in this order.
	Pictures []Picture `json:"pictures,omitempty"`
	// Over is the author of the revision that a moderator edited with this one; they
	// may approve it.
	Over PersonName `json:"over,omitempty"`
}

// Publication is when a revision became public.
type Publication struct {
	Revision int       `json:"revision"`
	At       time.Time `json:"at"`
}

// Note is an internal remark on a question. Notes never leave the desk.
type Note struct {
	By   PersonName `json:"by"`
	At   time.Time  `json:"at"`
	Text string     `json:"text"`
}

// Follow is a question that was merged into another: what is needed to answer it
// where it was asked.
type Follow struct {
	Number   int      `json:"number"`
	Origin   Origin   `json:"origin"`
	Language Language `json:"language"`
	// Held keeps it from the public as long as its merging can be undone.
	Held bool `json:"held,omitempty"`
	// Letters says that its asker left an address on the page, which its own question has.
	Letters bool `json:"letters,omitempty"`
}

// Forward says where a redirected question went. Answered is the number of an
// earlier answer in the same session; the others are free to combine.
type Forward struct {
	Institution string `json:"institution,omitempty"`
	Email       bool   `json:"email,omitempty"` // the institution goes on by e-mail
	Answered    int    `json:"answered,omitempty"`
}

// Approval is the record of an approval: which revision, of which exact copies.
type Approval struct {
	Revision int       `json:"revision"`
	By       Actor     `json:"by"`
	At       time.Time `json:"at"`
	Digest   string    `json:"digest"`
	// Self is set when the author approved under an exception; it is printed.
	Self bool `json:"self,omitempty"`
	// Despite are the guidelines that block and that it does not keep to. The act says why.
	Despite []string `json:"despite,omitempty"`
}

// ShownName is the name that the public reads; empty is a citizen.
func (q Question) ShownName() string {
	if q.Posing {
		return ""
	}
	return q.Name
}

// Latest returns the newest revision; its number is 0 when there is none.
func (q Question) Latest() Revision { return q.Revision(len(q.Revisions)) }

// Revision returns revision n, or the zero Revision.
func (q Question) Revision(n int) Revision {
	if n < 1 || n > len(q.Revisions) {
		return Revision{}
	}
	return q.Revisions[n-1]
}

// ApprovalOf returns the approval of revision n, if it was ever approved.
func (q Question) ApprovalOf(n int) (Approval, bool) {
	i := slices.IndexFunc(q.Approvals, func(a Approval) bool { return a.Revision == n })
	if i < 0 {
		return Approval{}, false
	}
	return q.Approvals[i], true
}

// Public returns the answer that the page shows now, and its revision.
func (q Question) Public() (text string, revision int, ok bool) {
	i := slices.IndexFunc(q.Copies, func(c Copy) bool { return c.Kind == KindAnswer && c.Connector == Page })
	if i < 0 {
		return "", 0, false
	}
	return q.Copies[i].Shown()
}

// Replaced are the publications that a correction took the place of, for everybody to read. A
// retraction ends them: what it took back is not shown again when a new answer comes.
func (q Question) Replaced() []Publication {
	_, public, _ := q.Public()
	return slices.DeleteFunc(slices.Clone(q.Publications), func(p Publication) bool {
		return p.Revision == public || !p.At.After(q.Acts[Retract].At)
	})
}

// By returns who gave verb last.
func (q Question) By(v Verb) Actor { return q.Acts[v].By }

// Accepted reports whether the question's own text may be shown to the public.
func (q Question) Accepted() bool {
	switch q.State {
	case Queued, Claimed, Review, Approved, Published, Retracted:
		return true
	case Expired: // "not reached": public only if a moderator had accepted it
		_, ok := q.Acts[Accept]
		return ok
	}
	return false
}

// Open reports whether the question still waits for an outcome of its own.
func (q Question) Open() bool {
	switch q.State {
	case Received, Queued, Claimed, Review:
		return q.Wanted == 0
	case Approved:
		return q.Prior == 0
	}
	return false
}

// Awaited reports whether somebody may be waiting for what the desk does about the question. What is
// decided, published or gone is not, unless a copy or a message waits for a person.
func (q Question) Awaited() bool {
	switch q.State {
	case Received, Queued, Claimed, Review, Approved:
		return true
	}
	return q.Waits() || slices.ContainsFunc(q.Said, Said.Open)
}

// FirstAnswered reports whether verb v has just made the first answer public, and how
// long its asker waited for it.
func (q Question) FirstAnswered(v Verb) (time.Duration, bool) {
	first := q.State == Published && !q.Corrected && q.PublishedAt.Equal(q.Acts[v].At)
	return q.PublishedAt.Sub(q.Asked), first && (v == Sent || v == IsOut)
}

// Receipt is where the receipt of the question stands at a place, "" when it does not or is
// to be taken back.
func (q Question) Receipt(c ConnectorID, p PlaceID) MessageID {
	for _, r := range q.Copies {
		if r.Kind == KindReceipt && r.Connector == c && r.Place == p && r.Out != 0 && r.Wanted != 0 {
			return r.Message
		}
	}
	return ""
}

// Stage changes whenever somebody decided about the question or answered it: what a
// form was opened on must not be decided about after that.
func (q Question) Stage() string {
	return fmt.Sprintf("%s/%d/%d/%d", q.State, q.Wording, len(q.Revisions), q.Wanted)
}

// SentBack is the act with the comment that the newest revision came back with, as long
// as its holder works on it.
func (q Question) SentBack() (Act, bool) {
	a, ok := q.Acts[SendBack]
	return a, ok && q.State == Claimed && a.Note != "" && !a.At.Before(q.Latest().At)
}

// Waits reports whether a copy waits for a person.
func (q Question) Waits() bool { return slices.ContainsFunc(q.Copies, Copy.Parked) }

// Moving reports whether a copy is not yet as wanted and no person is asked.
func (q Question) Moving() bool { return slices.ContainsFunc(q.Copies, Copy.Due) }

// clone copies the slices and the map, so that a command that fails halfway
// leaves the caller's question alone.
func (q Question) clone() Question {
	q.Revisions = slices.Clone(q.Revisions)
	q.Notes = slices.Clone(q.Notes)
	q.Called = slices.Clone(q.Called)
	q.Parts = slices.Clone(q.Parts)
	q.Enclosed = slices.Clone(q.Enclosed)
	q.Said = slices.Clone(q.Said)
	q.Copies = slices.Clone(q.Copies)
	q.Followers = slices.Clone(q.Followers)
	q.Approvals = slices.Clone(q.Approvals)
	q.Publications = slices.Clone(q.Publications)
	q.Forgot = slices.Clone(q.Forgot)
	acts := make(map[Verb]Act, len(q.Acts)+1)
	for v, a := range q.Acts {
		acts[v] = a
	}
	q.Acts = acts
	return q
}

// OriginOf returns where question n was asked: q itself, or one of its followers.
func (q Question) OriginOf(n int) (Origin, bool) {
	if n == q.Ref.Number {
		return q.Origin, true
	}
	i := slices.IndexFunc(q.Followers, func(f Follow) bool { return f.Number == n })
	if i < 0 {
		return Origin{}, false
	}
	return q.Followers[i].Origin, true
}
