// Package testenv is what tests need of the machine that they run on: programs that
// must be installed, processes that end with the test, and patience with a machine that
// is busy. It must know nothing of this module, so that every test may use it.
package testenv

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"
)

// Patience is how long a test waits for what must come. It only ends a run that is stuck:
// no test judges by it how quick something is, for other work may share the machine.
const Patience = 3 * time.Minute

// often is the pause between two looks at something that nobody tells of.
const often = 20 * time.Millisecond

// Soon is a context that ends with the test, or after Patience.
func Soon(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), Patience)
	t.Cleanup(cancel)
	return ctx
}

// Until looks again and again until something is so; after Patience the test fails. It
// is for what happens in another process; inside one there is always something to wait
// for.
func Until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	late := time.NewTimer(Patience)
	defer late.Stop()
	tick := time.NewTicker(often)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-late.C:
			t.Fatalf("never: %s", what)
		case <-t.Context().Done():
			t.Fatalf("the test ended before: %s", what)
		}
	}
}

// Need gives the path of a program. A test without it is skipped with a reason, except
// where CI=true: there it must run.
func Need(t testing.TB, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err == nil {
		return path
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed, and CI must not skip this test", program)
	}
	t.Skipf("%s is not installed", program)
	return ""
}
