// Command cmd serves the fake by itself, for trying by hand: it prints what belongs into the
// configuration and what the program does there, and every line that is typed becomes a comment of a stranger.
package main

import (
	"fmt"
	"os"
	"time"

	"experthour/internal/connector/flickr/flickrfake"
	"experthour/internal/connector/trying"
)

const config = `[flickr]
api_url = %q
oauth_url = %q
api_key = %q
api_secret = %q
token = %q
token_secret = %q

[[public]]
kind = "flickr"
photo = %q
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
	f, base := flickrfake.Make(time.Now), "http://"+at.Addr().String()
	return trying.Platform{Serve: f, Typing: "What you type becomes a comment of Ilze under the photo.",
		Config: fmt.Sprintf(config, base+flickrfake.Path, base+flickrfake.OAuthPath, flickrfake.Key, flickrfake.Secret,
			flickrfake.Token, flickrfake.TokenSecret, flickrfake.Photo),
		Typed: func(line string) string { return f.Write("35468159852@N01", "Ilze", line) },
	}.Run(at)
}
