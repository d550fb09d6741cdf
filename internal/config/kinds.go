package config

import (
	"slices"
	"strings"
)

// kind is a platform that the configuration can name. A connector's arrival
// makes its row available.
type kind struct {
	id, name  string // name is what people read
	available bool
}

var deskKinds = []kind{
	{"web", "Desk page", true},
	{"slack", "Slack", true},
	{"telegram", "Telegram", true},
}

var publicKinds = []kind{
	{"sandbox", "Sandbox", true},
	{"telegram", "Telegram", true},
	{"mastodon", "Mastodon", false},
	{"bluesky", "Bluesky", false},
	{"wordpress", "WordPress", false},
	{"facebook", "Facebook", false},
	{"instagram", "Instagram", false},
	{"youtube", "YouTube", false},
	{"x", "X", false},
	{"draugiem", "Draugiem.lv", false},
}

// nameOf is what people call a public place of a kind, and "" for an unknown one.
func nameOf(id string) string {
	for _, k := range publicKinds {
		if k.id == id {
			return k.name
		}
	}
	return ""
}

// kind checks that a key names a platform that this version can serve.
func (r *report) kind(key, id string, kinds []kind) {
	var known, available []string
	for _, k := range kinds {
		known = append(known, k.id)
		if k.available {
			available = append(available, k.id)
		}
	}
	r.Choice(key, id, known...)
	if !slices.Contains(available, id) {
		r.add(key, "this version has no connector for %q; it has: %s", id, strings.Join(available, ", "))
	}
}
