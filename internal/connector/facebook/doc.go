// Package facebook is a Facebook Page as a place of the public: an hour is announced by a post of
// the Page, comments under it are questions, and answers are comments under those.
//
// Facebook keeps no key with a comment: what the Page wrote is found again by who wrote it, its
// text and its time. New comments are read from the list of each announcement, with some overlap,
// and now and then the whole list, for edits, likes and what a list had left out. The webhook
// "feed" only says of which comment something happened: what is so now is read when its letter is
// handled, so that repeats and any order do no harm.
//
// What Meta's platforms share is the room connector/graph; graph.go has what is a Page's of it.
package facebook
