package main

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestTable measures a house of a few lines, in which everything is counted once.
func TestTable(t *testing.T) {
	t.Parallel()
	house := fstest.MapFS{}
	for name, text := range map[string]string{
		"internal/delivery/outbox.go": "package delivery\n\ntype Outbox interface {\n\tTake()\n\tGive()\n}\n\ntype " +
			"Keeper interface{ Keep() }\n",
		"internal/delivery/outbox_test.go":        "package delivery\n",
		"internal/desk/chat/card.go":              "package chat\n\nfunc card() {\n}\n\nfunc told() {}\n",
		"internal/web/deskpage/card.go":           "package deskpage\n\nfunc card() {}\n\nfunc menu() {}\n",
		"internal/redisstore/lua/take.lua":        "return 1\n",
		"internal/redisstore/redistest/redis.go":  "package redistest\n",
		"internal/connector/telegram/telegram.go": "package telegram\n",
		"cmd/bot/kinds.go":                        "package main // Telegram\n",
		".git/x.go":                               "no Go\n",
	} {
		house[name] = &fstest.MapFile{Data: []byte(text)}
	}
	c, err := read("now", house)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := table(&b, []checkout{c}); err != nil {
		t.Fatal(err)
	}
	const want = `|  | now |
| --- | ---: |
| product lines (Go without tests, fakes and suites) | 21 |
| Lua lines | 1 |
| lines of the store in memory | 1 |
| methods on the delivery side of the store | 2 |
| files outside Telegram's folder that name it | 1 |
| function names that occur on both desks | 1 |
| length of a function, median and 90 % | 1 / 2 |
| ` + "`cmd/bot` | 1 |\n| `internal/connector/telegram` | 1 |\n| `internal/delivery` | 8 |\n" +
		"| `internal/desk/chat` | 6 |\n| `internal/web/deskpage` | 5 |\n"
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
}
