package sessiontest_test

import (
	"testing"
	"time"

	"experthour/internal/delivery/deliverytest"
	"experthour/internal/session"
	"experthour/internal/session/sessiontest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	sessiontest.Run(t, func(*testing.T) session.Store { return sessiontest.NewMemory(time.Now) })
}

func TestMemoryOutbox(t *testing.T) {
	t.Parallel()
	deliverytest.Run(t, func(*testing.T) deliverytest.Store { return sessiontest.NewMemory(time.Now) })
}
