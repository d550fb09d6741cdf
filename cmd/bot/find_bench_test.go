package main

import (
	"fmt"
	"testing"

	"experthour/internal/session"
)

// BenchmarkFind searches an hour of 5,000 questions on a real Redis: for the first time in a
// process, which reads all of them, and then each time after one more has come.
func BenchmarkFind(b *testing.B) {
	c := newCounter(b)
	for i := range 5000 {
		c.text = fmt.Sprintf("Cik liela daļa no siltināšanas izmaksām tiek segta mājai ar %d dzīvokļiem, un kad var pieteikties?", i)
		c.asked(b)
	}
	ses, err := c.store.Session(b.Context(), "demo")
	if err != nil {
		b.Fatal(err)
	}
	anna := session.Actor{Name: demoModerator, Role: session.Moderator}
	views := c.views("", "Q")
	find := func(query string, want int) {
		f, err := views.For(ses, anna).Find(b.Context(), query)
		if err != nil || f.Total != want {
			b.Fatalf("%d found, want %d: %v", f.Total, want, err)
		}
	}
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			views = c.views("", "Q")
			find("siltinasanas 4711", 1)
		}
	})
	b.Run("next", func(b *testing.B) {
		find("siltinasanas 4711", 1)
		for b.Loop() {
			c.text = "Un garāžas?"
			c.asked(b)
			find("siltinasanas 4711", 1)
		}
	})
}
