// Command cmd serves the fake by itself, for trying by hand: it prints what belongs into the
// configuration, and every line that is typed becomes a question of a stranger.
package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"experthour/internal/connector/draugiem/draugiemfake"
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
	d := draugiemfake.Make(time.Now)
	fmt.Printf("[draugiem]\nexperimental = true\napi_url = \"http://%s%s\"\npage_key = %q\nuser_key = %q\n", at.Addr(), draugiemfake.Path,
		draugiemfake.PageKey, draugiemfake.UserKey)
	go ask(d)
	s := &http.Server{Handler: d, ReadHeaderTimeout: 10 * time.Second}
	return s.Serve(at)
}

// ask writes what is typed.
func ask(d *draugiemfake.Draugiem) {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		fmt.Println(d.Ask("491171", "Ilze", lines.Text()))
	}
}
