package telegram

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"slices"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// talk is what a person is in the middle of: forms, as a conversation in private.
// Nothing of it is in a message or in a process, so it can be left and resumed and
// survives a restart.
type talk struct {
	// Stacks are conversations; the last one goes on. One that somebody had begun to fill
	// in waits below it.
	Stacks [][]sheet `json:"s,omitempty"`
	// Step rises with every change. Buttons carry it, so that one of an older screen is
	// not taken for one of this.
	Step int `json:"n"`
	// Seen are the updates that changed it last: one that comes again changes nothing.
	Seen []string `json:"u,omitempty"`
	// End is what is said in place of a form that has ended.
	End string `json:"e,omitempty"`
}

// sheet is one form, as far as it is filled in.
type sheet struct {
	Form   connector.Form     `json:"f"`
	Values connector.Values   `json:"v,omitempty"`
	At     int                `json:"a"` // the field that is asked for; -1 is none
	Page   int                `json:"p,omitempty"`
	Found  []connector.Option `json:"o,omitempty"` // what can be chosen at a SearchField
	Wrong  map[string]string  `json:"w,omitempty"`
	Note   string             `json:"t,omitempty"`
	Filled bool               `json:"d,omitempty"` // somebody filled something in
	Typed  typing             `json:"y,omitzero"`
}

const (
	// talkFor is how long a form waits for somebody.
	talkFor = 48 * time.Hour
	// deepest is how many forms may stand on top of each other, and how many
	// conversations may wait.
	deepest  = 3
	mostSeen = 8
)

func (k *talk) top() *sheet {
	if len(k.Stacks) == 0 {
		return nil
	}
	last := k.Stacks[len(k.Stacks)-1]
	return &last[len(last)-1]
}

// find gives the uppermost form of which something holds, and where it is; or nil.
func (k *talk) find(holds func(*sheet) bool) (s *sheet, stack, at int) {
	for i, stack := range slices.Backward(k.Stacks) {
		for j := range slices.Backward(stack) {
			if holds(&stack[j]) {
				return &stack[j], i, j
			}
		}
	}
	return nil, 0, 0
}

// raise is find, and brings that form up: what stood on top of it is over, and other
// conversations wait below.
func (k *talk) raise(holds func(*sheet) bool) *sheet {
	s, i, j := k.find(holds)
	if s == nil {
		return nil
	}
	stack := k.Stacks[i][:j+1]
	k.Stacks = append(slices.Delete(k.Stacks, i, i+1), stack)
	return k.top()
}

// begin puts a form in place of the conversation, or on top of one that somebody had
// begun to fill in.
func (k *talk) begin(s sheet) {
	n := len(k.Stacks)
	if n > 0 && !slices.ContainsFunc(k.Stacks[n-1], func(s sheet) bool { return s.Filled }) {
		k.Stacks = k.Stacks[:n-1]
	}
	k.Stacks = append(k.Stacks, []sheet{s})
	k.Stacks = k.Stacks[max(0, len(k.Stacks)-deepest):]
}

// push puts a form on top of the one that is shown.
func (k *talk) push(s sheet) {
	n := len(k.Stacks) - 1
	all := append(k.Stacks[n], s)
	k.Stacks[n] = all[max(0, len(all)-deepest):]
}

func (k *talk) replace(s sheet) { *k.top() = s }

// pop ends the form that is shown.
func (k *talk) pop() {
	n := len(k.Stacks) - 1
	if k.Stacks[n] = k.Stacks[n][:len(k.Stacks[n])-1]; len(k.Stacks[n]) == 0 {
		k.close()
	}
}

// close ends the form that is shown and whatever is below it.
func (k *talk) close() { k.Stacks = k.Stacks[:len(k.Stacks)-1] }

// repeated remembers an update, and reports whether it was here before.
func (k *talk) repeated(update string) bool {
	if slices.Contains(k.Seen, update) {
		return true
	}
	k.Seen = append(k.Seen, update)
	k.Seen = k.Seen[max(0, len(k.Seen)-mostSeen):]
	return false
}

// talk loads what a person is in the middle of. Steps of a new one begin where no
// older button can be.
func (t *Telegram) talk(ctx context.Context, user int64) (*talk, error) {
	raw, ok, err := t.opts.Memory.Recall(ctx, memoryTalk+userKey(user))
	if err != nil {
		return nil, err
	}
	k := &talk{}
	if !ok || unpack(raw, k) != nil {
		return &talk{Step: int(t.now().Unix() % mostStep)}, nil
	}
	k.find(func(s *sheet) bool {
		if s.Values == nil {
			s.Values = connector.Values{}
		}
		return false
	})
	return k, nil
}

// save keeps it, one step further.
func (t *Telegram) save(ctx context.Context, user int64, k *talk) error {
	k.Step = (k.Step + 1) % mostStep
	raw, err := pack(k)
	if err != nil {
		return err
	}
	return t.opts.Memory.Keep(ctx, memoryTalk+userKey(user), raw, talkFor)
}

// pack makes room for long previews.
func pack(v any) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := json.NewEncoder(z).Encode(v); err != nil {
		return nil, err
	}
	err := z.Close()
	return b.Bytes(), err
}

const mostUnpacked = 16 << 20

func unpack(raw []byte, v any) error {
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	return json.NewDecoder(io.LimitReader(z, mostUnpacked)).Decode(v)
}

// open begins a conversation with a form.
func (t *Telegram) open(ctx context.Context, user int64, f connector.Form) error {
	k, err := t.talk(ctx, user)
	if err != nil {
		return err
	}
	k.End = ""
	k.begin(t.sheet(ctx, user, f))
	return t.save(ctx, user, k)
}

// sheet is a form as it begins: at the first field that has to be filled in and is not.
func (t *Telegram) sheet(ctx context.Context, user int64, f connector.Form) sheet {
	s := sheet{Form: f, Values: connector.Values{}, At: -1}
	for _, field := range f.Fields {
		if len(field.Value) > 0 {
			s.Values[field.ID] = field.Value
		}
	}
	t.enter(ctx, user, &s, s.missing(0))
	return s
}

// index is where a field stands in its form, -1 for one that it has not.
func (s *sheet) index(field string) int {
	return slices.IndexFunc(s.Form.Fields, func(f connector.Field) bool { return f.ID == field })
}

// missing is the first field from one on that has to be filled in and is not; -1 is
// none.
func (s *sheet) missing(from int) int {
	for i, f := range s.Form.Fields {
		if i >= from && !f.Optional && len(s.Values[f.ID]) == 0 {
			return i
		}
	}
	return -1
}

// field is the one that is asked for, or nil.
func (s *sheet) field() *connector.Field {
	if s.At < 0 || s.At >= len(s.Form.Fields) {
		return nil
	}
	return &s.Form.Fields[s.At]
}

// enter asks for a field; -1 shows the whole form.
func (t *Telegram) enter(ctx context.Context, user int64, s *sheet, at int) {
	s.At, s.Page, s.Found, s.Note = at, 0, nil, ""
	if f := s.field(); f != nil && f.Kind == connector.SearchField {
		t.search(ctx, user, s, "")
	}
}

// search asks the inbox what a SearchField offers.
func (t *Telegram) search(ctx context.Context, user int64, s *sheet, query string) {
	f := s.field()
	in, err := t.inbox()
	if err == nil {
		s.Found, err = in.Searched(ctx, connector.Searching{By: t.user(user), Key: s.Form.Key, Field: f.ID, Query: query})
	}
	if err != nil {
		t.log.Warn("telegram: a search found nothing in time", "error", err)
		s.Found = f.Options
	}
	s.Page, s.Note = 0, ""
	if len(s.Found) == 0 {
		s.Note = t.words.Text("telegram.nothing_found")
	}
}

// user is somebody of whom only the id is known now.
func (t *Telegram) user(id int64) connector.User {
	t.mu.Lock()
	defer t.mu.Unlock()
	return connector.User{Desk: t.opts.ID, ID: session.UserRef(userKey(id)), Name: t.names[id]}
}

// topForm is the form that somebody has before them, or nil.
func (t *Telegram) topForm(ctx context.Context, user int64) *connector.Form {
	k, err := t.talk(ctx, user)
	if err != nil || k.top() == nil {
		return nil
	}
	return &k.top().Form
}
