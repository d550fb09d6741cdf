// Package routing stands between the platforms and the sessions. It knows to which
// session a public message belongs, which public copies an answer has and how they
// read, what an asker is told about an outcome, which questions look alike, and
// which cards a person should see first.
//
// All but Inbox is pure. The package must not know a store, a clock or how any
// platform works: facts about platforms come in as connector.Limits, sentences
// come from package wording. It decides nothing about what may happen to a
// question; that is package session.
package routing
