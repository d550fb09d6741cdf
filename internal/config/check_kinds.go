package config

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/session"
	"experthour/internal/setting"
)

// kinds lets the settings of every kind look at themselves.
func (r *report) kinds(c Config, kinds connector.Kinds) {
	for _, k := range kinds {
		use := connector.Use{Desk: c.Desk.Kind == k.Name, Places: c.Places(k.Name), People: c.Staff(kinds), PublicURL: c.HTTP.PublicURL}
		if account, ok := c.Accounts[k.Name].(connector.Checked); ok {
			account.Check(use, r.under(k.Name))
		}
		for i, p := range c.Public {
			if place, ok := p.Settings.(connector.Checked); ok && p.Kind == k.Name {
				place.Check(use, r.under(entry("public", i+1)))
			}
		}
	}
}

// under notes problems of keys of a section.
func (r *report) under(section string) setting.Bad {
	return func(key, format string, args ...any) {
		r.add(strings.TrimSuffix(section+"."+key, "."), format, args...)
	}
}

var publicID = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)

func (r *report) public(places []Public, kinds connector.Kinds) {
	taken := []string{string(session.Page), string(session.DeskPage)}
	for _, k := range kinds.Desks() {
		taken = append(taken, string(k.Desk))
	}
	ids := unique{report: r, what: "place"}
	for i, p := range places {
		key := entry("public", i+1)
		r.Choice(member(key, "kind"), p.Kind, kinds.Public().Names()...)
		if p.Settings == nil {
			continue // of no kind that is known
		}
		r.line(member(key, "name"), p.Name, 80)
		r.URL(member(key, "profile"), p.Profile)
		if !publicID.MatchString(p.ID) || slices.Contains(taken, p.ID) {
			r.add(member(key, "id"), "%q cannot be an id; write up to 40 of a-z, 0-9 and -, but not %s", p.ID, strings.Join(taken, " or "))
		}
		ids.add(member(key, "id"), p.ID)
	}
	taken = append(taken, slices.Collect(maps.Keys(ids.keys))...)
	for i, p := range places {
		r.groups(member(entry("public", i+1), "groups"), p.Groups, taken)
	}
}

// mostGroups bounds in how many groups a place can be.
const mostGroups = 10

// groups looks at the names of groups, which stand where the ids of places do.
func (r *report) groups(key string, names, taken []string) {
	if len(names) > mostGroups {
		r.add(key, "has %d groups; a place can be in %d", len(names), mostGroups)
	}
	for i, name := range names {
		switch {
		case !publicID.MatchString(name):
			r.add(key, "%q cannot be the name of a group; write up to 40 of a-z, 0-9 and -", name)
		case slices.Contains(taken, name):
			r.add(key, "%q is the id of a place, so it cannot name a group; choose another name", name)
		case slices.Contains(names[:i], name):
			r.add(key, "%q stands there twice; write it once", name)
		}
	}
}
