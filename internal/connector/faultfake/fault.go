// Package faultfake is what pretend platforms have in common where a call is to go wrong: it is done or not, and answered
// otherwise or not at all. It knows no platform.
package faultfake

import (
	"cmp"
	"net/http"
	"slices"
	"sync"
)

// Fault is what becomes of one call of an operation.
type Fault struct {
	Done   bool // what it asks for is done
	op     string
	hang   bool // nothing is answered
	status int
	body   string
}

// Faults are those that no call has met yet. Any number of goroutines may use it.
type Faults struct {
	mu  sync.Mutex
	all []Fault
}

func (f *Faults) add(x Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all = append(f.all, x)
}

// Answer answers the next call of an operation so and does nothing else.
func (f *Faults) Answer(op string, status int, body string) {
	f.add(Fault{op: op, status: status, body: body})
}

// Break does what the next call of an operation says and answers so all the same.
func (f *Faults) Break(op string, status int, body string) {
	f.add(Fault{op: op, Done: true, status: status, body: body})
}

// Hang does what the next call of an operation says and answers nothing until who asked gives up.
func (f *Faults) Hang(op string) { f.add(Fault{op: op, Done: true, hang: true}) }

// Stall does nothing of what the next call of an operation says, and answers nothing either.
func (f *Faults) Stall(op string) { f.add(Fault{op: op, hang: true}) }

// Waiting is how many no call has met yet.
func (f *Faults) Waiting() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.all)
}

// Take takes the first one of an operation.
func (f *Faults) Take(op string) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(f.all, func(x Fault) bool { return x.op == op })
	if i < 0 {
		return Fault{}, false
	}
	x := f.all[i]
	f.all = slices.Delete(f.all, i, i+1)
	return x, true
}

// Write answers in place of the operation.
func (x Fault) Write(w http.ResponseWriter, r *http.Request) {
	if x.hang {
		<-r.Context().Done()
		return
	}
	w.WriteHeader(cmp.Or(x.status, http.StatusOK))
	_, _ = w.Write([]byte(x.body))
}
