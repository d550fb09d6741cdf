// Command cmd serves the fake by itself, for trying by hand: it prints the address and what to
// sign with, and every line that is typed becomes a comment of a stranger.
package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"experthour/internal/connector/flickr/flickrfake"
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
	f := flickrfake.Make(time.Now)
	fmt.Printf("api_url = \"http://%s%s\"\napi_key = %q\napi_secret = %q\ntoken = %q\ntoken_secret = %q\nphoto = %q\n", at.Addr(),
		flickrfake.Path, flickrfake.Key, flickrfake.Secret, flickrfake.Token, flickrfake.TokenSecret, flickrfake.Photo)
	go comment(f)
	s := &http.Server{Handler: f, ReadHeaderTimeout: 10 * time.Second}
	return s.Serve(at)
}

// comment writes what is typed.
func comment(f *flickrfake.Flickr) {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		fmt.Println(f.Write("35468159852@N01", "Ilze", lines.Text()))
	}
}
