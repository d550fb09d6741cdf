package draugiem

import "experthour/internal/connector"

// Kind is a page at Draugiem.lv; one account serves one place.
var Kind = connector.Kind{
	Name: "draugiem", Title: "Draugiem.lv", Experimental: true, Words: words,
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
