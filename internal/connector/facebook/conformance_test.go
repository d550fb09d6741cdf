package facebook

import (
	"testing"

	"experthour/internal/connector/connectortest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	connectortest.RunPublic(t, func(t *testing.T) connectortest.Harness { return newWorld(t).harness() })
}
