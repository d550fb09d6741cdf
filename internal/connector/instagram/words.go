package instagram

import "embed"

// words are what "bot check", the log and the desk page say of the account and the post.
//
//go:embed lv en
var words embed.FS
