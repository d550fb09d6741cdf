package config

import (
	"cmp"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"experthour/internal/setting"
)

// Doubt is something in the file that works and should not stay so. A grave one lets
// somebody in who should not be.
type Doubt struct {
	Problem
	Grave bool
}

// doubt notes one.
func (r *report) doubt(grave bool, key, text string) {
	r.doubts = append(r.doubts, Doubt{Problem{r.file, r.lines.of(key), key, text}, grave})
}

// doubtful looks at a file that is right.
func (r *report) doubtful(c Config) {
	for i, s := range c.HTTP.Secrets {
		if why := setting.Weak(s.Reveal()); why != "" && s.Reveal() != "" {
			r.doubt(true, secretKey(i, len(c.HTTP.Secrets)),
				why+", so it can be guessed, and links can be forged; make one with: "+setting.MakeSecret)
		}
	}
	if u, err := url.Parse(c.HTTP.PublicURL); err == nil && u.Scheme == "http" && !inside(u.Hostname()) {
		r.doubt(false, "http.public_url", "is http://, so others can read and change what people send, links to the desk among it; "+
			"put a web server with a certificate in front, and write https://")
	}
	if host, _, err := net.SplitHostPort(c.HTTP.MetricsListen); err == nil && everywhere(host) {
		r.doubt(false, "http.metrics_listen", "can be reached from outside, and says how busy the hour is; "+
			"listen on 127.0.0.1 or on an address of the inner network")
	}
	if u, err := url.Parse(c.HTTP.PublicURL); c.Feeds.Hub != "" && (err != nil || u.Hostname() == "" || inside(u.Hostname())) {
		r.doubt(false, "feeds.hub", "is told of feeds that it cannot read; write as [http] public_url the address that the public sees")
	}
	for i, p := range c.HTTP.TrustedProxies {
		if p.Bits() <= 1 {
			r.doubt(false, entry("http.trusted_proxies", i+1), "is everybody, so anybody can claim any address, and limits count nobody; "+
				"write the address of the web server in front")
		}
	}
}

// inside reports whether a host is one that the public does not reach: this machine, the
// inner network, or a name without a domain.
func inside(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast()
	}
	_, domain, dotted := strings.Cut(strings.ToLower(host), ".")
	last := domain[strings.LastIndexByte(domain, '.')+1:]
	return !dotted || last == "localhost" || last == "local" || last == "internal" || last == "lan" || last == "test"
}

// everywhere reports whether listening on a host is listening to the public. What a name
// means is not known here.
func everywhere(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "" || err == nil && (ip.IsUnspecified() || !inside(host))
}

// kept says where a secret lies: in a file of its own, or in the configuration.
type kept struct{ key, file string }

// readable notes the secrets that everybody on this machine can read. mode is asked about
// each file; one that cannot be looked at is not noted.
func (r *report) readable(mode func(path string) (fs.FileMode, error)) {
	others := map[string]int{} // besides the first one of a file
	for _, k := range r.kept {
		others[cmp.Or(k.file, r.file)]++
	}
	for _, k := range r.kept {
		file := cmp.Or(k.file, r.file)
		n := others[file] - 1
		m, err := mode(file)
		if delete(others, file); n < 0 || err != nil || m.Perm()&0o004 == 0 {
			continue // it was said, or nobody can read it
		}
		also := ""
		if n > 0 {
			also = fmt.Sprintf(", as do %d more", n)
		}
		// A file for a secret is made for that. The configuration is one that people share,
		// and what is in it may be there for a trial.
		r.doubt(k.file != "", k.key, "lies in a file that everybody on this machine can read"+also+"; run: chmod 600 "+file)
	}
}
