// Command cmd serves the fake by itself, for trying by hand: it prints what the configuration
// needs, and every line that is typed becomes a comment of a stranger, under the newest post. Without
// media the program announces hours by posts of its own.
package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"experthour/internal/connector/instagram/instagramfake"
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
	f := instagramfake.Make(time.Now)
	fmt.Printf("api_url = \"http://%s\"\ntoken = %q\nmedia = %q\n", at.Addr(), instagramfake.Token, instagramfake.Media)
	go reply(f)
	s := &http.Server{Handler: f, ReadHeaderTimeout: 10 * time.Second}
	return s.Serve(at)
}

// reply writes what is typed.
func reply(f *instagramfake.Instagram) {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		under := ""
		if posts := f.Posts(); len(posts) > 0 {
			under = posts[len(posts)-1].ID
			fmt.Printf("under %q\n", posts[len(posts)-1].Caption)
		}
		fmt.Println(f.Write("ilze.ozola", under, lines.Text()))
	}
}
