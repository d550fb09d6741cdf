// Package flickr is a photo at Flickr as a place of the public: an hour is announced by a
// comment under it, other people's comments are questions, and answers are comments too. These
// are flat, so that an answer begins with the asker's name and a link to their comment.
//
// Flickr keeps no key with a comment: what the bot wrote is found again by its author, its text
// and its time. It tells nobody of edits and removals, and has one list for everything, which
// each look reads from the announcement on; so what was written or changed while nobody looked
// is found later, and nothing has to be remembered between two looks.
package flickr
