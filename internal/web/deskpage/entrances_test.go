package deskpage

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"experthour/internal/connector"
	"experthour/internal/desk/chat"
	"experthour/internal/desk/view"
	"experthour/internal/routing"
	"experthour/internal/session"
)

// Every command is given through every entrance: as a form of the page, by the JSON API, and
// in a chat, which is the same code for all platforms. The command line speaks the JSON API
// and nothing else. What the JSON API answers is what the others must say, at the same field.

// entry is a command with what it needs to be done, and what it must refuse.
type entry struct {
	by    session.PersonName // who gives it; empty is Anna
	ready func(*world) int   // the question as the command finds it, left so by somebody else; the number is 0 for an hour
	early func(*world) int   // where it cannot be done; nil is nowhere
	seen  func(*world) values
	good  values // what is filled in, as JSON
	bad   []wrongInput
	free  bool // never refused for what was seen, or by whoever moved the question last
	says  bool // its form in a chat says itself why it cannot be given
}

type values map[string]any

// wrongInput is what is refused, with the code and the field of the refusal.
type wrongInput struct {
	values
	code  string
	field string
}

// long is more than any field takes.
var long = strings.Repeat("ā", 10_001)

func (w *world) received() int { return w.ask(fmt.Sprintf("Who pays %d?", w.asked)) }

func (w *world) queued() int {
	n := w.received()
	w.do(olga, session.AcceptQuestion{On: w.on(n)})
	return n
}

func (w *world) claimedBy(name session.PersonName) func(*world) int {
	return func(w *world) int {
		n := w.queued()
		w.do(name, session.ClaimQuestion{On: w.on(n)})
		return n
	}
}

func (w *world) drafted() int {
	n := w.queued()
	w.do(janis, session.WriteMessage{On: w.on(n), Message: "m", At: w.now(), Lines: []session.ChatLine{{Text: "Perhaps."}}})
	return n
}

// drawing is a picture of which nothing is said.
var drawing = session.Picture{Hash: session.Hash(strings.Repeat("a", 64)), Type: "image/png", Size: 3}

func (w *world) illustrated() int {
	n := w.queued()
	if err := w.store.KeepPicture(w.t.Context(), w.on(n).Question, drawing, []byte("png")); err != nil {
		w.t.Fatal(err)
	}
	w.do(janis, session.WriteMessage{On: w.on(n), Message: "m", At: w.now(), Lines: []session.ChatLine{{Text: "Perhaps."}},
		Pictures: &[]session.Picture{drawing}})
	return n
}

func (w *world) inReview() int {
	n := w.queued()
	w.do(janis, session.SubmitAnswer{On: w.on(n), Text: "The buyer."})
	return n
}

func (w *world) public() int { return w.published(fmt.Sprintf("Who pays %d?", w.asked), "The buyer.") }

func (w *world) correcting() int {
	n := w.public()
	w.do(janis, session.CorrectAnswer{On: w.on(n), Text: "The seller."})
	return n
}

func (w *world) posing() int {
	w.svc.Poses = func(string) bool { return true }
	defer func() { w.svc.Poses = nil }()
	return w.queued()
}

func (w *world) declined() int {
	n := w.queued()
	w.do(olga, session.DeclineQuestion{On: w.on(n), Reason: "off_topic"})
	return n
}

// justDeclined can still be undone.
func (w *world) justDeclined() int {
	w.svc.Undo = 10 * time.Second
	defer func() { w.svc.Undo = 0 }()
	return w.declined()
}

func (w *world) parked(p session.Problem) int {
	n := w.inReview()
	w.approve(n)
	w.park(n, p)
	return n
}

func refusedCopy(w *world) int { return w.parked(session.RefusedIt) }
func unsureCopy(w *world) int  { return w.parked(session.Unsure) }

// copySeen is the copy that waits, as its button names it.
func copySeen(w *world) values {
	c := w.question(w.asked).Copies.Parked()[0]
	return values{"copy": c.Key(), "attempt": c.Attempt}
}

func answerSeen(w *world) values {
	q := w.question(w.asked)
	return values{"base": len(q.Revisions), "draft": q.DraftMark()}
}

// noReason is what is refused of what nobody does alone without a reason.
var noReason = []wrongInput{{values{}, "reason_missing", "reason"}, {values{"reason": " "}, "reason_missing", "reason"}, tooLong("reason")}

func tooLong(field string) wrongInput {
	return wrongInput{values{field: long}, "field_too_long", field}
}

var questionEntries = map[session.Verb]entry{
	session.Accept:   {ready: (*world).received, early: (*world).declined},
	session.Claim:    {by: janis, ready: (*world).queued, early: (*world).received},
	session.Release:  {by: janis, ready: (*world)(nil).claimedBy(janis), early: (*world).queued, free: true},
	session.TakeBack: {by: janis, ready: (*world).inReview, early: (*world).queued, free: true},
	session.Settle:   {by: janis, ready: (*world).drafted, early: (*world).queued},
	session.Submit: {by: janis, ready: (*world).queued, early: (*world).received, seen: answerSeen, good: values{"text": "The buyer."},
		bad: []wrongInput{{values{}, "answer_empty", "text"}, tooLong("text"), {values{"text": "x", "base": 7}, "stale_revision", ""},
			{values{"text": "x", "draft": "another"}, "stale_draft", ""}}},
	session.Correct: {by: janis, ready: (*world).public, early: (*world).queued, seen: answerSeen, good: values{"text": "The seller."},
		bad: []wrongInput{{values{}, "answer_empty", "text"}, tooLong("text"), {values{"text": "The buyer."}, "correction_same", "text"}}},
	session.Approve: {says: true, ready: (*world).inReview, early: (*world).queued, seen: func(w *world) values {
		ses, _ := w.store.Session(w.t.Context(), slug)
		_, digest := w.svc.Preview(ses, w.question(w.asked))
		return values{"revision": 1, "digest": digest}
	}},
	session.SendBack: {ready: (*world).inReview, early: (*world).queued, good: values{"comment": "Is that so?"},
		bad: []wrongInput{{values{}, "comment_missing", "comment"}, {values{"comment": " \n "}, "comment_missing", "comment"},
			tooLong("comment")}},
	session.Keep:    {ready: (*world).correcting, early: (*world).queued},
	session.Retract: {by: olga, ready: (*world).public, early: (*world).queued, good: values{"reason": "It was wrong."}, bad: noReason},
	session.Decline: {ready: (*world).queued, early: (*world).public, good: values{"reason": "off_topic"},
		bad: []wrongInput{{values{}, "reason_unknown", "reason"}, {values{"reason": "none"}, "reason_unknown", "reason"},
			{values{"reason": "off_topic", "remark": long}, "field_too_long", "remark"}}},
	session.DeclineTogether: {ready: (*world).received, early: (*world).public,
		seen: func(w *world) values { return values{"shown": w.now().Format(time.RFC3339Nano)} },
		good: values{"reason": "off_topic", "same": "text"},
		bad: []wrongInput{{values{"same": "text"}, "reason_unknown", "reason"}, {values{"reason": "off_topic"}, "same_unknown", "same"},
			{values{"reason": "off_topic", "same": "network"}, "network_unknown", "same"},
			{values{"reason": "off_topic", "same": "text", "shown": "soon"}, "fields_wrong", ""},
			{values{"reason": "off_topic", "same": "text", "remark": long}, "field_too_long", "remark"}}},
	session.Merge: {ready: (*world).queued, early: (*world).public, good: values{"into": 1},
		bad: []wrongInput{{values{}, "number_form", "into"}, {values{"into": 999}, "question_unknown", "into"}}},
	session.MergeTogether: {ready: func(w *world) int { w.ask("Who else pays?"); return w.queued() }, early: (*world).declined,
		seen: func(w *world) values { return values{"shown": w.now().Format(time.RFC3339Nano)} },
		good: values{"also": []int{1}},
		bad:  []wrongInput{{values{}, "also_missing", "also"}, {values{"also": []int{999}}, "question_unknown", ""}}},
	session.Redirect: {ready: (*world).queued, early: (*world).public, good: values{"institution": "Land Registry"},
		bad: []wrongInput{{values{}, "forward_empty", "institution"}, tooLong("institution")}},
	session.Expire:    {ready: (*world).queued, early: (*world).public},
	session.Undo:      {ready: (*world).justDeclined, early: (*world).public},
	session.Restore:   {ready: (*world).declined, early: (*world).queued},
	session.Withdraw:  {ready: (*world).queued, good: values{"reason": "The asker wrote."}, bad: noReason},
	session.AllowName: {ready: (*world).posing},
	session.HideAsked: {ready: (*world).declined, early: (*world).justDeclined, good: values{"reason": "off_topic"},
		bad: []wrongInput{{values{}, "reason_unknown", "reason"}, {values{"reason": "none"}, "reason_unknown", "reason"}}},
	session.Describe: {by: janis, says: true, ready: (*world).illustrated, early: (*world).queued, free: true,
		seen: func(*world) values { return values{"picture": drawing.Hash} },
		good: values{"alt": "A map.", "author": "Ilze"},
		bad: []wrongInput{{values{"author": "Ilze"}, "picture_alt", "alt"}, {values{"alt": "A map."}, "picture_author", "author"},
			{values{"alt": "A map.", "author": long}, "field_too_long", "author"}}},
	session.AddNote: {ready: (*world).queued, good: values{"text": "Ask the ministry."}, free: true,
		bad: []wrongInput{{values{}, "note_empty", "text"}, tooLong("text")}},
	session.Retry:     {ready: refusedCopy, early: unsureCopy, seen: copySeen, free: true},
	session.Drop:      {ready: refusedCopy, early: unsureCopy, seen: copySeen, free: true},
	session.SendAgain: {ready: unsureCopy, early: refusedCopy, seen: copySeen, free: true},
	session.IsOut: {ready: unsureCopy, early: refusedCopy, seen: copySeen, free: true, good: values{"url": "https://x.example/1"},
		bad: []wrongInput{tooLong("url")}},
}

// given is what came of a command.
type given struct {
	ok   bool
	text string // everything that is said
	at   string // the field at which it is said
	code string // of the JSON API alone
}

// world is a desk with all its entrances.
type world struct {
	*kit
	chat *chat.Chat
}

const talk = session.ConnectorID("talk")

// drawer keeps what a chat remembers.
type drawer struct{ connector.Memory }

func newWorld(t *testing.T) *world {
	t.Helper()
	w := worldOf(newKit(t, inTheRoom).open())
	w.received() // the target of merges
	return w
}

func worldOf(k *kit) *world {
	w := &world{kit: k}
	people := slices.Clone(staff)
	for i := range people {
		people[i].Accounts = map[session.ConnectorID]session.UserRef{talk: session.UserRef(people[i].Name)}
	}
	w.chat = chat.New(chat.Options{Service: w.svc, Store: w.store, Cards: struct{ chat.Cards }{}, Staff: routing.NewRoll(people),
		Memory: drawer{},
		Views:  w.desk.Views, Lane: session.Lane{Connector: talk, Place: "room"}, Command: "/hour", Now: w.now, Hour: w.desk.Hour})
	return w
}

// entrances are the ways in, the first of which says what the others must say.
var entrances = map[string]func(w *world, by session.PersonName, v session.Verb, n int, in values) given{
	"JSON": (*world).byJSON, "page": (*world).byPage, "chat": (*world).byChat,
}

func (w *world) byJSON(by session.PersonName, v session.Verb, n int, in values) given {
	path := "/tax/" + string(v)
	if n > 0 {
		path = fmt.Sprintf("/tax/questions/%d/%s", n, v)
	}
	body, _ := json.Marshal(in)
	status, p := w.api(by, "POST", path, string(body))
	text, _ := p["detail"].(string)
	at, _ := p["field"].(string)
	code, _ := p["code"].(string)
	return given{status < 400, text, at, code}
}

// filled is what a form sends of it.
func (in values) filled() connector.Values {
	out := connector.Values{}
	for name, v := range in {
		out[name] = []string{fmt.Sprint(v)}
		if ns, ok := v.([]int); ok {
			out[name] = strings.Fields(strings.Trim(fmt.Sprint(ns), "[]"))
		}
	}
	return out
}

// wrongAt is the field of a page at which an error stands.
var wrongAt = regexp.MustCompile(`class="field-error" id="(?:q\d+-(?:[a-z0-9_]+-)*|hour-[a-z_]+-)?([a-z_]+)-error"`)

func (w *world) byPage(by session.PersonName, v session.Verb, n int, in values) given {
	b := w.as(by)
	path := b.at() + "/" + string(v)
	if n > 0 {
		path = fmt.Sprintf("%s/q/%d/%s", b.at(), n, v)
	}
	p := b.post(path, url.Values(in.filled()))
	g := given{ok: p.status < 400, text: p.text()}
	if m := wrongAt.FindStringSubmatch(p.body); m != nil {
		g.at = m[1]
	}
	return g
}

func (w *world) byChat(by session.PersonName, v session.Verb, n int, in values) given {
	q, user := session.Question{}, connector.User{Desk: talk, ID: session.UserRef(by)}
	ses, _ := w.store.Session(w.t.Context(), slug)
	a := connector.Action{Do: string(v), Session: connector.TagOf(string(slug)), Number: n, Seen: connector.TagOf(ses.Stage())}
	if n > 0 {
		q = w.question(n)
		a.Seen = connector.TagOf(q.Stage())
	}
	if s, ok := in["stage"]; ok {
		a.Seen = connector.TagOf(fmt.Sprint(s))
	}
	if c, ok := in["copy"]; ok {
		a.Seen, a.Mark = connector.TagOf(fmt.Sprint(c)), in["attempt"].(int)
	}
	data, err := a.Encode()
	if err != nil {
		w.t.Fatal(err)
	}
	answer, err := w.chat.Pressed(w.t.Context(), connector.Press{By: user, Action: data})
	if err == nil && answer.Form != nil && answer.Form.Submit != "" && !strings.Contains(read(answer), "⚠ Already") {
		answer, err = w.chat.Submitted(w.t.Context(), connector.Submission{By: user, Key: seenInForm(answer.Form.Key, in), Values: in.filled()})
	}
	if err != nil {
		w.t.Fatal(err)
	}
	g := given{text: read(answer), at: cmp.Or(slices.Collect(maps.Keys(answer.Wrong))...)}
	together := slices.Contains(onSeveral, v) && answer.Close // it says how many
	happened := together || answer.Say == "" || answer.Say == w.desk.Views.Words.Text("happened."+string(v))
	g.ok = answer.Form == nil && len(answer.Wrong) == 0 && happened
	return g
}

// seenInForm is the key of a form that was opened when its reader saw something else.
func seenInForm(key string, in values) string {
	var k map[string]any
	_ = json.Unmarshal([]byte(key), &k)
	for name, v := range in {
		if w, ok := k["w"].(map[string]any); ok && w[name] != nil {
			w[name] = fmt.Sprint(v)
		}
	}
	b, _ := json.Marshal(k)
	return string(b)
}

// read is everything that an answer says.
func read(a connector.Answer) string {
	text := a.Say
	for _, wrong := range a.Wrong {
		text += wrong
	}
	if a.Form != nil {
		for _, l := range a.Form.Lines {
			text += "\n" + l.Text
		}
	}
	return text
}

// try gives a command through every entrance, each in a state of its own.
func (e entry) try(t *testing.T, w *world, name string, by session.PersonName, v session.Verb, ready func(*world) int,
	in values, code, field string) {
	t.Helper()
	var want given
	for _, way := range []string{"JSON", "page", "chat"} {
		w.pass(time.Second)
		n := ready(w)
		all := values{}
		maps.Copy(all, in)
		if e.seen != nil {
			for name, v := range e.seen(w) {
				if _, given := all[name]; !given {
					all[name] = v
				}
			}
		}
		w.pass(time.Second)
		got := entrances[way](w, by, v, n, all)
		if way == "JSON" {
			want = got
			if got.ok != (code == "") || code != "*" && (got.code != code || got.at != field) {
				t.Errorf("%s, %s by JSON: %+v, want %s at %q", v, name, got, code, field)
			}
			continue
		}
		if e.says && way == "chat" && !got.ok && !want.ok {
			continue
		}
		if got.ok != want.ok || !strings.Contains(got.text, want.text) || got.at != want.at && inForm(w, v, want.at) {
			t.Errorf("%s, %s by %s: %v at %q, want %q at %q\n%.600s", v, name, way, got.ok, got.at, want.text, want.at, got.text)
		}
	}
}

// inForm reports whether the form of a verb has the field.
func inForm(w *world, v session.Verb, field string) bool {
	f := w.desk.Views.For(session.Session{}, as(anna)).Form(session.Question{}, v)
	return slices.ContainsFunc(f.Fields, func(f connector.Field) bool { return f.ID == field })
}

func TestEveryCommandThroughEveryEntrance(t *testing.T) {
	t.Parallel()
	verbs, _ := view.Verbs()
	for _, v := range verbs {
		e, ok := questionEntries[v]
		if !ok {
			t.Errorf("%s has no row: what is it, and what does it refuse?", v)
			continue
		}
		t.Run(string(v), func(t *testing.T) {
			t.Parallel()
			w, by := newWorld(t), cmp.Or(e.by, anna)
			e.try(t, w, "good", by, v, e.ready, e.good, "", "")
			e.try(t, w, "an observer", vilnis, v, e.ready, e.good, "forbidden", "")
			for _, bad := range e.bad {
				e.try(t, w, fmt.Sprintf("%.60s", fmt.Sprint(bad.values)), by, v, e.ready, bad.values, bad.code, bad.field)
			}
			if e.early != nil {
				e.try(t, w, "not now", by, v, e.early, e.good, "*", "")
			}
			if !e.free {
				old := values{"stage": "another"}
				maps.Copy(old, e.good)
				e.try(t, w, "another stage", by, v, e.ready, old, "*", "")
			}
		})
	}
}
