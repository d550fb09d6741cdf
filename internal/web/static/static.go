// Package static holds the style sheets and scripts of all pages. It knows nothing
// else: package site gives them addresses.
package static

import "embed"

// Files are the assets by name.
//
//go:embed *.css *.js
var Files embed.FS
