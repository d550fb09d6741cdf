package x

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"experthour/internal/connector"
	"experthour/internal/connector/httpapi"
	"experthour/internal/session"
)

var (
	_ connector.Replier   = (*X)(nil)
	_ connector.Retractor = (*X)(nil)
	_ connector.Reader    = (*X)(nil)
	_ connector.Finder    = (*X)(nil)
)

const (
	// skew is how far our clock and X's may be apart; it takes no signature that is older than five minutes.
	skew = 5 * time.Minute
	// mostFound is how many of the account's newest posts are read to find one.
	mostFound = 100
	// refusedTwice is the note of a post that X once called a duplicate.
	refusedTwice = "duplicate"
	// posting is the subject of a trouble.
	posting = "posting"
)

// draft is a post as it is sent.
type draft struct {
	Text  string       `json:"text"`
	Reply *replyTo     `json:"reply,omitempty"`
	Media *attachedIDs `json:"media,omitempty"`
}

type replyTo struct {
	ID string `json:"in_reply_to_tweet_id"`
}

// Reply posts. That X has the text already means that a former attempt may have come through.
func (x *X) Reply(ctx context.Context, p connector.Post) (connector.Sent, error) {
	if err := x.fits(ctx, p); err != nil {
		return connector.Sent{}, err
	}
	d := draft{Text: p.Text}
	if p.Original.Message != "" {
		d.Reply = &replyTo{string(p.Original.Message)}
	}
	var err error
	if d.Media, err = x.pictures(ctx, p); err != nil {
		return connector.Sent{}, x.plainly(err, p)
	}
	var said struct{ Data struct{ ID string } }
	_, err = x.do(ctx, httpapi.Request{Method: http.MethodPost, To: "/2/tweets", Body: httpapi.JSON(d), Into: &said})
	switch {
	case denialOf(err) == twice:
		return x.settle(ctx, p, err)
	case err != nil:
		return connector.Sent{}, x.plainly(err, p)
	case !number.MatchString(said.Data.ID):
		return connector.Sent{}, unusable(connector.Unsure)
	}
	x.Troubles.Over(posting)
	return at(said.Data.ID), nil
}

func at(id string) connector.Sent {
	return connector.Sent{Message: session.MessageID(id), URL: link(id)}
}

// settle looks whether what X calls a duplicate is this post. What the timeline has not may come
// into it later, so that it is looked for once more before a person is asked.
func (x *X) settle(ctx context.Context, p connector.Post, cause error) (connector.Sent, error) {
	sent, ok, err := x.Find(ctx, p)
	switch {
	case err != nil:
		return sent, &connector.SendError{Outcome: connector.Unsure, Detail: connector.OutcomeOf(err).Detail, Cause: err}
	case ok:
		return sent, nil
	case p.Note == refusedTwice:
		return sent, &connector.SendError{Outcome: connector.Refused, Detail: x.words().Text("x.duplicate"), Cause: cause}
	}
	if err := p.Keep(ctx, refusedTwice); err != nil {
		return sent, err
	}
	return sent, &connector.SendError{Outcome: connector.Unsure, Detail: connector.OutcomeOf(cause).Detail, Cause: cause}
}

// plainly says what somebody can do about an error. What only the asker would be told, where X
// allows no reply, nobody can mend.
func (x *X) plainly(err error, p connector.Post) error {
	e := *connector.OutcomeOf(err)
	switch {
	case status(err) == http.StatusPaymentRequired:
		e.Detail = x.words().Text("x.no_credit")
		x.Troubles.Note(posting, "x.no_credit")
	case x.login != nil && x.unlet(err) != "":
		e.Detail = x.words().Text("x.log_in_again")
	case denialOf(err) == notHere:
		e.Detail = x.words().Text("x.answer_elsewhere")
		e.Unreachable = p.Kind != session.KindAnswer && p.Kind != session.KindAnnouncement
	case denialOf(err) == readOnly:
		e.Outcome, e.Wait, e.Detail = connector.Deferred, mendWait, x.words().Text("x.read_only")
	}
	e.Cause = err
	return &e
}

// fits looks before anybody is asked.
func (x *X) fits(ctx context.Context, p connector.Post) error {
	switch {
	case ctx.Err() != nil:
		return &connector.SendError{Outcome: connector.Deferred, Detail: "not sent", Cause: ctx.Err()}
	case strings.TrimSpace(p.Text) == "":
		return refused("there is no text")
	case !x.Limits().Longest.Fits(p.Text):
		return refused("the text is too long")
	case len(p.Pictures) > mostPictures:
		return refused("there are too many pictures")
	case p.Original.Message != "" && !number.MatchString(string(p.Original.Message)):
		return refused("there is no such post")
	}
	return nil
}

func refused(detail string) error {
	return &connector.SendError{Outcome: connector.Refused, Detail: detail}
}

// Retract deletes. That a post is not there is not believed here: Stands looks.
func (x *X) Retract(ctx context.Context, at session.MessageID, p connector.Post) error {
	switch {
	case ctx.Err() != nil:
		return &connector.SendError{Outcome: connector.Deferred, Detail: "not sent", Cause: ctx.Err()}
	case !number.MatchString(string(at)):
		return refused("there is no such post")
	}
	_, err := x.do(ctx, httpapi.Request{Method: http.MethodDelete, To: "/2/tweets/" + string(at)})
	switch {
	case status(err) == http.StatusNotFound:
		return nil
	case err != nil:
		return x.plainly(err, p)
	}
	return nil
}

// Stands reads a post.
func (x *X) Stands(ctx context.Context, at session.MessageID, _ connector.Post) (bool, error) {
	p, err := x.lookup(ctx, string(at))
	if err != nil {
		return false, err
	}
	switch {
	case len(p.Data) > 0:
		return true, nil
	case slices.Contains(p.missing(), string(at)):
		return false, nil
	}
	return false, unusable(connector.Deferred)
}

// Find looks for what the account posted there with that text, not before it was approved.
func (x *X) Find(ctx context.Context, p connector.Post) (connector.Sent, bool, error) {
	self, err := x.self(ctx)
	if err != nil {
		return connector.Sent{}, false, err
	}
	q := url.Values{"max_results": {strconv.Itoa(mostFound)}}
	if !p.Approved.IsZero() {
		q.Set("start_time", p.Approved.Add(-skew).UTC().Format(time.RFC3339))
	}
	all, err := x.list(ctx, "/2/users/"+self.ID+"/tweets", q, above)
	if err != nil {
		return connector.Sent{}, false, err
	}
	for _, is := range []func(said, sent string) bool{same, alike} {
		for _, raw := range all.Data {
			if own, ok := parse(raw); ok && own.above("replied_to") == string(p.Original.Message) && is(own.said(), p.Text) &&
				len(own.Attached.Media) == len(p.Pictures) {
				return at(own.ID), true, nil
			}
		}
	}
	if all.Meta.Next != "" {
		return connector.Sent{}, false, unusable(connector.Unsure)
	}
	return connector.Sent{}, false, nil
}

// same compares a text as X gives it with one as it was sent: X makes white space its own, and
// puts a scheme before addresses.
func same(said, sent string) bool { return folded(said) == folded(sent) }

// alike leaves addresses out, where X did not say which they are.
func alike(said, sent string) bool {
	return strings.Contains(said, "https://t.co/") && unlinked(said) == unlinked(sent)
}

var schemes = strings.NewReplacer("https://", "", "http://", "")

func folded(text string) string {
	return strings.Join(strings.Fields(schemes.Replace(norm.NFC.String(text))), " ")
}

func unlinked(text string) string {
	text = norm.NFC.String(text)
	var b strings.Builder
	end := 0
	for _, a := range addresses(text) {
		b.WriteString(text[end:a.from])
		end = a.to
	}
	return strings.Join(strings.Fields(b.String()+text[end:]), " ")
}
