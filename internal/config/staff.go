package config

import (
	"experthour/internal/connector"
	"experthour/internal/session"
)

// Staff are the people of the file, with their accounts: at the desk, and wherever the
// public writes on the same platform, where they write as well and ask nothing.
func (c Config) Staff(kinds connector.Kinds) session.Directory {
	var d session.Directory
	for _, p := range c.People {
		d = append(d, session.Person{Name: session.PersonName(p.Name), Role: session.Role(p.Role), Office: p.Office, Email: p.Email,
			Accounts: c.accounts(p, kinds)})
	}
	return d
}

func (c Config) accounts(p Person, kinds connector.Kinds) map[session.ConnectorID]session.UserRef {
	as := map[session.ConnectorID]session.UserRef{}
	for kind, account := range p.Accounts {
		if k, _ := kinds.Named(kind); k.Desk != "" {
			as[k.Desk] = session.UserRef(account)
		}
		for _, place := range c.Places(kind) {
			as[place.ID] = session.UserRef(account)
		}
	}
	return as
}

// Places are the [[public]] tables of a kind.
func (c Config) Places(kind string) []connector.Place {
	var ps []connector.Place
	for _, p := range c.Public {
		if p.Kind == kind {
			ps = append(ps, connector.Place{ID: session.ConnectorID(p.ID), Settings: p.Settings, Pin: p.Pin})
		}
	}
	return ps
}
