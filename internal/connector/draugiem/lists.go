package draugiem

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"

	"experthour/internal/connector"
)

const (
	faqAction  = "pages/faq"
	newsAction = "pages/news"
)

// thing is a question or a piece of news. The names of the fields are not documented, so several
// are tried.
type thing struct {
	ID     string
	Text   string // empty where it is called otherwise, or a list leaves it out
	Answer string // to a question
	Author string
	At     time.Time // zero where it is not told
}

var number = regexp.MustCompile(`^[0-9]{1,20}$`)

// thingOf reads one; key is its name in a list that is an object.
func (d *Draugiem) thingOf(key string, raw json.RawMessage) (t thing, ok bool) {
	var f fields
	if json.Unmarshal(raw, &f) != nil {
		return thing{}, false
	}
	t = thing{ID: cmp.Or(f.text("id", "question_id", "pid"), key), Text: plain(f.text("question", "text")), Answer: plain(f.text("answer")),
		Author: f.text("uid", "user_id", "author")}
	t.At = d.timeOf(f.text("created", "time", "date", "timestamp", "added"))
	return t, number.MatchString(t.ID)
}

// timeOf reads seconds, or a time as clocks at the institution show it.
func (d *Draugiem) timeOf(s string) time.Time {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 0 {
		return time.Unix(n, 0).UTC()
	}
	at, err := time.ParseInLocation(time.DateTime, s, cmp.Or(d.env.Zone, time.UTC))
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}

// things reads a list: an object keyed by id or, as PHP writes an empty one and one that is
// numbered from 0, an array. unread is how many have no id.
func (d *Draugiem) things(raw json.RawMessage) (all []thing, unread int, err error) {
	var keyed fields
	var listed []json.RawMessage
	switch raw = bytes.TrimSpace(raw); {
	case bytes.Equal(raw, []byte("null")) || bytes.Equal(raw, []byte("false")):
	case json.Unmarshal(raw, &keyed) == nil:
	case json.Unmarshal(raw, &listed) == nil:
	default:
		return nil, 0, &connector.SendError{Outcome: connector.Deferred, Detail: "no usable list"}
	}
	add := func(key string, raw json.RawMessage) {
		if t, ok := d.thingOf(key, raw); ok {
			all = append(all, t)
		} else {
			unread++
		}
	}
	for key, raw := range keyed {
		add(key, raw)
	}
	for _, raw := range listed {
		add("", raw)
	}
	slices.SortFunc(all, func(a, b thing) int { return order(a.ID, b.ID) })
	return all, unread, nil
}

// order compares ids, which may be longer than any number of ours.
func order(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }

// list reads what is under name; that it is not there is no empty list.
func (d *Draugiem) list(ctx context.Context, action, name string) (all []thing, unread int, err error) {
	said, err := d.read(ctx, action, "list", nil)
	if err != nil {
		return nil, 0, err
	}
	return d.things(said[name])
}

// questions are all that the page has; unread is how many there are besides which nobody can read.
func (d *Draugiem) questions(ctx context.Context) (all []thing, unread int, err error) {
	all, unread, err = d.list(ctx, faqAction, "faq")
	read := slices.DeleteFunc(slices.Clone(all), func(t thing) bool { return t.Text == "" })
	return read, unread + len(all) - len(read), err
}

// question looks for one; ok is false when the list has none.
func (d *Draugiem) question(ctx context.Context, id string) (t thing, ok bool, err error) {
	all, _, err := d.questions(ctx)
	i := slices.IndexFunc(all, func(t thing) bool { return t.ID == id })
	if i < 0 {
		return thing{}, false, err
	}
	return all[i], true, err
}

// news are all that the list has, perhaps without their texts.
func (d *Draugiem) news(ctx context.Context) ([]thing, error) {
	all, unread, err := d.list(ctx, newsAction, "posts")
	if err == nil && unread > 0 {
		err = &connector.SendError{Outcome: connector.Deferred, Wait: mendWait, Detail: "the list of news is not readable"}
	}
	return all, err
}

// piece reads one piece of news.
func (d *Draugiem) piece(ctx context.Context, id string) (thing, error) {
	said, err := d.read(ctx, newsAction, "get", url.Values{"id": {id}})
	if err != nil {
		return thing{}, err
	}
	all, _, err := d.things(said["posts"])
	if i := slices.IndexFunc(all, func(t thing) bool { return t.ID == id }); i >= 0 {
		return all[i], nil
	}
	return thing{ID: id}, err
}
