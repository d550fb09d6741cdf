// Command cmd serves the fake by itself, for trying by hand: it prints what belongs into the
// configuration, and every line that is typed becomes a comment of a stranger.
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
	go comment(y)
	s := &http.Server{Handler: y, ReadHeaderTimeout: 10 * time.Second}
	return s.Serve(at)
}

// comment writes what is typed.
func comment(y *youtubefake.YouTube) {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		fmt.Println(y.Write("UCilze_0123456789abcdefg", "@ilze", lines.Text(), ""))
	}
}
