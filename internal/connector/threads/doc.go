// Package threads is an account of Threads as a place of the public: hours are announced by its
// posts, replies under them, mentions and the hashtag are questions, and answers are replies.
//
// A post is made in two steps: see graph.Staged. The address of a post whose publication was not
// answered is found among the account's own by its text.
//
// Threads changes no post, so that a correction is a new one in place of the old. It tells an app
// nothing of edits, removals and likes of what others wrote: the conversations are read again, and
// likes are not known. The token holds for 60 days, and the vault's keeper renews it.
package threads
