// Package instagram is a professional account at Instagram as a place of the public: hours are
// announced by posts of a picture, or held under one that the institution posted itself; comments
// right under them are questions, and answers are replies to those.
//
// A post is made in two steps, like those of graph.Staged; Instagram fetches its picture from the
// program. It changes and deletes none, so that an hour is told of once. Instagram changes no
// comment, so that a correction is a new reply in place of the old. It keeps no key with one:
// whether a reply is out is found by its author, its text and its time. It tells nobody of
// removals but by webhooks, so that the comments are read again; likes come with them.
package instagram
