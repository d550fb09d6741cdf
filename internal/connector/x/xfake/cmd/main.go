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
# In place of these four keys, for "bot connect x":
# login_url = %q
# client_id = %q

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
	x.Register("http://127.0.0.1:8976/")
	x.Near(true)
	return trying.Platform{Serve: x, Typing: "What you type becomes a post of a stranger; begin it with @iestade.",
		Config: fmt.Sprintf(config, "http://"+at.Addr().String(), xfake.Key, xfake.Secret, xfake.Token, xfake.TokenSecret,
			"http://"+at.Addr().String()+xfake.Login, xfake.ClientID),
		Typed: func(line string) string {
			return fmt.Sprint(x.Write("2244994945", line), "; spent so far, in thousandths of a dollar: ", x.Spent())
		},
	}.Run(at)
}
