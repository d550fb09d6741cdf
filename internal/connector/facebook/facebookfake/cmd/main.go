// Command cmd serves the fake by itself, for trying by hand: it prints what belongs into the
// configuration and what the program does there, and every line that is typed becomes a stranger's comment under the newest
// post.
package main

import (
	"fmt"
	"os"
	"slices"
	"time"

	"experthour/internal/connector/facebook/facebookfake"
	"experthour/internal/connector/trying"
)

const config = `[facebook]
api_url = %q
app_id = %q
app_secret = %q
page_token = %q

[[public]]
kind = "facebook"
page = %q
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
	p := facebookfake.Make(time.Now)
	return trying.Platform{Serve: p, Typing: "What you type becomes a comment of Ilze under the newest post of the Page.",
		Config: fmt.Sprintf(config, "http://"+at.Addr().String()+"/"+facebookfake.Version, facebookfake.AppID, facebookfake.AppSecret,
			facebookfake.Token, facebookfake.Self),
		Typed: func(line string) string { return comment(p, line) },
	}.Run(at)
}

func comment(p *facebookfake.Page, text string) string {
	for _, n := range slices.Backward(p.Nodes()) {
		if n.Post == "" {
			return p.Write(n.ID, "7100000000000000001", "Ilze", text)
		}
	}
	return "There is no post yet: schedule an hour."
}
