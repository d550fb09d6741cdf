package config

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

const maxReplicas = 5

func (r *report) redis(c Redis) {
	if err := redisURL(c.URL.Reveal()); err != nil {
		r.add("redis.url", "%v", err)
	}
	if c.Managed() && c.Dir == "" {
		r.add("redis.dir", "is missing; name the folder for the managed server's files")
	}
	if c.WaitReplicas < 0 || c.WaitReplicas > maxReplicas {
		r.add("redis.wait_replicas", "must be between 0 and %d", maxReplicas)
	}
	if c.WaitReplicas > 0 && (c.Embedded() || c.Managed()) {
		r.add("redis.wait_replicas", "must be 0: a store that the program starts itself has no replicas")
	}
	if c.Durability != "" {
		r.Choice("redis.durability", c.Durability, "always", "everysec", "none")
	}
}

var (
	errRedisURL = errors.New("write \"embedded\", \"managed\" or an address such as \"redis://host:6379\" or \"unix:///path\"; " +
		"more hosts are separated by commas")
	errRedisHost = errors.New("every host needs the form name or name:port, separated by commas; " +
		"in a password write / ? # @ as %2F %3F %23 %40")
	errRedisRest = errors.New("what follows the hosts must be nothing, the number of a database (/2) or, for Sentinel, " +
		"?master_name=NAME with sentinel_username and sentinel_password; " +
		"in a user name or password write special characters as %XX")
)

// redisURL checks the shape of an address. Its errors are fixed texts: those of
// net/url repeat the address, and with it the password.
func redisURL(text string) error {
	if text == "embedded" || text == "managed" {
		return nil
	}
	scheme, rest, found := strings.Cut(text, "://")
	if found && scheme == "unix" && strings.HasPrefix(rest, "/") && len(rest) > 1 {
		return nil
	}
	if !found || (scheme != "redis" && scheme != "rediss") {
		return errRedisURL
	}
	end := strings.IndexAny(rest+"/", "/?#")
	at := strings.LastIndex(rest[:end], "@") + 1
	for host := range strings.SplitSeq(rest[at:end], ",") {
		if !isHost(host) {
			return errRedisHost
		}
	}
	return redisRest("redis://" + rest[:at] + "host" + rest[end:])
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// isHost accepts a name or IPv4 address with or without a port, and an IPv6
// address in brackets with one.
func isHost(text string) bool {
	if hostName.MatchString(text) {
		return true
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil || !isPort(port) {
		return false
	}
	_, err = netip.ParseAddr(host)
	return err == nil || hostName.MatchString(host)
}

// redisOptions are what the store understands behind an address.
var redisOptions = []string{"master_name", "sentinel_username", "sentinel_password"}

var redisPath = regexp.MustCompile(`^(/[0-9]*)?$`)

// redisRest checks an address whose host is known to be good.
func redisRest(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Fragment != "" || !redisPath.MatchString(u.Path) {
		return errRedisRest
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return errRedisRest
	}
	for name := range query {
		if !slices.Contains(redisOptions, name) {
			return errRedisRest
		}
	}
	return nil
}
