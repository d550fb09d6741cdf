package connector

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"experthour/internal/session"
)

func TestActionRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := Action{
			Do:      rapid.StringMatching(`[a-z_]{1,20}`).Draw(t, "verb"),
			Session: TagOf(rapid.String().Draw(t, "session")),
			Number:  rapid.IntRange(0, mostNumber).Draw(t, "number"),
			Mark:    rapid.IntRange(0, mostNumber).Draw(t, "mark"),
		}
		if rapid.Bool().Draw(t, "has seen") {
			a.Seen = TagOf(rapid.String().Draw(t, "seen"))
		}
		data, err := a.Encode()
		if err != nil || len(data) > LongestAction {
			t.Fatalf("%+v is %q, %v", a, data, err)
		}
		if got, err := ParseAction(data); err != nil || got != a {
			t.Fatalf("%q reads %+v, %v; want %+v", data, got, err, a)
		}
	})
}

// Buttons outlive a version of the program: this one must still be read.
func TestActionIsStable(t *testing.T) {
	t.Parallel()
	a := Action{Do: string(session.Approve), Session: TagOf("tax-2026"), Number: 17, Mark: 3, Seen: TagOf("digest")}
	const want = "1.approve.khnUCPVqs5Xu.h.3.x1P7kuCh86Dc"
	if got, err := a.Encode(); err != nil || got != want {
		t.Errorf("encoded %q, %v; want %q", got, err, want)
	}
}

func TestActionRefused(t *testing.T) {
	t.Parallel()
	tag := string(TagOf("s"))
	for name, data := range map[string]string{
		"empty":             "",
		"another version":   "2.approve." + tag + ".1.1.",
		"no verb":           "1.." + tag + ".1.1.",
		"a verb in capital": "1.Approve." + tag + ".1.1.",
		"a long verb":       "1." + strings.Repeat("a", 21) + "." + tag + ".1.1.",
		"no session":        "1.approve..1.1.",
		"a short session":   "1.approve.abc.1.1.",
		"negative":          "1.approve." + tag + ".-1.1.",
		"a leading zero":    "1.approve." + tag + ".01.1.",
		"too much":          "1.approve." + tag + ".zzzzzz.1.",
		"one more part":     "1.approve." + tag + ".1.1.." + tag,
		"a line break":      "1.approve." + tag + ".1.1.\n",
		"NUL":               "1.approve\x00." + tag + ".1.1.",
	} {
		if a, err := ParseAction(data); err == nil {
			t.Errorf("%s: %q reads %+v", name, data, a)
		}
	}
	for name, a := range map[string]Action{
		"negative number": {Do: "a", Session: TagOf("s"), Number: -1},
		"huge mark":       {Do: "a", Session: TagOf("s"), Mark: mostNumber + 1},
		"wild verb":       {Do: "a.b", Session: TagOf("s")},
		"no session":      {Do: "a"},
	} {
		if data, err := a.Encode(); err == nil {
			t.Errorf("%s: encoded as %q", name, data)
		}
	}
}

func TestTag(t *testing.T) {
	t.Parallel()
	if !TagOf("a").Names("a") || TagOf("a").Names("b") || Tag("").Names("") {
		t.Error("a tag names its own string and no other")
	}
}

func FuzzParseAction(f *testing.F) {
	f.Add("1.approve." + string(TagOf("s")) + ".h.3." + string(TagOf("d")))
	f.Add("1.close." + string(TagOf("s")) + ".0.0.")
	f.Fuzz(func(t *testing.T, data string) {
		a, err := ParseAction(data)
		if err != nil {
			if a != (Action{}) {
				t.Errorf("%q is refused and reads %+v", data, a)
			}
			return
		}
		if again, err := a.Encode(); err != nil || again != data {
			t.Errorf("%q reads %+v, which is %q, %v", data, a, again, err)
		}
	})
}
