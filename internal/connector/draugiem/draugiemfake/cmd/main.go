// Command cmd serves the fake by itself, for trying by hand: it prints what belongs into the
// configuration and what the program does there, and every line that is typed becomes a question of a stranger.
package main

import (
	"fmt"
	"os"
	"regexp"
	"time"

	"experthour/internal/connector/draugiem/draugiemfake"
	"experthour/internal/connector/trying"
)

const config = `[draugiem]
experimental = true
api_url = %q
page_key = %q
user_key = %q

[[public]]
kind = "draugiem"
page = "iestade"
`

// changes is what the methods of a request are called that change something: all are posted.
var changes = regexp.MustCompile(`method=(answer|add|edit|delete)\b`)

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
	d := draugiemfake.Make(time.Now)
	return trying.Platform{Serve: d, Typing: "What you type becomes a question of Ilze to the page.",
		Config: fmt.Sprintf(config, "http://"+at.Addr().String()+draugiemfake.Path, draugiemfake.PageKey, draugiemfake.UserKey),
		Typed:  func(line string) string { return fmt.Sprint(d.Ask("491171", "Ilze", line)) },
		Reads:  func(body string) bool { return !changes.MatchString(body) },
	}.Run(at)
}
