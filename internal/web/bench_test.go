package web

import (
	"fmt"
	"net/http"
	"testing"

	"experthour/internal/session"
)

// The page costs the same at 5,000 questions as at 50, but for what the server in the
// process takes to look through them.
func BenchmarkSessionPage(b *testing.B) {
	for _, count := range []int{50, 5000} {
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			w := newWorld(b).open()
			for i := range count {
				w.accept(w.ask(session.Asked{Text: fmt.Sprintf("Question number %d?", i)}))
			}
			for b.Loop() {
				if rec := w.get("/s/heating"); rec.Code != http.StatusOK {
					b.Fatal(rec.Code)
				}
			}
		})
	}
}
