package telegram

import "embed"

// words are the sentences that nobody but this package says: what is wrong with the
// platform's set-up, and what a person is told in a form or about a button.
//
//go:embed lv en
var words embed.FS
