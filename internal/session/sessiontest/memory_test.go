package sessiontest_test

import (
	"testing"
	"time"

	"experthour/internal/session"
	"experthour/internal/session/sessiontest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	sessiontest.Run(t, func(*testing.T) session.Store { return sessiontest.NewMemory(time.Now) })
}
