package graphfake

import (
	"net/url"
	"time"
)

// Container is a post before it is published; nobody sees it.
type Container struct {
	ID               string
	Form             url.Values // what it was made of
	made             time.Time
	fails, published bool
}

// Containers are those of an account.
type Containers struct {
	api       *API
	all       map[string]*Container
	preparing time.Duration
	failing   bool
	unready   int
}

// Prepare is how long one is in progress.
func (k *Containers) Prepare(d time.Duration) { k.api.Do(func() { k.preparing = d }) }

// Fail makes the next one end in an error.
func (k *Containers) Fail() { k.api.Do(func() { k.failing = true }) }

// Unready makes the next publications say that the container is not there yet.
func (k *Containers) Unready(n int) { k.api.Do(func() { k.unready = n }) }

// Made is how many there are.
func (k *Containers) Made() (n int) {
	k.api.Do(func() { n = len(k.all) })
	return n
}

// Contain makes one, and gives its id as the API does.
func (k *Containers) Contain(form url.Values) map[string]any {
	c := &Container{ID: k.api.Next(), Form: form, made: k.api.Now(), fails: k.failing}
	k.failing = false
	k.all[c.ID] = c
	return map[string]any{"id": c.ID}
}

// Container is one by its id; nil is that there is none.
func (k *Containers) Container(id string) *Container { return k.all[id] }

// Status is the state of one; it ends after a day.
func (k *Containers) Status(c *Container) string {
	switch age := k.api.Now().Sub(c.made); {
	case c.published:
		return "PUBLISHED"
	case c.fails:
		return "ERROR"
	case age >= day:
		return "EXPIRED"
	case age < k.preparing:
		return "IN_PROGRESS"
	}
	return "FINISHED"
}

// Ready is the one that may be published now; no is that there is none, or not yet.
func (k *Containers) Ready(id string, no *Failure) (*Container, error) {
	c := k.all[id]
	if k.unready > 0 || c == nil || k.Status(c) != "FINISHED" {
		k.unready = max(k.unready-1, 0)
		return nil, no
	}
	return c, nil
}

// Publish is that it is out, which it can be once.
func (c *Container) Publish() { c.published = true }

// Shown is one as it is given, with its state in a field of that name.
func (k *Containers) Shown(call Call, c *Container, field, why string) (map[string]any, error) {
	if err := call.Only([]string{"id", field, why}); err != nil {
		return nil, err
	}
	all := map[string]any{"id": c.ID, field: k.Status(c)}
	if c.fails {
		all[why] = "UNKNOWN"
	}
	return call.Picked(all), nil
}
