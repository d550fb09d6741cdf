package site

import "net/netip"

// widening is how many times as much a network may do as one within it: a neighbourhood is
// many people, and a provider gives one of them up to a /48.
const widening = 4

// tiers are the lengths of the networks that an address is counted by, the narrowest first.
// Whoever has an IPv6 address has a /64, a customer a /56 or a /48.
var (
	tiers4 = []int{32, 24}
	tiers6 = []int{64, 56, 48}
)

// networks are what an address is counted by, the narrowest first.
func networks(a netip.Addr) []netip.Prefix {
	tiers := tiers4
	if a.Is6() {
		tiers = tiers6
	}
	var ps []netip.Prefix
	for _, bits := range tiers {
		p, _ := a.Prefix(bits) // the zero prefix for no address
		ps = append(ps, p)
	}
	return ps
}

// Neighbourhood is the widest network that an address is counted by: a /24 (IPv4) or a /48
// (IPv6). No address has the zero prefix.
func Neighbourhood(a netip.Addr) netip.Prefix {
	nets := networks(a)
	return nets[len(nets)-1]
}
