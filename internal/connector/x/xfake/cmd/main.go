// Command cmd serves the fake by itself, for trying by hand: it prints what belongs into the
// configuration and what the program does there, and every line that is typed becomes a post of a stranger.
package main

import (
	"fmt"
	"os"
	"time"

	"experthour/internal/connector/trying"
	"experthour/internal/connector/x/xfake"
)

const config = `[x]
api_url = %q
api_key = %q
api_secret = %q
token = %q
token_secret = %q
usd_a_day = 20

[[public]]
kind = "x"
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
	x := xfake.Make(time.Now)
	return trying.Platform{Serve: x, Typing: "What you type becomes a post of a stranger; begin it with @iestade.",
		Config: fmt.Sprintf(config, "http://"+at.Addr().String(), xfake.Key, xfake.Secret, xfake.Token, xfake.TokenSecret),
		Typed: func(line string) string {
			return fmt.Sprint(x.Write("2244994945", line), "; spent so far, in thousandths of a dollar: ", x.Spent())
		},
	}.Run(at)
}
