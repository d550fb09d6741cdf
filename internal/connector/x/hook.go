package x

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
)

var _ receive.Hooker = (*X)(nil)

func (x *X) hookPath() string { return "/webhooks/x/" + string(x.Name) }

// hookURL is what X is to call.
func (x *X) hookURL() string { return x.env.PublicURL + x.hookPath() }

// Handlers take what X brings; none where that is not wanted.
func (x *X) Handlers(put receive.Put) map[string]http.Handler {
	if !x.hook {
		return nil
	}
	if x.wants(TriggerHashtag) && x.settings.Hashtag != "" {
		put = x.Put // what has the hashtag alone is found by asking, so that this does not get rarer
	}
	take := func(ctx context.Context, body []byte) error {
		events, err := x.happened(ctx, body)
		if err != nil || len(events) == 0 {
			return err
		}
		_, err = put(ctx, events...)
		return err
	}
	good := func(h http.Header, body []byte) bool { return x.signed(h.Get("x-twitter-webhooks-signature"), body) }
	return map[string]http.Handler{x.hookPath(): receive.Signed{Prove: x.prove, Good: good, Take: take, Log: x.env.Log}}
}

// challenge is the form of what X has us sign. What it brings is signed with the same key in the same way, so that
// nothing is answered that could be the body of a call: whoever asked could sign a call of their own then.
var challenge = regexp.MustCompile(`^[A-Za-z0-9_=+/.~-]{1,200}$`)

// prove answers X's challenge, which it makes when the address is registered and every hour
// (https://docs.x.com/x-api/webhooks/quickstart).
func (x *X) prove(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query().Get("crc_token")
	if !challenge.MatchString(asked) {
		http.Error(w, "no crc_token", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(map[string]string{"response_token": "sha256=" + base64.StdEncoding.EncodeToString(x.mac(asked))})
}

func (x *X) mac(text string) []byte {
	m := hmac.New(sha256.New, []byte(x.sign.Secret))
	m.Write([]byte(text))
	return m.Sum(nil)
}

// signed compares the signature over the very bytes that came, which are an object of JSON.
func (x *X) signed(header string, body []byte) bool {
	want := "sha256=" + base64.StdEncoding.EncodeToString(x.mac(string(body)))
	return bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("{")) && hmac.Equal([]byte(header), []byte(want))
}

// The events that are asked for. Deletions are told of the account's own posts alone, so that questions
// are read again for them.
const (
	onMention = "post.mention.create"
	onReply   = "post.reply.create"
)

var wanted = []string{onMention, onReply}

// activity is what is read of an event (https://docs.x.com/x-api/activity/event-payloads).
type activity struct {
	Type   string `json:"event_type"`
	Filter struct {
		User string `json:"user_id"`
	}
	Payload  rawPost
	Includes struct{ Media []medium }
}

// activities are those of a call: one, or a list of them.
func activities(body []byte) (all []activity, ok bool) {
	var called struct{ Data json.RawMessage }
	if json.Unmarshal(body, &called) != nil {
		return nil, false
	}
	if data := bytes.TrimSpace(called.Data); bytes.HasPrefix(data, []byte("[")) {
		return all, json.Unmarshal(data, &all) == nil
	}
	all = make([]activity, 1)
	return all, len(called.Data) == 0 || json.Unmarshal(called.Data, &all[0]) == nil
}

// happened are the letters of a call. A signed call that cannot be read is kept as a letter that
// will be buried, for a refusal would have it come again.
func (x *X) happened(ctx context.Context, body []byte) (events []connector.Event, err error) {
	all, ok := activities(body)
	if !ok {
		return []connector.Event{unread(body)}, nil
	}
	self, err := x.self(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		if a.Filter.User != self.ID || a.Type != onMention && a.Type != onReply {
			continue
		}
		if e, is := x.written(a.Payload, a.Includes.Media, self, true); is {
			events = append(events, e)
		}
	}
	return events, nil
}

// written is the letter of a post; is is false for one that asks nothing. Whichever way it comes, its key is the same.
func (x *X) written(raw rawPost, beside []medium, self user, brought bool) (e connector.Event, is bool) {
	p, ok := parse(raw)
	if !ok || !number.MatchString(p.Author) {
		return unread(raw), true
	}
	l := letter{Do: doAsk, Seen: x.env.Now(), Named: names(p.said(), self.Username), Brought: brought,
		Photos: x.photos(p, beside)}
	return p.event(fmt.Sprintf("p%s:%d", p.first(), max(len(p.History), 1)), l), p.Author != self.ID && p.above("retweeted") == ""
}

// unread is something that cannot be read; Handle says so of its letter.
func unread(raw []byte) connector.Event {
	return connector.Event{Key: "unread:" + receive.RawKey(raw), Line: connector.PublicLine, Raw: []byte(`{}`)}
}
