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
media = %q
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
	return trying.Platform{Serve: f, Typing: "What you type becomes a comment of @ilze.ozola under the post.",
		Config: fmt.Sprintf(config, "http://"+at.Addr().String(), instagramfake.Token, instagramfake.Media),
		Typed:  func(line string) string { return f.Write("ilze.ozola", "", line) },
	}.Run(at)
}
