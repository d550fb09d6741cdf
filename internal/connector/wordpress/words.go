package wordpress

import "embed"

// words are what "bot check" and the desk say of a site.
//
//go:embed lv en
var words embed.FS
