package slackfake

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	socketMax = 10
	ackMax    = 20 * 1024 // a longer answer is dropped without a word
)

// socket is one Socket Mode connection of the app.
type socket struct {
	conn *websocket.Conn
	gone bool // takes no more events; guarded by Workspace.mu

	mu    sync.Mutex
	queue [][]byte
	wake  chan struct{}
	stop  chan struct{}
	once  sync.Once
}

// envelope is something that waits for the acknowledgement of its id.
type envelope struct {
	socket *socket
	event  *delivery            // an event, or
	answer chan json.RawMessage // a command or interaction
	over   bool                 // the person has seen the error already
}

func (w *Workspace) envelopeID() string {
	w.sequence++
	return fmt.Sprintf("00000000-0000-4000-8000-%012x", w.sequence)
}

func (w *Workspace) connectionsOpen(*call) (obj, error) {
	ticket := w.id("ticket-")
	w.tickets[ticket] = true
	return obj{"url": strings.Replace(w.base, "http://", "ws://", 1) + "/link/?ticket=" + ticket + "&app_id=" + w.opts.AppID}, nil
}

func (w *Workspace) serveSocket(rw http.ResponseWriter, r *http.Request) {
	if !w.useTicket(r.URL.Query().Get("ticket")) {
		http.Error(rw, "bad ticket", http.StatusForbidden)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := upgrader.Upgrade(rw, r, nil)
	if err != nil {
		return
	}
	s := &socket{conn: conn, wake: make(chan struct{}, 1), stop: make(chan struct{})}
	defer s.cut()
	if !w.admit(s) {
		_ = conn.WriteJSON(obj{"type": "disconnect", "reason": "too_many_websockets", "debug_info": debugInfo()})
		return
	}
	done := make(chan struct{})
	go func() { defer close(done); s.write(w.opts.PingEvery) }()
	w.read(s)
	w.forget(s)
	s.cut()
	<-done
}

func (w *Workspace) useTicket(ticket string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	good := w.tickets[ticket]
	delete(w.tickets, ticket)
	return good
}

// admit greets a new socket, unless there are ten already.
func (w *Workspace) admit(s *socket) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed || len(w.sockets) >= socketMax {
		return false
	}
	w.sockets = append(w.sockets, s)
	w.connected++
	s.push(encode(obj{"type": "hello", "num_connections": len(w.sockets), "debug_info": debugInfo(),
		"connection_info": obj{"app_id": w.opts.AppID}}))
	w.touch()
	return true
}

func debugInfo() obj {
	return obj{"host": "applink-fake", "build_number": 1, "approximate_connection_time": 18060}
}

func (w *Workspace) forget(s *socket) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s.gone = true
	w.sockets = slices.DeleteFunc(w.sockets, func(other *socket) bool { return other == s })
	w.touch()
}

// randomSocket picks the socket for one envelope: Slack balances nothing and repeats nothing. Caller holds w.mu.
func (w *Workspace) randomSocket() *socket {
	open := slices.DeleteFunc(slices.Clone(w.sockets), func(s *socket) bool { return s.gone })
	if len(open) == 0 {
		return nil
	}
	return open[rand.IntN(len(open))]
}

func (s *socket) push(frame []byte) {
	s.mu.Lock()
	s.queue = append(s.queue, frame)
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *socket) take() [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	frames := s.queue
	s.queue = nil
	return frames
}

// write sends what is queued, and pings, until the socket ends.
func (s *socket) write(every time.Duration) {
	ticker := time.NewTicker(max(every, time.Millisecond))
	defer ticker.Stop()
	ping := ticker.C
	if every < 0 {
		ping = nil
	}
	for {
		select {
		case <-s.wake:
			for _, frame := range s.take() {
				s.send(frame)
			}
		case <-ping:
			_ = s.conn.WriteControl(websocket.PingMessage, []byte("Ping from applink-fake"), time.Now().Add(time.Second))
		case <-s.stop:
			return
		}
	}
}

// send writes one frame; an empty one is the polite end.
func (s *socket) send(frame []byte) {
	if frame != nil {
		if s.conn.WriteMessage(websocket.TextMessage, frame) != nil {
			s.cut()
		}
		return
	}
	goodbye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	_ = s.conn.WriteControl(websocket.CloseMessage, goodbye, time.Now().Add(time.Second))
	_ = s.conn.SetReadDeadline(time.Now().Add(time.Second))
}

func (s *socket) cut() {
	s.once.Do(func() {
		close(s.stop)
		_ = s.conn.Close()
	})
}

// read takes acknowledgements until the socket ends.
func (w *Workspace) read(s *socket) {
	for {
		_, data, err := s.conn.ReadMessage()
		if err != nil {
			return
		}
		w.acknowledge(s, data)
	}
}

func (w *Workspace) acknowledge(s *socket, data []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var ack struct {
		EnvelopeID string          `json:"envelope_id"`
		Payload    json.RawMessage `json:"payload"`
	}
	if len(data) > ackMax {
		w.complain("an answer of %d bytes over the socket: dropped", len(data))
		return
	}
	if err := json.Unmarshal(data, &ack); err != nil {
		w.complain("an answer that is not JSON over the socket")
		return
	}
	e := w.envelopes[ack.EnvelopeID]
	switch {
	case e == nil:
		w.complain("an answer to the unknown envelope %q", ack.EnvelopeID)
	case e.socket != s && w.opts.IgnoreStrayAcks:
	case e.event != nil:
		w.ack(e.event)
	case !e.over:
		e.over = true
		e.answer <- ack.Payload
	}
}

// Sockets counts the open Socket Mode connections.
func (w *Workspace) Sockets() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.sockets)
}

// Connected counts the Socket Mode connections that were ever made; a reconnect counts again.
func (w *Workspace) Connected() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.connected
}

// Disconnect asks every socket to go away, with Slack's "warning" or "refresh_requested", takes no more events for it,
// and ends it after Options.DisconnectGap.
func (w *Workspace) Disconnect(reason string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.sockets {
		s.gone = true
		s.push(encode(obj{"type": "disconnect", "reason": reason, "debug_info": debugInfo()}))
		w.spawn(func() {
			w.pause(w.opts.DisconnectGap, s.stop)
			s.push(nil)
		})
	}
	w.touch()
}

// CutSockets ends every socket without a word, as a broken network does.
func (w *Workspace) CutSockets() {
	w.mu.Lock()
	sockets := slices.Clone(w.sockets)
	for _, s := range sockets {
		s.gone = true
	}
	w.mu.Unlock()
	for _, s := range sockets {
		s.cut()
	}
}

// SendFrame sends any bytes as one text frame over one random socket; false says that there is no socket.
func (w *Workspace) SendFrame(frame []byte) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.randomSocket()
	if s == nil {
		return false
	}
	s.push(frame)
	return true
}
