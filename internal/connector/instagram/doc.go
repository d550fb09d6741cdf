// Package instagram is a post of a professional account at Instagram as a place of the public:
// comments right under it are questions, and answers are replies to them.
//
// The institution posts the picture itself: hours are not announced there. Instagram changes no
// comment, so that a correction is a new reply in place of the old. It keeps no key with one:
// whether a reply is out is found by its author, its text and its time. It tells nobody of
// removals but by webhooks, so that the comments are read again; likes come with them.
package instagram
