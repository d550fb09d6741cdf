package main

import (
	"path/filepath"
	"slices"
	"testing"

	"experthour/internal/session"
)

// TestEveryPlatformIsAKind: a folder that nobody listed would be a platform that nobody
// can use.
func TestEveryPlatformIsAKind(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob("../../internal/connector/*/kind.go")
	if err != nil || len(folders) < 3 {
		t.Fatal(folders, err)
	}
	names := kinds.Names()
	for _, f := range folders {
		if name := filepath.Base(filepath.Dir(f)); !slices.Contains(names, name) {
			t.Errorf("%s is not in the list of kinds", name)
		}
	}
	desks := map[session.ConnectorID]bool{session.Page: true, session.DeskPage: true}
	for _, k := range kinds {
		if k.Title == "" || k.New == nil || k.Desk == "" && k.Settings == nil {
			t.Errorf("%s is no kind: %+v", k.Name, k)
		}
		if k.Desk != "" && desks[k.Desk] {
			t.Errorf("%s: the desk's id %q is taken", k.Name, k.Desk)
		}
		desks[k.Desk] = true
	}
}
