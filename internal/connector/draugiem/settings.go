package draugiem

import (
	"regexp"

	"experthour/internal/connector"
	"experthour/internal/setting"
)

// endpoint is where Draugiem.lv is called (https://www.frype.com/applications/dev/docs/api).
const endpoint = "https://api.draugiem.lv/json/"

// Account is a page and one of the people who may use its API
// (https://www.draugiem.lv/applications/dev/docs/pages_admin).
type Account struct {
	// Experimental says that whoever configures it knows that it was never tried there.
	Experimental bool           `toml:"experimental"`
	URL          string         `toml:"api_url"`
	Page         setting.Secret `toml:"page_key"`
	User         setting.Secret `toml:"user_key"`
}

// Check looks at what a place needs only if there is one.
func (a *Account) Check(u connector.Use, bad setting.Bad) {
	bad.URL("api_url", a.URL)
	if len(u.Places) == 0 {
		return
	}
	if !a.Experimental {
		bad("experimental", "is not true; Draugiem.lv is experimental: it was never tried with a real page, and its API is hardly documented. "+
			"Read what the README says of it, and write experimental = true if you want to try it")
	}
	bad.Need("api_url", a.URL, "the address of the API; leave the key out for Draugiem.lv's own")
	bad.Need("page_key", a.Page.Reveal(), "the key of the page, from its section \"Lapas API\", or \"file:PATH\"")
	bad.Need("user_key", a.User.Reveal(), "the key of a person who may use the page's API, from the same section, or \"file:PATH\"")
}

// Settings are a place of the public.
type Settings struct {
	Page string `toml:"page"` // as the end of its address has it; the keys say which it really is
}

var pageName = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// Check bounds the places too: an account has one.
func (s *Settings) Check(u connector.Use, bad setting.Bad) {
	bad.Need("page", s.Page, "the end of the page's address: draugiem.lv/NAME")
	if s.Page != "" && !pageName.MatchString(s.Page) {
		bad("page", "%q is no name of a page; write the end of its address: draugiem.lv/NAME", s.Page)
	}
	if u.Places[0].Settings != any(s) {
		bad("kind", "there is a place at Draugiem.lv already; one page serves one, so remove the other")
	}
}
