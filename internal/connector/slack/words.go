package slack

import "embed"

// words are the sentences that nobody but this package says: what is wrong with the
// platform's set-up, and what a person needs to be told about a form.
//
//go:embed lv en
var words embed.FS
