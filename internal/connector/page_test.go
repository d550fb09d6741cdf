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
	// A worker that dies between sending and storing parks nothing.
	if l := (connector.Page{}).Limits(); l.Longest != nil || l.Notices || !l.Replaces {
		t.Errorf("limits %+v", l)
	}
	want := []connector.Capability{connector.CanReply, connector.CanEdit, connector.CanRetract}
	if got := connector.Capabilities(connector.Page{}); !slices.Equal(got, want) {
		t.Errorf("capabilities %v", got)
	}
}
