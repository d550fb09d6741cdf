// Package x is an account at X as a place of the public: people ask by mentioning it or by replying
// to its announcements, and answers are replies to them.
//
// X takes money for each call. So what it gives for little is asked first, nothing is asked for
// that is not needed, and a budget of each day bounds what is spent. X lets an account reply only to
// who mentions it, has no key for a post and no edits of replies: what was posted is found on
// the account's own timeline, and a correction is a new post in place of one that was deleted.
package x
