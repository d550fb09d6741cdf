package flickr

import "embed"

// words are what "bot check" and the desk say of a photo.
//
//go:embed lv en
var words embed.FS
