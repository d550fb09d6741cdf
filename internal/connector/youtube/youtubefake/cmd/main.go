// Command cmd serves the fake by itself, for trying by hand: it prints what belongs into the
// configuration and what the program does there, and every line that is typed becomes a comment of a stranger. With "live"
// behind the flags the video is a broadcast, and the lines are messages of its live chat.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"

	"experthour/internal/connector/trying"
	"experthour/internal/connector/youtube/youtubefake"
)

const config = `[youtube]
api_url = %q
token_url = %q
login_url = %q
client_id = %q
client_secret = %q
refresh_token = %q

[[public]]
kind = "youtube"
video = %q
`

// The stranger.
const author, name = "UCilze_0123456789abcdefg", "@ilze"

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
	y, base := youtubefake.Make(time.Now), "http://"+at.Addr().String()
	p := trying.Platform{Serve: y, Typing: "What you type becomes a comment of @ilze under the video.",
		Config: fmt.Sprintf(config, base, base+youtubefake.Token, base+youtubefake.Login, youtubefake.ClientID, youtubefake.ClientSecret,
			youtubefake.Refresh, youtubefake.Video),
		Typed: func(line string) string { return y.Write(author, name, line, "") },
	}
	if flag.Arg(0) == "live" {
		y.GoLive()
		p.Config, p.Typing = p.Config+"live = true\n", "What you type is said by @ilze in the live chat; begin a question with @iestade."
		p.Typed = func(line string) string { return y.Say(author, name, line) }
	}
	return p.Run(at)
}
