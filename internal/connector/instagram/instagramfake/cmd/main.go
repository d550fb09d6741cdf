// Command cmd serves the fake by itself, for trying by hand: it prints what belongs into the
// configuration and what the program does there, and every line that is typed becomes a comment of a stranger.
package main

import (
	"fmt"
	"os"
	"time"

	"experthour/internal/connector/instagram/instagramfake"
	"experthour/internal/connector/trying"
)

const config = `[instagram]
api_url = %q
token = %q

[[public]]
kind = "instagram"
media = %q # without it hours are announced by posts, for which [http] public_url is needed
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
	f := instagramfake.Make(time.Now)
	return trying.Platform{Serve: f, Typing: "What you type becomes a comment of @ilze.ozola under the newest post.",
		Config: fmt.Sprintf(config, "http://"+at.Addr().String(), instagramfake.Token, instagramfake.Media),
		Typed:  func(line string) string { return f.Write("ilze.ozola", newest(f), line) },
	}.Run(at)
}

// newest is the post that was published last; none is the one that was there first.
func newest(f *instagramfake.Instagram) (id string) {
	for _, p := range f.Posts() {
		id = p.ID
	}
	return id
}
