package session

import (
	"errors"
	"fmt"
	"slices"
)

// Kind answers the question that every caller of the domain has: what can I do
// about this error? Adapters map it to an HTTP status, an exit code or a private
// message in one table each.
type Kind uint8

const (
	// Internal is the zero value: nothing the caller can do; look at the log.
	Internal Kind = iota
	// Invalid means the input is wrong; correct it and try again.
	Invalid
	// Forbidden means the person's role does not allow it.
	Forbidden
	// NotFound means there is no such session, question or revision.
	NotFound
	// Already means somebody else did the same, or a rival thing, first.
	Already
	// Stale means the caller acted on something that has changed since; look again.
	Stale
	// Refused means the state of the question or session does not allow it.
	Refused
	// TooMany means a limit on count or rate was reached; try later.
	TooMany
	// Unavailable means the store did not accept the change; nothing happened, try again.
	Unavailable
)

// Error is the only error type that leaves the domain and its store. ID names a
// message of the catalogue (package wording) and Args fill it, name and value in
// turn, so each reader gets the text in their own language; Cause is for the log.
type Error struct {
	Kind Kind
	ID   string
	Args []any
	// Field is the field of the command that is wrong, by its name in the JSON API; ""
	// when the error is about no single one. Forms map it to their inputs.
	Field Field
	// By is the person whom the error is about: who was faster, who did it before, or whose
	// it is; "" for nobody. Texts name them as {{.by}}.
	By    PersonName
	Cause error
}

// Fail returns an *Error without a cause. Args alternate names and values.
func Fail(kind Kind, id string, args ...any) *Error {
	return &Error{Kind: kind, ID: id, Args: args}
}

// At returns a copy of e that names the field which is wrong.
func (e *Error) At(f Field) *Error {
	c := *e
	c.Field = f
	return &c
}

// Of returns a copy of e that names the person whom it is about.
func (e *Error) Of(p PersonName) *Error {
	c := *e
	c.By = p
	return &c
}

// ByOf is the person whom the first *Error in err's chain names, "" for nobody.
func ByOf(err error) PersonName {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.By
	}
	return ""
}

// FieldOf is the field that the first *Error in err's chain names, "" for none.
func FieldOf(err error) Field {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Field
	}
	return ""
}

// Because returns a copy of e with the cause that only the log shows.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

// Error is the text for the log. People read the catalogue's text instead.
func (e *Error) Error() string {
	if e.Cause == nil {
		return e.ID
	}
	return fmt.Sprintf("%s: %v", e.ID, e.Cause)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// KindOf returns the kind of the first *Error in err's chain, and Internal when
// there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Errors are all that went wrong, where several things did at once.
func Errors(err error) []*Error {
	switch e := err.(type) {
	case nil:
		return nil
	case *Error:
		return []*Error{e}
	case interface{ Unwrap() []error }:
		var all []*Error
		for _, one := range e.Unwrap() {
			all = append(all, Errors(one)...)
		}
		return all
	}
	return Errors(errors.Unwrap(err))
}

// Also adds to what is wrong with what somebody typed what else is, at other fields. What is
// about no field, such as that they may not, is said alone.
func Also(typed, decided error) error {
	if typed == nil {
		return decided
	}
	wrong := []error{typed}
	for _, e := range Errors(decided) {
		if e.Field == "" {
			return decided
		}
		if !slices.ContainsFunc(Errors(typed), func(o *Error) bool { return o.Field == e.Field }) {
			wrong = append(wrong, e)
		}
	}
	return errors.Join(wrong...)
}
