package redistest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
)

// Dump writes down everything that a store holds: each key on a line, with all of its
// content behind it. It is for searching, not for comparing: the order is the server's.
func Dump(t testing.TB, client redis.UniversalClient) string {
	t.Helper()
	ctx := context.Background()
	keys, err := client.Keys(ctx, "*").Result()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, key := range keys {
		content, err := content(ctx, client, key)
		if err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		fmt.Fprintf(&b, "%s = %v\n", key, content)
	}
	return b.String()
}

func content(ctx context.Context, client redis.UniversalClient, key string) (any, error) {
	kind, err := client.Type(ctx, key).Result()
	if err != nil {
		return nil, err
	}
	switch kind {
	case "none": // it expired meanwhile
		return nil, nil
	case "string":
		return client.Get(ctx, key).Result()
	case "hash":
		return client.HGetAll(ctx, key).Result()
	case "set":
		return client.SMembers(ctx, key).Result()
	case "zset":
		return client.ZRange(ctx, key, 0, -1).Result()
	case "list":
		return client.LRange(ctx, key, 0, -1).Result()
	case "stream":
		return client.XRange(ctx, key, "-", "+").Result()
	}
	return nil, fmt.Errorf("a key of type %s", kind)
}
