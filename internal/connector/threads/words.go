package threads

import "embed"

// words are what "bot check", the log and the desk page say of the account.
//
//go:embed lv en
var words embed.FS
