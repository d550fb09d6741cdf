// Package bluesky brings questions from Bluesky and answers to it: the AT Protocol, with an
// account of the institution and an app password.
//
// A post is put as a record under a key that follows from what is said (RecordKey), so that
// a repeat meets its own record. Nobody tells of mentions, edits, deletions and likes: they
// are asked for. The package must not know who may do what, nor what becomes of a question.
package bluesky
