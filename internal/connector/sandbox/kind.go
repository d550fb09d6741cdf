package sandbox

import (
	"embed"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// words name the modes.
//
//go:embed lv en
var words embed.FS

// Kind is the sandbox; there may be any number of them.
var Kind = connector.Kind{
	Name: "sandbox", Title: "Sandbox", Words: words,
	Settings: func() any { return &struct{}{} },
	New: func(env connector.Env, _ any, places []connector.Place) ([]connector.Connector, error) {
		var cs []connector.Connector
		for _, p := range places {
			cs = append(cs, New(Options{ID: p.ID, Place: square, Inbox: env.Inbox, Now: env.Now, Language: env.Language,
				URL: env.PublicURL + connector.PretendPath(p.ID)}))
		}
		return cs, nil
	},
}

// square is the one place of a sandbox.
const square session.PlaceID = "square"
