package connector_test

import (
	"slices"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/connectortest"
	"experthour/internal/session"
)

func TestPageConforms(t *testing.T) {
	t.Parallel()
	connectortest.RunPublic(t, func(*testing.T) connectortest.Harness { return connectortest.Harness{Connector: connector.Page{}} })
}

func TestPage(t *testing.T) {
	t.Parallel()
	if id := (connector.Page{}).ID(); id != session.Page {
		t.Errorf("id %q", id)
	}
	if l := (connector.Page{}).Limits(); l.Text != 0 || l.Notices {
		t.Errorf("limits %+v", l)
	}
	// Keyed, so that a worker that dies between sending and storing parks nothing.
	want := []connector.Capability{connector.CanReply, connector.CanEdit, connector.CanRetract, connector.CanKey}
	if got := connector.Capabilities(connector.Page{}); !slices.Equal(got, want) {
		t.Errorf("capabilities %v", got)
	}
}
