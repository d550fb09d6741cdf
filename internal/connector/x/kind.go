package x

import (
	"embed"

	"experthour/internal/connector"
)

// words are what "bot check" and the desk say of the account.
//
//go:embed lv en
var words embed.FS

// kind is what the configuration calls it.
const kind = "x"

// Kind is an account at X; one account serves one place.
var Kind = connector.Kind{
	Name: kind, Title: "X", Words: words,
	Account: func() any {
		return &Account{URL: endpoint, LoginURL: loginURL, RedirectPort: usualPort, USDADay: usualDay, USDAnHour: usualHour}
	},
	Settings: func() any { return &Settings{Links: true} },
	New: func(env connector.Env, account any, places []connector.Place) ([]connector.Connector, error) {
		var cs []connector.Connector
		for _, p := range places {
			cs = append(cs, New(env, *account.(*Account), *p.Settings.(*Settings), p.ID))
		}
		return cs, nil
	},
}
