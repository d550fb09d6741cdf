package view

import (
	"slices"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// groups lists the names of the groups of places, in the order of the configuration.
func (d *Desk) groups() (names []string) {
	for _, p := range d.Places {
		for _, g := range p.Groups {
			if !slices.Contains(names, g) {
				names = append(names, g)
			}
		}
	}
	return names
}

// members are the places of a group; none is that there is no such group.
func (d *Desk) members(group string) (all []Place) {
	for _, p := range d.Places {
		if slices.Contains(p.Groups, group) {
			all = append(all, p)
		}
	}
	return all
}

// grouping offers every group by its name and the names of its places.
func (d *Desk) grouping() (options []connector.Option) {
	for _, g := range d.groups() {
		var names []string
		for _, p := range d.members(g) {
			names = append(names, p.Name)
		}
		options = append(options, connector.Option{Value: g,
			Label: d.Words.Text("desk.group_of", "name", g, "places", strings.Join(names, ", "))})
	}
	return options
}

// everywhere names all places: those in groups by their groups.
func (d *Desk) everywhere() []string {
	names := d.groups()
	for _, p := range d.Places {
		if len(p.Groups) == 0 {
			names = append(names, string(p.Connector))
		}
	}
	return names
}

// Spread puts the places of a group in place of its name. Each place is named once, where it was first.
func (d *Desk) Spread(names []session.ConnectorID) []session.ConnectorID {
	all := []session.ConnectorID{}
	add := func(id session.ConnectorID) {
		if !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	for _, name := range names {
		within := d.members(string(name))
		for _, p := range within {
			add(p.Connector)
		}
		if len(within) == 0 {
			add(name)
		}
	}
	return all
}

// SessionCommand is session.NewSessionCommand, where places may be named by their groups.
func (d *Desk) SessionCommand(v session.Verb, fields []byte) (session.SessionCommand, error) {
	cmd, err := session.NewSessionCommand(v, fields)
	if edit, is := cmd.(session.EditSession); is && err == nil && edit.Targets != nil {
		all := d.Spread(*edit.Targets)
		edit.Targets = &all
		return edit, nil
	}
	return cmd, err
}
