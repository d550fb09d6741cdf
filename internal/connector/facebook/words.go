package facebook

import "embed"

// words are what "bot check" and the desk say of a Page.
//
//go:embed lv en
var words embed.FS
