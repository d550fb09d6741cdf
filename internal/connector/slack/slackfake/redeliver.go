package slackfake

import (
	"encoding/json"
	"time"
)

// delivery is one event on its way to the app, through all its attempts.
type delivery struct {
	id      string
	payload obj
	attempt int
	sent    int // envelopes or requests that really went out
	acked   bool
	dropped bool
	stop    bool          // the app asked for no retry
	done    chan struct{} // closed when acknowledged
	first   chan struct{} // closed when the first attempt is over
}

// Delivery is what became of one event.
type Delivery struct {
	EventID  string
	Event    string // type and subtype of the inner event
	Attempts int    // how many really went out
	Acked    bool
	Dropped  bool // every attempt failed: the app will never see it again
}

// Deliveries lists the events sent to the app so far, in order.
func (w *Workspace) Deliveries() []Delivery {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []Delivery
	for _, d := range w.deliveries {
		event := sub(d.payload, "event")
		name := str(event, "type")
		if subtype := str(event, "subtype"); subtype != "" {
			name += "/" + subtype
		}
		out = append(out, Delivery{EventID: d.id, Event: name, Attempts: d.sent, Acked: d.acked, Dropped: d.dropped})
	}
	return out
}

// deliver starts the delivery of an event. In Socket Mode the first attempt is queued before deliver returns, so that
// events leave in the order in which they happened. The caller holds w.mu.
func (w *Workspace) deliver(id string, payload obj) *delivery {
	d := &delivery{id: id, payload: payload, done: make(chan struct{}), first: make(chan struct{})}
	w.deliveries = append(w.deliveries, d)
	sent := true
	if !w.urls.set() {
		sent = w.enqueueEvent(d, "")
	}
	w.spawn(func() { w.see(d, sent) })
	return d
}

// see makes attempt after attempt until one is acknowledged or none is left.
func (w *Workspace) see(d *delivery, sent bool) {
	reason := w.try(d, sent, "")
	close(d.first)
	for _, wait := range w.opts.Redeliver {
		if d.stopped(w) || !w.pause(wait, d.done) {
			break
		}
		reason = w.again(d, reason)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	d.dropped = !d.acked
	w.touch()
}

func (d *delivery) stopped(w *Workspace) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return d.acked || d.stop || w.closed
}

// again makes one more attempt and says why it failed, if it did.
func (w *Workspace) again(d *delivery, reason string) string {
	w.mu.Lock()
	d.attempt++
	sent := true
	if !w.urls.set() {
		sent = w.enqueueEvent(d, reason)
	}
	w.mu.Unlock()
	return w.try(d, sent, reason)
}

// try waits for the outcome of an attempt that went out over a socket, or makes it over HTTP.
func (w *Workspace) try(d *delivery, sent bool, reason string) string {
	if w.mode().set() {
		return w.postEvent(d, reason)
	}
	if sent {
		w.pause(w.opts.AckWithin, d.done)
	}
	return "timeout"
}

func (w *Workspace) mode() URLs {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.urls
}

// ack marks a delivery as done. The caller holds w.mu.
func (w *Workspace) ack(d *delivery) {
	if !d.acked && !d.dropped {
		d.acked = true
		close(d.done)
	}
	w.touch()
}

// settle waits in HTTP mode until the first attempts are over: what one person does one after the other then arrives
// in that order. Over a socket the order is kept by itself.
func (w *Workspace) settle(deliveries ...*delivery) {
	if !w.mode().set() {
		return
	}
	for _, d := range deliveries {
		if d == nil {
			continue
		}
		select {
		case <-d.first:
		case <-w.ctx.Done():
		}
	}
}

// enqueueEvent puts an event on one random socket; false says that there is none. The caller holds w.mu.
func (w *Workspace) enqueueEvent(d *delivery, reason string) bool {
	s := w.randomSocket()
	if s == nil {
		return false
	}
	d.sent++
	id := w.envelopeID()
	w.envelopes[id] = &envelope{socket: s, event: d}
	s.push(encode(obj{"envelope_id": id, "payload": d.payload, "type": "events_api", "accepts_response_payload": false,
		"retry_attempt": d.attempt, "retry_reason": reason}))
	return true
}

// dispatch sends a command or an interaction to the app, once, and gives back what the app answered.
func (w *Workspace) dispatch(kind string, payload obj) (json.RawMessage, error) {
	urls := w.mode()
	if urls.set() {
		return w.postInteractive(urls, kind, payload)
	}
	e := &envelope{answer: make(chan json.RawMessage, 1)}
	if !w.enqueueInteractive(e, kind, payload) {
		return nil, &Shown{Code: "dispatch_failed"}
	}
	timer := time.NewTimer(w.opts.AckWithin)
	defer timer.Stop()
	select {
	case answer := <-e.answer:
		return answer, nil
	case <-timer.C:
	case <-w.ctx.Done():
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	e.over = true
	return nil, &Shown{Code: "operation_timeout"}
}

func (w *Workspace) enqueueInteractive(e *envelope, kind string, payload obj) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if e.socket = w.randomSocket(); e.socket == nil {
		return false
	}
	id := w.envelopeID()
	w.envelopes[id] = e
	e.socket.push(encode(obj{"envelope_id": id, "payload": payload, "type": kind, "accepts_response_payload": true}))
	return true
}
