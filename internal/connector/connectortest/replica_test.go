package connectortest_test

import (
	"testing"

	"experthour/internal/connector"
	ct "experthour/internal/connector/connectortest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	ct.RunMemory(t, func(*testing.T) ct.Shared[connector.Memory] {
		m := ct.NewMemory()
		return ct.Shared[connector.Memory]{A: m, B: m, Pass: m.Pass}
	})
}

func TestLeases(t *testing.T) {
	t.Parallel()
	ct.RunLeases(t, func(*testing.T) ct.Shared[connector.Leases] {
		l := ct.NewLeases()
		return ct.Shared[connector.Leases]{A: l, B: l, Pass: l.Pass}
	})
}
