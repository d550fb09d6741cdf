package session

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// commands decodes the command of each verb that people can give on a question.
var commands = map[Verb]func([]byte, On) (Command, error){
	Accept:   func(b []byte, on On) (Command, error) { return decode(b, AcceptQuestion{On: on}) },
	Claim:    func(b []byte, on On) (Command, error) { return decode(b, ClaimQuestion{On: on}) },
	Release:  func(b []byte, on On) (Command, error) { return decode(b, ReleaseQuestion{On: on}) },
	Submit:   func(b []byte, on On) (Command, error) { return decode(b, SubmitAnswer{On: on}) },
	SendBack: func(b []byte, on On) (Command, error) { return decode(b, SendBackAnswer{On: on}) },
	TakeBack: func(b []byte, on On) (Command, error) { return decode(b, TakeBackAnswer{On: on}) },
	Approve:  func(b []byte, on On) (Command, error) { return decode(b, ApproveAnswer{On: on}) },
	Correct:  func(b []byte, on On) (Command, error) { return decode(b, CorrectAnswer{On: on}) },
	Keep:     func(b []byte, on On) (Command, error) { return decode(b, KeepAnswer{On: on}) },
	Decline:  func(b []byte, on On) (Command, error) { return decode(b, DeclineQuestion{On: on}) },
	DeclineTogether: func(b []byte, on On) (Command, error) {
		return decode(b, DeclineAlike{DeclineQuestion: DeclineQuestion{On: on}})
	},
	Merge:         func(b []byte, on On) (Command, error) { return decode(b, MergeQuestion{On: on}) },
	MergeTogether: func(b []byte, on On) (Command, error) { return decode(b, MergeAlike{On: on}) },
	Redirect:      func(b []byte, on On) (Command, error) { return decode(b, RedirectQuestion{On: on}) },
	Expire:        func(b []byte, on On) (Command, error) { return decode(b, ExpireQuestion{On: on}) },
	Retract:       func(b []byte, on On) (Command, error) { return decode(b, RetractAnswer{On: on}) },
	Withdraw:      func(b []byte, on On) (Command, error) { return decode(b, WithdrawQuestion{On: on}) },
	Restore:       func(b []byte, on On) (Command, error) { return decode(b, RestoreQuestion{On: on}) },
	Undo:          func(b []byte, on On) (Command, error) { return decode(b, UndoDecision{On: on}) },
	Settle:        func(b []byte, on On) (Command, error) { return decode(b, SettleDraft{On: on}) },
	Write:         func(b []byte, on On) (Command, error) { return decode(b, WriteMessage{On: on}) },
	UseIt:         func(b []byte, on On) (Command, error) { return decode(b, UseMessage{On: on}) },
	Describe:      func(b []byte, on On) (Command, error) { return decode(b, DescribePicture{On: on}) },
	AddNote:       func(b []byte, on On) (Command, error) { return decode(b, NoteQuestion{On: on}) },
	AllowName:     func(b []byte, on On) (Command, error) { return decode(b, AllowNameOf{On: on}) },
	HideAsked:     func(b []byte, on On) (Command, error) { return decode(b, HideQuestion{On: on}) },
	Retry:         func(b []byte, on On) (Command, error) { return decode(b, ResolveCopy{On: on, Decision: Retry}) },
	Drop:          func(b []byte, on On) (Command, error) { return decode(b, ResolveCopy{On: on, Decision: Drop}) },
	IsOut:         func(b []byte, on On) (Command, error) { return decode(b, ResolveCopy{On: on, Decision: IsOut}) },
	SendAgain:     func(b []byte, on On) (Command, error) { return decode(b, ResolveCopy{On: on, Decision: SendAgain}) },
}

// sessionCommands decodes the command of each verb that people can give on a session.
var sessionCommands = map[Verb]func([]byte) (SessionCommand, error){
	Reschedule:        func(b []byte) (SessionCommand, error) { return decode(b, RescheduleSession{}) },
	Edit:              func(b []byte) (SessionCommand, error) { return decode(b, EditSession{}) },
	Start:             func(b []byte) (SessionCommand, error) { return decode(b, StartSession{}) },
	Extend:            func(b []byte) (SessionCommand, error) { return decode(b, ExtendSession{}) },
	Stop:              func(b []byte) (SessionCommand, error) { return decode(b, StopSession{}) },
	Pause:             func(b []byte) (SessionCommand, error) { return decode(b, PauseSession{}) },
	Resume:            func(b []byte) (SessionCommand, error) { return decode(b, ResumeSession{}) },
	PauseIntake:       func(b []byte) (SessionCommand, error) { return decode(b, PauseIntakeSession{}) },
	ResumeIntake:      func(b []byte) (SessionCommand, error) { return decode(b, ResumeIntakeSession{}) },
	Close:             func(b []byte) (SessionCommand, error) { return decode(b, CloseSession{}) },
	Cancel:            func(b []byte) (SessionCommand, error) { return decode(b, CancelSession{}) },
	Reopen:            func(b []byte) (SessionCommand, error) { return decode(b, ReopenSession{}) },
	AllowSelfApproval: func(b []byte) (SessionCommand, error) { return decode(b, SelfApprovalExcept{}) },
	Lift:              func(b []byte) (SessionCommand, error) { return decode(b, LiftCeiling{}) },
	Retry:             onAnnouncement(Retry),
	Drop:              onAnnouncement(Drop),
	IsOut:             onAnnouncement(IsOut),
	SendAgain:         onAnnouncement(SendAgain),
}

// onAnnouncement decodes a decision about a copy of the session.
func onAnnouncement(v Verb) func([]byte) (SessionCommand, error) {
	return func(b []byte) (SessionCommand, error) {
		c, err := decode(b, ResolveCopy{Decision: v})
		return onSession{c}, err
	}
}

// NewCommand builds the command of verb v from the fields that a form, a button or
// the JSON API carries: a JSON object, or nothing. An unknown verb is NotFound, an
// unknown field Invalid.
func NewCommand(v Verb, ref QuestionRef, fields []byte) (Command, error) {
	build, ok := commands[v]
	if !ok {
		return nil, Fail(NotFound, "verb_unknown", "verb", Shorten(string(v), 40))
	}
	return build(fields, On{Question: ref})
}

// NewSessionCommand is NewCommand for the verbs on sessions.
func NewSessionCommand(v Verb, fields []byte) (SessionCommand, error) {
	build, ok := sessionCommands[v]
	if !ok {
		return nil, Fail(NotFound, "verb_unknown", "verb", Shorten(string(v), 40))
	}
	return build(fields)
}

// decode reads exactly one JSON object into a copy of c, keeping what c holds.
func decode[T any](fields []byte, c T) (T, error) {
	if len(bytes.TrimSpace(fields)) == 0 {
		return c, nil
	}
	d := json.NewDecoder(bytes.NewReader(fields))
	d.DisallowUnknownFields()
	err := d.Decode(&c)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("more than one value")
		}
	}
	if err != nil {
		detail := Shorten(strings.TrimPrefix(err.Error(), "json: "), 120)
		return c, Fail(Invalid, "fields_wrong", "detail", detail).Because(err)
	}
	return c, nil
}
