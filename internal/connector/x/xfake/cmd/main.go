// Command cmd serves the fake by itself, for trying by hand: it prints the address and what to
// sign with, and every line that is typed becomes a post of a stranger. What it charges is printed too.
package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"experthour/internal/connector/x/xfake"
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
	x := xfake.Make(time.Now)
	fmt.Printf("api_url = \"http://%s\"\napi_key = %q\napi_secret = %q\ntoken = %q\ntoken_secret = %q\n", at.Addr(), xfake.Key, xfake.Secret,
		xfake.Token, xfake.TokenSecret)
	go write(x)
	s := &http.Server{Handler: x, ReadHeaderTimeout: 10 * time.Second}
	return s.Serve(at)
}

// write posts what is typed.
func write(x *xfake.X) {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		fmt.Println(x.Write("2244994945", lines.Text()), "spent so far, in thousandths of a dollar:", x.Spent())
	}
}
