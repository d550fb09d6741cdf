package redisstore_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"experthour/internal/connector"
	"experthour/internal/keyring"
	"experthour/internal/redisstore"
	"experthour/internal/redisstore/redistest"
	"experthour/internal/session"
	"experthour/internal/session/sessiontest"
)

// TestRefsNameNobody: what is stored to recognise messages and people does not say who they
// are, differs from hour to hour, and is found after the secret has changed and after an
// earlier version has written it.
func TestRefsNameNobody(t *testing.T) {
	t.Parallel()
	plain := redistest.New(t, func() time.Time { return sessiontest.Noon })
	store := func(secrets ...string) *redisstore.Store {
		o := redisstore.Options{Embedded: true}
		for _, secret := range secrets {
			o.Names = append(o.Names, func(parts ...string) []byte { return keyring.Sum([]byte(secret), parts...) })
		}
		return redisstore.New(plain.Client, o)
	}
	origin := session.Origin{Connector: "chat", Place: "MARKplace", Message: "MARKmessage", User: "MARKuser"}
	ask := func(s *redisstore.Store, scene *sessiontest.Scene, key string) bool {
		t.Helper()
		n := scene.New(key)
		n.Origin = origin
		_, added, err := s.Add(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		return added
	}
	scene := sessiontest.NewScene(t, plain.Store)
	ask(store(), scene, "MARK earlier")
	ask(store("one"), scene, "MARK one")
	if ask(store("two", "one"), scene, "MARK one") || ask(store("one"), scene, "MARK earlier") {
		t.Error("a repeat became another question")
	}
	ask(store("two", "one"), scene, "MARK two")
	ids, err := store("two", "one").ByAsker(t.Context(), "hour", "chat", "MARKuser")
	if !slices.Equal(ids, []int{1, 2, 3}) || err != nil {
		t.Errorf("they asked %v, %v", ids, err)
	}
	if _, ok, err := store("two", "one").ByOriginal(t.Context(), "hour", origin); !ok || err != nil {
		t.Errorf("found by its original: %v, %v", ok, err)
	}
	if ids, _ := store("three").ByAsker(t.Context(), "hour", "chat", "MARKuser"); !slices.Equal(ids, []int{1}) {
		t.Errorf("without the key %v are found", ids)
	}
	named := names(t, plain.Client)
	if len(named) != 3 { // those of the version that named them
		t.Errorf("refs names %q", named)
	}
}

// names are the fields of refs that are no HMAC.
func names(t *testing.T, client redis.UniversalClient) []string {
	t.Helper()
	fields, err := client.HKeys(t.Context(), "eh:{hour}:refs").Result()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(fields, func(f string) bool { return strings.HasPrefix(f, "r:") })
}

// TestMemosNameNobody: nor do the keys of what connectors remember about people, and what was
// kept under an earlier secret, or by an earlier version, is found, replaced and forgotten.
func TestMemosNameNobody(t *testing.T) {
	t.Parallel()
	plain := redistest.New(t, func() time.Time { return sessiontest.Noon })
	memory := func(secrets ...string) connector.Memory {
		o := redisstore.Options{Embedded: true}
		for _, secret := range secrets {
			o.Names = append(o.Names, func(parts ...string) []byte { return keyring.Sum([]byte(secret), parts...) })
		}
		return redisstore.New(plain.Client, o).Memory("chat")
	}
	recalls := func(m connector.Memory, want string) {
		t.Helper()
		v, ok, err := m.Recall(t.Context(), "choice:MARKuser")
		if err != nil || string(v) != want || ok != (want != "") {
			t.Errorf("recalled %q, %t, %v; want %q", v, ok, err, want)
		}
	}
	check(t, memory().Keep(t.Context(), "choice:MARKuser", []byte("earlier"), time.Hour))
	recalls(memory("one"), "earlier")
	check(t, memory("one").Keep(t.Context(), "choice:MARKuser", []byte("one"), time.Hour))
	recalls(memory("two", "one"), "one")
	if dump := redistest.Dump(t, plain.Client); strings.Contains(dump, "MARK") {
		t.Errorf("a key names somebody: %s", dump)
	}
	check(t, memory("two", "one").Forget(t.Context(), "choice:MARKuser"))
	recalls(memory("two", "one"), "")
}
