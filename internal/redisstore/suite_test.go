package redisstore_test

import (
	"testing"

	"experthour/internal/delivery/deliverytest"
	"experthour/internal/session"
	"experthour/internal/session/sessiontest"
)

func TestEmbedded(t *testing.T) {
	t.Parallel()
	sessiontest.Run(t, func(t *testing.T) session.Store { return embedded(t) })
}

func TestReal(t *testing.T) {
	t.Parallel()
	sessiontest.Run(t, func(t *testing.T) session.Store { return onServer(t) })
}

func TestEmbeddedOutbox(t *testing.T) {
	t.Parallel()
	deliverytest.Run(t, func(t *testing.T) deliverytest.Store { return embedded(t) })
}

func TestRealOutbox(t *testing.T) {
	t.Parallel()
	deliverytest.Run(t, func(t *testing.T) deliverytest.Store { return onServer(t) })
}
