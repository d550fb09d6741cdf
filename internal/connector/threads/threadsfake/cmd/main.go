// Command cmd serves the fake by itself, for trying by hand: it prints what the configuration
// needs, and every line that is typed becomes a reply of a stranger to the newest post that
// replies to nothing.
package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"experthour/internal/connector/threads/threadsfake"
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
	f := threadsfake.Make(time.Now)
	fmt.Printf("api_url = \"http://%s\"\ntoken = %q\n", at.Addr(), threadsfake.Token)
	go reply(f)
	s := &http.Server{Handler: f, ReadHeaderTimeout: 10 * time.Second}
	return s.Serve(at)
}

// reply writes what is typed.
func reply(f *threadsfake.Threads) {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		under := ""
		for _, p := range f.Posts() {
			if p.ReplyTo == "" && p.Author == threadsfake.SelfName {
				under = p.ID
			}
		}
		fmt.Println(f.Write("ilze.ozola", under, lines.Text()))
	}
}
