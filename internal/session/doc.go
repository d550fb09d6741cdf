// Package session is the domain: expert hours, their questions, who may do what
// to them, and which public copies of an answer are wanted.
//
// It knows rules and plain values. It must not know a clock, a store, a platform or a
// sentence for those who use it: time comes in as a value, storage and rendering come in
// as small interfaces (Store, Planner), and texts for people are message ids that package
// wording turns into words. What is in English in its tables is for docs/states.md.
package session
