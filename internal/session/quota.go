package session

import (
	"context"
	"time"
)

// Quotas counts what strangers do, for all replicas.
type Quotas interface {
	// Spend counts one more of something under each quota of a group, or under none: then it
	// says how long until there is one to spend. All quotas of a group are looked at in one step.
	Spend(ctx context.Context, group string, qs ...Quota) (wait time.Duration, err error)
}

// Quota allows Most of something at once, and as many again in each Per, evenly spread.
type Quota struct {
	Name string // who does what; it holds no address in plain text
	Most int
	Per  time.Duration
}
