package redisstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// The limits of every connection. A page that waits longer than a few seconds for its
// store has lost its reader.
const (
	dialTimeout = 2 * time.Second
	ioTimeout   = 5 * time.Second
	poolTimeout = 6 * time.Second
)

// Dial makes a client for an address: "redis://user:password@host:6379/0", rediss://
// for TLS, several hosts for a cluster, with "?master_name=NAME" for Sentinel, and
// "unix:///path" for a socket. It does not connect; see Check. Its errors repeat no
// part of the address, which may hold a password.
func Dial(address string) (redis.UniversalClient, error) {
	o, err := options(address)
	if err != nil {
		return nil, err
	}
	return redis.NewUniversalClient(o), nil
}

func options(address string) (*redis.UniversalOptions, error) {
	hosts, first, query, err := splitHosts(address)
	if err != nil {
		return nil, err
	}
	o, err := redis.ParseURL(first)
	if err != nil {
		return nil, fmt.Errorf("redis address: %w", errAddress)
	}
	u := &redis.UniversalOptions{Addrs: hosts, DB: o.DB, Username: o.Username, Password: o.Password, TLSConfig: o.TLSConfig,
		MasterName: query.Get("master_name"), SentinelUsername: query.Get("sentinel_username"), SentinelPassword: query.Get("sentinel_password")}
	if len(hosts) < 2 {
		u.Addrs = []string{o.Addr}
	}
	limits(u)
	return u, nil
}

// limits sets what every client of the store needs. Commands are repeated when a
// reply is lost: every script recognises its repeat.
func limits(u *redis.UniversalOptions) {
	u.ContextTimeoutEnabled = true
	u.DialTimeout, u.ReadTimeout, u.WriteTimeout, u.PoolTimeout = dialTimeout, ioTimeout, ioTimeout, poolTimeout
	u.DialerRetries = 1
	u.ClientName = "experthour"
}

var errAddress = errors.New("want redis://host:6379, rediss:// or unix:///path, and no option but master_name, " +
	"sentinel_username and sentinel_password")

func known(query url.Values) bool {
	for name := range query {
		if name != "master_name" && name != "sentinel_username" && name != "sentinel_password" {
			return false
		}
	}
	return true
}

// splitHosts takes a list of hosts apart, and the options that only this package
// knows, and leaves an address with one host for the client's own parser.
func splitHosts(address string) (hosts []string, first string, query url.Values, err error) {
	main, rawQuery, _ := strings.Cut(address, "?")
	query, err = url.ParseQuery(rawQuery)
	scheme, rest, ok := strings.Cut(main, "://")
	if err != nil || !ok || !known(query) {
		return nil, "", nil, fmt.Errorf("redis address: %w", errAddress)
	}
	if scheme == "unix" {
		return nil, address, url.Values{}, nil
	}
	authority, path, _ := strings.Cut(rest, "/")
	at := strings.LastIndex(authority, "@") + 1
	for _, h := range strings.Split(authority[at:], ",") {
		hosts = append(hosts, withPort(h))
	}
	return hosts, scheme + "://" + authority[:at] + hosts[0] + "/" + path, query, nil
}

func withPort(host string) string {
	if i := strings.LastIndex(host, ":"); i >= 0 && !strings.HasSuffix(host, "]") {
		return host
	}
	return host + ":6379"
}

// LogTo sends what the client library has to say (a connection that could not be made,
// say) to log, for the whole process. Call it before the first Dial.
func LogTo(log *slog.Logger) { redis.SetLogger(clientLog{log}) }

type clientLog struct{ log *slog.Logger }

// Printf is the library's only kind of message. While a server is away there are
// several a second; that it is away is said once, by whoever needs it.
func (l clientLog) Printf(ctx context.Context, format string, v ...any) {
	l.log.DebugContext(ctx, "redis client", "message", fmt.Sprintf(format, v...))
}
