package slackfake

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Modal is the modal on top of what the person has open; nil when they have none.
func (w *Workspace) Modal(u *User) *View {
	return locked(w, func() *View {
		stack := w.modals[u.id]
		if len(stack) == 0 {
			return nil
		}
		return stack[len(stack)-1]
	})
}

// WaitModal waits until the person's top modal reads s somewhere; when ctx ends first the test fails.
func (w *Workspace) WaitModal(ctx context.Context, u *User, s string) *View {
	var v *View
	err := w.Await(ctx, func() bool {
		v = w.Modal(u)
		return v != nil && strings.Contains(v.Text(), s)
	})
	if err != nil {
		_ = w.misuse("%s has no modal with %q: %v", u.name, s, err)
		return nil
	}
	return v
}

// Home opens the App Home of the person, which the app is told of, and gives the view; the app publishes into it.
func (w *Workspace) Home(u *User) *View {
	w.mu.Lock()
	v := w.adoptHome(u, w.homes[u.id])
	event := obj{"type": "app_home_opened", "user": u.id, "channel": w.direct(u).id, "tab": "home"}
	if v.kind() != "" {
		event["view"] = v.json()
	}
	d := w.emit("app_home_opened", nil, event)
	w.mu.Unlock()
	w.settle(d)
	return v
}

// WaitHome waits until the person's App Home reads s somewhere; when ctx ends first the test fails.
func (w *Workspace) WaitHome(ctx context.Context, u *User, s string) *View {
	var v *View
	err := w.Await(ctx, func() bool {
		v = locked(w, func() *View { return w.homes[u.id] })
		return v != nil && strings.Contains(v.Text(), s)
	})
	if err != nil {
		_ = w.misuse("the App Home of %s does not say %q: %v", u.name, s, err)
		return nil
	}
	return v
}

// ID is Slack's id of the view, which the ledger names.
func (v *View) ID() string { return v.id }

// Title is the title of a modal.
func (v *View) Title() string {
	return locked(v.w, func() string { return (&rendering{w: v.w}).object(sub(v.spec, "title")) })
}

// Text is everything that the person sees in the view, title first.
func (v *View) Text() string { return locked(v.w, func() string { return v.render().String() }) }

// Mentions lists the calls and links that are alive in the view.
func (v *View) Mentions() []Mention {
	return locked(v.w, func() []Mention { return v.render().mentions })
}

// Buttons lists the labels of everything that can be pressed in the view, besides its submit and close buttons.
func (v *View) Buttons() []string {
	return locked(v.w, func() []string { return labels(&rendering{w: v.w}, objects(v.spec["blocks"])) })
}

// SubmitLabel is what the submit button says; empty when there is none.
func (v *View) SubmitLabel() string {
	return locked(v.w, func() string { return (&rendering{w: v.w}).object(sub(v.spec, "submit")) })
}

// IsOpen tells whether the person still has the view.
func (v *View) IsOpen() bool { return locked(v.w, func() bool { return !v.closed }) }

// Await blocks until cond is true for the view, looking after every change, or until ctx ends.
func (v *View) Await(ctx context.Context, cond func(*View) bool) error {
	return v.w.Await(ctx, func() bool { return cond(v) })
}

// Press presses a button in the view, or an entry of an overflow menu, and returns when the app has acknowledged.
func (v *View) Press(label string) error { return v.pressNear(label, "") }

// PressNear is Press for one of several with the same label; see Message.ClickNear.
func (v *View) PressNear(near, label string) error { return v.pressNear(label, near) }

func (v *View) pressNear(label, near string) error {
	v.w.mu.Lock()
	p, err := press{}, v.usable()
	if err == nil {
		p, err = onlyPress(&rendering{w: v.w}, objects(v.spec["blocks"]), label, near)
	}
	v.w.mu.Unlock()
	if err != nil {
		return v.w.misuse("%s cannot press %q: %v", v.user.name, label, err)
	}
	return v.act(p.actionJSON(), label)
}

func (v *View) usable() error {
	if v.closed {
		return fmt.Errorf("the view %q is closed", str(sub(v.spec, "title"), "text"))
	}
	return v.user.able(nil)
}

// act tells the app of an action in the view.
func (v *View) act(action obj, label string) error {
	v.w.mu.Lock()
	action["action_ts"] = v.w.stamp()
	payload := v.w.interaction("block_actions", v.user)
	payload["container"] = obj{"type": "view", "view_id": v.id}
	payload["view"], payload["actions"] = v.json(), []any{action}
	payload["trigger_id"] = v.w.trigger(v.user, v)
	v.w.note(Entry{Kind: PersonActed, Method: "block_actions", User: v.user.id, Detail: label})
	v.w.mu.Unlock()
	_, err := v.w.dispatch(interactive, payload)
	return err
}

// Submitted is what the person sees after the submit button.
type Submitted struct {
	// Errors are the complaints at the fields, by their labels. When there are any the modal stays open.
	Errors map[string]string
	// Next is the modal on top afterwards; nil when all are closed.
	Next *View
}

// Submit presses the modal's submit button. What the client can see by itself, such as an empty required field, is
// complained of without asking the app.
func (v *View) Submit() (Submitted, error) {
	if v == nil {
		return Submitted{}, &Misuse{What: "there is no modal to submit"}
	}
	payload, complaints, err := v.submission()
	if err != nil {
		return Submitted{}, v.w.misuse("%s cannot submit: %v", v.user.name, err)
	}
	if len(complaints) > 0 {
		return Submitted{Errors: complaints, Next: v}, nil
	}
	answer, err := v.w.dispatch(interactive, payload)
	if err != nil {
		return Submitted{Next: v}, err
	}
	return v.settleSubmission(answer)
}

func (v *View) submission() (obj, map[string]string, error) {
	v.w.mu.Lock()
	defer v.w.mu.Unlock()
	err := v.usable()
	switch {
	case len(v.faults) > 0:
		err = v.faults[0]
	case err == nil && sub(v.spec, "submit") == nil:
		err = fmt.Errorf("the view has no submit button")
	case err == nil && !v.onTop():
		err = fmt.Errorf("another modal lies on top")
	}
	v.faults = nil
	if err != nil {
		return nil, nil, err
	}
	if complaints := v.unfinished(); len(complaints) > 0 {
		return nil, complaints, nil
	}
	payload := v.w.interaction("view_submission", v.user)
	payload["view"], payload["response_urls"] = v.json(), []any{}
	payload["trigger_id"] = v.w.trigger(v.user, v)
	v.w.note(Entry{Kind: PersonActed, Method: "view_submission", User: v.user.id, Detail: v.id})
	return payload, nil, nil
}

func (v *View) onTop() bool {
	stack := v.w.modals[v.user.id]
	return len(stack) > 0 && stack[len(stack)-1] == v
}

// settleSubmission does what the app answered to a submission.
func (v *View) settleSubmission(answer json.RawMessage) (Submitted, error) {
	v.w.mu.Lock()
	defer v.w.mu.Unlock()
	defer v.w.touch()
	var response struct {
		Action string            `json:"response_action"`
		View   obj               `json:"view"`
		Errors map[string]string `json:"errors"`
	}
	if len(answer) > 0 {
		if err := json.Unmarshal(answer, &response); err != nil {
			return v.trouble("an answer that is no response_action: %v", err)
		}
	}
	switch response.Action {
	case "":
		v.pop()
	case "clear":
		v.w.closeAll(v.user)
	case "errors":
		return v.showErrors(response.Errors)
	case "update", "push":
		return v.follow(response.Action, response.View)
	default:
		return v.trouble("the unknown response_action %q", response.Action)
	}
	return Submitted{Next: v.top()}, nil
}

func (v *View) top() *View {
	stack := v.w.modals[v.user.id]
	if len(stack) == 0 {
		return nil
	}
	return stack[len(stack)-1]
}

// trouble is what the person sees when the app's answer cannot be used. The caller holds w.mu.
func (v *View) trouble(format string, args ...any) (Submitted, error) {
	v.w.complain("view_submission: "+format, args...)
	return Submitted{Next: v}, &Shown{Code: "We had some trouble connecting. Try again?"}
}

func (v *View) showErrors(byBlock map[string]string) (Submitted, error) {
	out := map[string]string{}
	for _, c := range controls(objects(v.spec["blocks"])) {
		if text, ok := byBlock[c.block]; ok && c.input != nil {
			out[v.label(c)] = text
			delete(byBlock, c.block)
		}
	}
	if len(byBlock) > 0 || len(out) == 0 {
		return v.trouble("errors that name no input block: %v", byBlock)
	}
	return Submitted{Errors: out, Next: v}, nil
}

// follow carries out an update or a push that came with the acknowledgement. The caller holds w.mu.
func (v *View) follow(action string, spec obj) (Submitted, error) {
	if problems := checkView(spec, "modal"); len(problems) > 0 {
		return v.trouble("a view that is refused: %v", problems)
	}
	spec = v.w.settleView(spec)
	if action == "update" {
		v.replace(spec)
		v.w.noteView(ViewUpdated, v)
		return Submitted{Next: v}, nil
	}
	next, err := v.w.stack(v.user, spec)
	if err != nil {
		return v.trouble("a push: %v", err)
	}
	return Submitted{Next: next}, nil
}

// pop takes the view off the person's stack. The caller holds w.mu.
func (v *View) pop() {
	v.closed = true
	v.w.modals[v.user.id] = slices.DeleteFunc(slices.Clone(v.w.modals[v.user.id]), func(o *View) bool { return o == v })
}

func (w *Workspace) closeAll(u *User) {
	for _, v := range w.modals[u.id] {
		v.closed = true
	}
	delete(w.modals, u.id)
}

// Close presses the close button: the view goes, and the one below shows again, unless the view clears the stack.
func (v *View) Close() error { return v.dismiss(false) }

// CloseAll presses the cross in the corner: the whole stack goes.
func (v *View) CloseAll() error { return v.dismiss(true) }

func (v *View) dismiss(all bool) error {
	v.w.mu.Lock()
	if v.closed || !v.onTop() {
		v.w.mu.Unlock()
		return v.w.misuse("%s cannot close a view that is not on top", v.user.name)
	}
	all = all || flag(v.spec, "clear_on_close")
	going := []*View{v}
	if all {
		going = slices.Clone(v.w.modals[v.user.id])
		v.w.closeAll(v.user)
	}
	v.pop()
	var payloads []obj
	for _, g := range slices.Backward(going) {
		if flag(g.spec, "notify_on_close") {
			payload := v.w.interaction("view_closed", v.user)
			payload["view"], payload["is_cleared"] = g.json(), all
			payloads = append(payloads, payload)
		}
	}
	v.w.touch()
	v.w.mu.Unlock()
	for _, payload := range payloads {
		_, _ = v.w.dispatch(interactive, payload) // the person has left and sees no error
	}
	return nil
}
