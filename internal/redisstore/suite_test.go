package redisstore_test

import (
	"testing"

	"experthour/internal/session"
	"experthour/internal/session/sessiontest"
)

func TestEmbedded(t *testing.T) {
	t.Parallel()
	sessiontest.Run(t, func(t *testing.T) session.Store { return embedded(t) })
}

func TestReal(t *testing.T) {
	t.Parallel()
	sessiontest.Run(t, func(t *testing.T) session.Store { return real(t) })
}
