package slack

import (
	"context"
	"slices"
	"sync"
	"time"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// inbox remembers what it is handed and answers what it is told to.
type inbox struct {
	mu       sync.Mutex
	presses  []connector.Press
	subs     []connector.Submission
	commands []connector.Spoken
	written  []connector.Written
	queries  []connector.Searching
	homes    []connector.User
	removed  []session.MessageID

	answer func(what any) (connector.Answer, error)
	renew  func(connector.Form) connector.Form
	home   connector.Form
	offer  []connector.Option
}

func (i *inbox) say(what any) (connector.Answer, error) {
	i.mu.Lock()
	answer := i.answer
	i.mu.Unlock()
	if answer == nil {
		return connector.Answer{}, nil
	}
	return answer(what)
}

// answers sets what is answered from now on.
func (i *inbox) answers(a connector.Answer) {
	i.answersWith(func(any) (connector.Answer, error) { return a, nil })
}

func (i *inbox) answersWith(f func(what any) (connector.Answer, error)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.answer = f
}

func (i *inbox) Pressed(_ context.Context, p connector.Press) (connector.Answer, error) {
	i.mu.Lock()
	i.presses = append(i.presses, p)
	i.mu.Unlock()
	return i.say(p)
}

func (i *inbox) Submitted(_ context.Context, s connector.Submission) (connector.Answer, error) {
	i.mu.Lock()
	i.subs = append(i.subs, s)
	i.mu.Unlock()
	return i.say(s)
}

func (i *inbox) Commanded(_ context.Context, s connector.Spoken) (connector.Answer, error) {
	i.mu.Lock()
	i.commands = append(i.commands, s)
	i.mu.Unlock()
	return i.say(s)
}

func (i *inbox) Wrote(_ context.Context, w connector.Written) (connector.Answer, error) {
	i.mu.Lock()
	i.written = append(i.written, w)
	i.mu.Unlock()
	return i.say(w)
}

func (i *inbox) Removed(_ context.Context, _ session.PlaceID, at session.MessageID) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.removed = append(i.removed, at)
	return nil
}

func (i *inbox) Searched(_ context.Context, q connector.Searching) ([]connector.Option, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.queries = append(i.queries, q)
	return i.offer, nil
}

func (i *inbox) Home(_ context.Context, by connector.User) (connector.Form, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.homes = append(i.homes, by)
	return i.home, nil
}

func (i *inbox) Renewed(_ context.Context, _ connector.User, f connector.Form) (connector.Form, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	f.Until = time.Time{}
	if i.renew != nil {
		f = i.renew(f)
	}
	return f, nil
}

func got[T any](i *inbox, list *[]T) []T {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(*list)
}
