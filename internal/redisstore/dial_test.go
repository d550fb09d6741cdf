package redisstore_test

import (
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"experthour/internal/redisstore"
)

func TestDial(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"redis://localhost":          "localhost:6379",
		"redis://u:pa%2Fss@h:7000/3": "h:7000 u pa/ss 3",
		"rediss://:p@h":              "h:6379 tls p",
		"redis://a,b:7001,c":         "cluster a:6379 b:7001 c:6379",
		"redis://:p@a,b:7001?master_name=m&sentinel_password=q": "sentinel p",
		"redis://[::1]:7000":     "[::1]:7000",
		"unix:///run/redis.sock": "/run/redis.sock",
	} {
		c, err := redisstore.Dial(address)
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		defer c.Close()
		if got := describe(c); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
	for _, address := range []string{"", "localhost:6379", "http://secret@h", "redis://:secret@h/x",
		"redis://:secret@h?pool=1", "redis://:sec%ret@h"} {
		if _, err := redisstore.Dial(address); err == nil || strings.Contains(err.Error(), "sec") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func describe(c redis.UniversalClient) string {
	switch c := c.(type) {
	case *redis.ClusterClient:
		return "cluster " + strings.Join(c.Options().Addrs, " ")
	case *redis.Client:
		o := c.Options()
		words := []string{o.Addr}
		if o.Addr == "FailoverClient" {
			words[0] = "sentinel"
		}
		if o.TLSConfig != nil {
			words = append(words, "tls")
		}
		if o.Username != "" {
			words = append(words, o.Username)
		}
		if o.Password != "" {
			words = append(words, o.Password)
		}
		if o.DB != 0 {
			words = append(words, "3")
		}
		return strings.Join(words, " ")
	}
	return "?"
}
