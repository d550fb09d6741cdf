package draugiem

import "embed"

// words are what "bot check" and the desk say of a page, and the title of its news.
//
//go:embed lv en
var words embed.FS
