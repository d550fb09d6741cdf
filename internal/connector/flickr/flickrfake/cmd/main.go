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
	fmt.Printf("api_url = \"http://%s%s\"\noauth_url = \"http://%[1]s%[3]s\"\napi_key = %[4]q\napi_secret = %[5]q\ntoken = %[6]q\n"+
		"token_secret = %[7]q\nphoto = %[8]q\n", at.Addr(), flickrfake.Path, flickrfake.OAuthPath, flickrfake.Key, flickrfake.Secret,
		flickrfake.Token, flickrfake.TokenSecret, flickrfake.Photo)
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
