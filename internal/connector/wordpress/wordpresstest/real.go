// Package wordpresstest starts a real WordPress for tests.
package wordpresstest

import (
	_ "embed"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"

	"experthour/internal/testenv"
)

//go:embed start.sh
var start string

// Admin is the user of a Site, an administrator.
const Admin = "admin"

// Site is a real WordPress, empty but for what it brings.
type Site struct{ URL, Password string }

// Start starts one, which ends with the test. The test binary's TestMain must begin with
// testenv.Main. Where it is not installed, the test is skipped.
func Start(t testing.TB) Site {
	t.Helper()
	testenv.Server(t, "wordpress")
	dir, err := os.MkdirTemp("", "wp") // a short path: that of a socket has 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	out := testenv.Shell(t, dir, fmt.Sprintf("PORT=%d\n%s", port, start))
	return Site{URL: fmt.Sprintf("http://127.0.0.1:%d", port), Password: strings.TrimSpace(out)}
}
