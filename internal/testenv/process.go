package testenv

import (
	"os/exec"
	"testing"
)

// Start starts a process that ends with the test. Whoever does not wait for it need not:
// Cleanup kills it with everything in its group. When the test itself is killed, the
// system kills the process (on Linux). What the process makes in groups of their own is
// its own business, see Shell.
func Start(t testing.TB, c *exec.Cmd) {
	t.Helper()
	Tie(c)
	if err := c.Start(); err != nil {
		t.Fatalf("%s: %v", c.Path, err)
	}
	t.Cleanup(func() { Kill(c) })
}

// Kill ends a process that Tie was asked for, and its group, as kill -9 does. It returns
// when the process is gone, and may be called again.
func Kill(c *exec.Cmd) {
	if c.ProcessState == nil { // else its number may be somebody else's by now
		killGroup(c.Process)
		_ = c.Wait() // that it was killed is no news
	}
}
