package youtube

import (
	"experthour/internal/connector"
	"experthour/internal/session"
)

// kind is what the configuration calls it.
const kind = "youtube"

// Kind is a video at YouTube; one account serves one place.
var Kind = connector.Kind{
	Name: kind, Title: "YouTube", Words: words,
	Account:  func() any { return &Account{URL: apiURL, TokenURL: tokenURL, LoginURL: loginURL, Units: usualUnits} },
	Settings: func() any { return &Settings{Every: usualEvery} },
	New: func(env connector.Env, account any, places []connector.Place) ([]connector.Connector, error) {
		var cs []connector.Connector
		for _, p := range places {
			c, err := connectorOf(env, *account.(*Account), *p.Settings.(*Settings), p.ID)
			if err != nil {
				return nil, err
			}
			cs = append(cs, c)
		}
		return cs, nil
	},
}

func connectorOf(env connector.Env, a Account, s Settings, id session.ConnectorID) (connector.Connector, error) {
	if s.Live {
		return NewLive(env, a, s, id)
	}
	return New(env, a, s, id)
}
