// Command cmd serves the fake by itself, for trying by hand: it prints what belongs into the
// configuration, and every line that is typed becomes a comment of a stranger. With "live" as its only
// argument the video is a broadcast, and the lines are messages of its live chat.
package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"experthour/internal/connector/youtube/youtubefake"
)

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	y, base := youtubefake.Make(time.Now), "http://"+at.Addr().String()
	fmt.Printf("[youtube]\napi_url = %q\ntoken_url = %q\nlogin_url = %q\nclient_id = %q\nclient_secret = %q\nrefresh_token = %q\n"+
		"[[public]]\nkind = \"youtube\"\nvideo = %q\n", base, base+youtubefake.Token, base+youtubefake.Login, youtubefake.ClientID,
		youtubefake.ClientSecret, youtubefake.Refresh, youtubefake.Video)
	if len(os.Args) > 1 && os.Args[1] == "live" {
		y.GoLive()
		fmt.Println("live = true")
		go each(func(text string) string { return y.Say(author, name, text) })
	} else {
		go each(func(text string) string { return y.Write(author, name, text, "") })
	}
	s := &http.Server{Handler: y, ReadHeaderTimeout: 10 * time.Second}
	return s.Serve(at)
}

// The stranger.
const author, name = "UCilze_0123456789abcdefg", "@ilze"

// each writes what is typed.
func each(write func(text string) string) {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		fmt.Println(write(lines.Text()))
	}
}
