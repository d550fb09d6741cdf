package main

import (
	"context"
	"testing"

	"experthour/internal/connector"
	"experthour/internal/connector/receive"
	"experthour/internal/session"
)

// plainPlace is a connector that can do nothing, and filedPlace one that has files.
type plainPlace struct{ connector.Connector }

func (plainPlace) ID() session.ConnectorID  { return "plain" }
func (plainPlace) Limits() connector.Limits { return connector.Limits{} }

type filedPlace struct{ plainPlace }

func (filedPlace) File(context.Context, string) ([]byte, error) { return nil, nil }

// TestPicturesAreFetchedWhereThereAreFiles: nobody asks the store for pictures that nobody can fetch.
func TestPicturesAreFetchedWhereThereAreFiles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		at    []connector.Connector
		taken bool
		want  bool
	}{
		"nowhere":        {nil, true, false},
		"without files":  {[]connector.Connector{plainPlace{}}, true, false},
		"with files":     {[]connector.Connector{filedPlace{}}, true, true},
		"none are taken": {[]connector.Connector{filedPlace{}}, false, false},
	} {
		r, err := connector.NewRegistry(c.at...)
		if err != nil {
			t.Fatal(err)
		}
		made := &core{registry: r}
		if c.taken {
			made.pictures = &receive.Pictures{}
		}
		if got := made.fetches(); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if near != "" {
		t.Error("this machine counts as public where nobody asked for it")
	}
}
