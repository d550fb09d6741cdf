// Package trying serves the pretend platforms by themselves, so that people can try the program without accounts: it
// shows what belongs into the configuration and what the program does there, and lets whoever sits before it be the
// people of the platform. It knows no platform.
package trying

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// Listen reads the command line and takes the address. An address that is named makes the lines of the configuration
// the same after every start.
func Listen() (net.Listener, error) {
	at := flag.String("listen", "127.0.0.1:0", "address to listen on; port 0 takes any free one")
	flag.Parse()
	return net.Listen("tcp", *at)
}

// Next is the address for the platform's API where the page has one of its own: the port after the page's, or any free
// one where the page has that too.
func Next(page net.Listener) string {
	host, port, err := net.SplitHostPort(flag.Lookup("listen").Value.String())
	if n, wrong := strconv.Atoi(port); err == nil && wrong == nil && n > 0 {
		return net.JoinHostPort(host, strconv.Itoa(n+1))
	}
	host, _, _ = net.SplitHostPort(page.Addr().String())
	return net.JoinHostPort(host, "0")
}

// Platform is a pretend platform.
type Platform struct {
	Config string                   // what belongs into the configuration, to paste
	Typing string                   // what becomes of a line that is typed
	Serve  http.Handler             // the platform's API, or its page
	Page   bool                     // what is served is a page for people
	Typed  func(line string) string // does what Typing says, and what it says is printed; nil: nothing can be typed
	Reads  func(body string) bool   // a request that changes nothing, where the method does not say it; nil: none
}

// Run shows the configuration and serves until the program is ended.
func (p Platform) Run(at net.Listener) error {
	s := &http.Server{Handler: p.Serve, ReadHeaderTimeout: 10 * time.Second}
	if p.Page {
		p.Typing = "Open http://" + at.Addr().String() + "/ in a browser to be these people."
	} else {
		s.Handler = Told(os.Stdout, p.Serve, p.Reads)
	}
	fmt.Printf("%s\n# %s\n", strings.TrimSpace(p.Config), p.Typing)
	if p.Typed != nil {
		go each(os.Stdin, p.Typed)
	}
	return s.Serve(at)
}

func each(r io.Reader, typed func(line string) string) {
	for lines := bufio.NewScanner(r); lines.Scan(); {
		if line := strings.TrimSpace(lines.Text()); line != "" {
			fmt.Println("#", typed(line))
		}
	}
}

const (
	mostBody  = 1 << 20 // of a request that is looked at
	mostShown = 400     // bytes of it that are shown
)

// Told writes a line for everything that the program changes at the platform; what it only reads is not told.
func Told(w io.Writer, h http.Handler, reads func(body string) bool) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			h.ServeHTTP(rw, r)
			return
		}
		body, err := io.ReadAll(io.LimitReader(r.Body, mostBody))
		if err != nil {
			http.Error(rw, "the request broke off", http.StatusBadRequest)
			return
		}
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(body), r.Body), r.Body}
		answer := &status{ResponseWriter: rw, code: http.StatusOK}
		h.ServeHTTP(answer, r)
		if reads == nil || !reads(string(body)) {
			_, _ = fmt.Fprintf(w, "# %s %s: %d %s\n", r.Method, r.URL.Path, answer.code, readable(body))
		}
	})
}

// readable is the beginning of a body as a person reads it, in one line.
func readable(body []byte) string {
	text := string(body)
	if plain, err := url.QueryUnescape(text); err == nil {
		text = plain
	}
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	if len(text) > mostShown {
		text = strings.ToValidUTF8(text[:mostShown], "") + "…"
	}
	return text
}

// status keeps what a handler answered.
type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

// Unwrap lets a handler flush and hijack.
func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }
