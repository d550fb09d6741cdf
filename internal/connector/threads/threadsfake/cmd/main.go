// Command cmd serves the fake by itself, for trying by hand: it prints what belongs into the
// configuration and what the program does there, and every line that is typed becomes a reply of a stranger to the newest
// post that replies to nothing.
package main

import (
	"fmt"
	"os"
	"time"

	"experthour/internal/connector/threads/threadsfake"
	"experthour/internal/connector/trying"
)

const config = `[threads]
api_url = %q
token = %q

[[public]]
kind = "threads"
`

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	at, err := trying.Listen()
	if err != nil {
		return err
	}
	f := threadsfake.Make(time.Now)
	return trying.Platform{Serve: f, Typing: "What you type becomes a reply of @ilze.ozola to the newest announcement, or else a post.",
		Config: fmt.Sprintf(config, "http://"+at.Addr().String(), threadsfake.Token),
		Typed:  func(line string) string { return f.Write("ilze.ozola", announced(f), line) },
	}.Run(at)
}

// announced is the newest post of the account that replies to nothing.
func announced(f *threadsfake.Threads) (id string) {
	for _, p := range f.Posts() {
		if p.ReplyTo == "" && p.Author == threadsfake.SelfName {
			id = p.ID
		}
	}
	return id
}
