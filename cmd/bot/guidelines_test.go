package main

import (
	"maps"
	"slices"
	"testing"

	"experthour/internal/config"
	"experthour/internal/screening"
)

// TestEveryGuidelineHasItsKey: the configuration and the check call them the same.
func TestEveryGuidelineHasItsKey(t *testing.T) {
	t.Parallel()
	var known []string
	for _, g := range screening.Guidelines {
		known = append(known, string(g))
	}
	slices.Sort(known)
	if keys := slices.Sorted(maps.Keys(config.Default().Guidelines.Rules())); !slices.Equal(keys, known) {
		t.Errorf("the keys are %v, the guidelines %v", keys, known)
	}
}
