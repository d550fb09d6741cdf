package facebook

import "experthour/internal/connector"

// Kind is a Facebook Page; one token serves one place.
var Kind = connector.Kind{
	Name: "facebook", Title: "Facebook", Words: words,
	Account:  func() any { return &Account{URL: endpoint} },
	Settings: func() any { return &Settings{} },
	New: func(env connector.Env, account any, places []connector.Place) ([]connector.Connector, error) {
		var cs []connector.Connector
		for _, p := range places {
			cs = append(cs, New(env, *account.(*Account), *p.Settings.(*Settings), p.ID))
		}
		return cs, nil
	},
}
