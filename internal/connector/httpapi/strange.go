package httpapi

import (
	"errors"
	"net/http"
	"net/netip"
	"slices"
	"syscall"

	"experthour/internal/connector"
)

// strangers and nearby are the ways of Strange clients. Their connections serve nobody else.
var (
	strangers = transport(nil, public(false))
	nearby    = transport(nil, public(true))
)

func way(o Options) *http.Transport {
	switch {
	case o.Strange && o.Near:
		return nearby
	case o.Strange:
		return strangers
	}
	return shared
}

var errNotPublic = errors.New("no address of the public internet")

// strange refuses an address that a Strange client does not call, as far as it can be told before
// its name is looked up.
func (c *Client) strange(r *http.Request) error {
	u := r.URL
	safe := u.Scheme == "https" && (u.Port() == "" || u.Port() == "443") || c.opts.Near && u.Scheme == "http"
	if !c.opts.Strange || safe && u.User == nil && u.Hostname() != "" {
		return nil
	}
	return &connector.SendError{Outcome: connector.Refused, Detail: "no address that is called"}
}

// public lets connections through to addresses of the public internet. It is asked for each
// address that a name stands for, after it was looked up and right before the connection is made.
func public(near bool) func(string, string, syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !isPublic(at.Addr()) && !(near && at.Addr().Unmap().IsLoopback()) {
			return errNotPublic
		}
		return nil
	}
}

// isPublic reports whether an address can be a stranger's on the public internet. Of IPv6 only what
// is given out is, without what another address hides in.
func isPublic(a netip.Addr) bool {
	a = a.Unmap()
	if a.Is6() && (a.Zone() != "" || !givenOut.Contains(a)) || !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	return !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(a) })
}

var givenOut = netip.MustParsePrefix("2000::/3")

// special are the addresses of IANA's registries of special purposes that netip does not tell.
var special = prefixes("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")

func prefixes(all ...string) (ps []netip.Prefix) {
	for _, p := range all {
		ps = append(ps, netip.MustParsePrefix(p))
	}
	return ps
}
