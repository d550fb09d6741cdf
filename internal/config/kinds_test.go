package config

import (
	"errors"
	"strings"

	"experthour/internal/connector"
	"experthour/internal/setting"
)

// made are made-up platforms: "pigeon" has a desk and a public side, "wall" only the latter.
var made = connector.Kinds{
	{Name: "wall", Title: "The wall", Settings: func() any { return &struct{}{} }},
	{Name: "pigeon", Title: "Pigeon post", Desk: "pigeon-desk",
		Account:  func() any { return &pigeon{Loft: "home"} },
		Settings: func() any { return &roost{Colours: []string{"grey"}} },
		Member: func(account string) error {
			if strings.Contains(account, "@") {
				return errors.New("pigeons know no names")
			}
			return nil
		}},
}

type pigeon struct {
	Token setting.Secret `toml:"token"`
	Loft  setting.ID     `toml:"loft"`
	Speed string         `toml:"speed"`
}

// Check wants a token where something flies, and says so of the section where it wants more.
func (p *pigeon) Check(u connector.Use, bad setting.Bad) {
	if u.Desk || len(u.Places) > 0 {
		bad.Need("token", p.Token.Reveal(), "the ring's number")
	}
	if u.Desk && len(u.People) > 0 && u.People[0].Accounts["pigeon-desk"] == "" {
		bad("", "the first of the people needs a pigeon")
	}
	if p.Speed == "slow" {
		bad("speed", "%d places, public at %s", len(u.Places), u.PublicURL)
	}
}

type roost struct {
	Ring    setting.ID `toml:"ring"`
	Colours []string   `toml:"colours"`
}

func (r *roost) Check(u connector.Use, bad setting.Bad) {
	for _, c := range r.Colours {
		bad.Choice("colours", c, "grey", "white")
	}
	if len(u.Places) > 1 && u.Places[1].Settings == any(r) {
		bad("kind", "is the second of %s", u.Places[1].ID)
	}
}
