package redisstore_test

import (
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"testing"
)

// proxy stands between a client and a server and can lose a reply: the command was
// applied, and the connection ends before the client hears of it.
type proxy struct {
	listener net.Listener
	target   string
	lose     atomic.Int32 // so many replies
	lost     atomic.Int32
}

func newProxy(t *testing.T, s *server) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: l, target: fmt.Sprintf("127.0.0.1:%d", s.port)}
	t.Cleanup(func() { l.Close() })
	go p.accept()
	return p
}

func (p *proxy) address() string { return "redis://" + p.listener.Addr().String() }

func (p *proxy) accept() {
	for {
		c, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.serve(c)
	}
}

func (p *proxy) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		_, _ = io.Copy(server, client)
		server.Close()
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := server.Read(buffer)
		if err != nil {
			return
		}
		if p.lose.Add(-1) >= 0 {
			p.lost.Add(1)
			return
		}
		if _, err := client.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// next makes the next count replies get lost.
func (p *proxy) next(count int32) { p.lose.Store(count) }
