// Command cmd serves the fake by itself, for trying by hand: it prints what to write to the
// configuration, and every line that is typed becomes a stranger's comment under the newest post.
package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"time"

	"experthour/internal/connector/facebook/facebookfake"
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
	p := facebookfake.Make(time.Now)
	fmt.Printf("api_url = \"http://%s/%s\"\napp_id = %q\napp_secret = %q\npage_token = %q\npage = %q\n", at.Addr(), facebookfake.Version,
		facebookfake.AppID, facebookfake.AppSecret, facebookfake.Token, facebookfake.Self)
	go comment(p)
	s := &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second}
	return s.Serve(at)
}

// comment writes what is typed.
func comment(p *facebookfake.Page) {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		for _, n := range slices.Backward(p.Nodes()) {
			if n.Post == "" {
				fmt.Println(p.Write(n.ID, "7100000000000000001", "Ilze", lines.Text()))
				break
			}
		}
	}
}
