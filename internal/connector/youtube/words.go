package youtube

import "embed"

// words are what "bot check" and the desk say of a video.
//
//go:embed lv en
var words embed.FS
