package routing

import (
	"slices"
	"sync"

	"experthour/internal/connector"
	"experthour/internal/session"
)

// Roll is the list of staff: the people of the configuration, with what platforms
// know about their accounts, and the members of groups that carry a role.
type Roll struct {
	mu    sync.RWMutex
	base  session.Directory
	turn  int // rises with base
	known map[session.ConnectorID][]session.Person
	all   session.Directory
}

// NewRoll begins with the people of the configuration.
func NewRoll(people session.Directory) *Roll {
	r := &Roll{base: people, known: map[session.ConnectorID][]session.Person{}}
	r.join()
	return r
}

// Replace takes other people of the configuration, at once. Who is gone from it stays
// only when a platform lists them anew.
func (r *Roll) Replace(people session.Directory) {
	r.mu.Lock()
	defer r.mu.Unlock()
	gone := func(p session.Person) bool {
		_, was := r.base.Find(p.Name)
		_, is := people.Find(p.Name)
		return was && !is
	}
	for id, known := range r.known {
		r.known[id] = slices.DeleteFunc(slices.Clone(known), gone)
	}
	r.base = people
	r.turn++
	r.join()
}

// Configured are the people of the configuration, and when they became so, for Learn.
func (r *Roll) Configured() (people session.Directory, turn int) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.base, r.turn
}

// Learn takes over what a platform knows now, in place of what it knew before. Where the
// people of the configuration are others than it was asked about, nothing is learnt.
func (r *Roll) Learn(turn int, id session.ConnectorID, people []session.Person) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if turn != r.turn {
		return
	}
	r.known[id] = people
	r.join()
}

// join makes the one list. Who is configured keeps name, role and office.
func (r *Roll) join() {
	all := slices.Clone(r.base)
	for id, people := range r.known {
		for i := range all { // an account that the platform does not list is switched off, or nobody's
			all[i].Accounts = without(all[i].Accounts, id)
		}
		for _, p := range people {
			i := slices.IndexFunc(all, func(o session.Person) bool { return o.Name == p.Name })
			if i < 0 {
				all = append(all, p)
				continue
			}
			all[i].Accounts = with(all[i].Accounts, id, p.Accounts[id])
		}
	}
	r.all = all
}

func with(m map[session.ConnectorID]session.UserRef, id session.ConnectorID, u session.UserRef) map[session.ConnectorID]session.UserRef {
	c := without(m, id)
	c[id] = u
	return c
}

func without(m map[session.ConnectorID]session.UserRef, id session.ConnectorID) map[session.ConnectorID]session.UserRef {
	c := map[session.ConnectorID]session.UserRef{}
	for k, v := range m {
		if k != id {
			c[k] = v
		}
	}
	return c
}

// People lists everybody who is on the staff now; do not change it.
func (r *Roll) People() session.Directory {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.all
}

// Who finds the person behind an account of a desk.
func (r *Roll) Who(u connector.User) (session.Person, bool) {
	return r.People().Account(u.Desk, u.ID)
}
