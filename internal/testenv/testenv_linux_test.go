package testenv_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"experthour/internal/testenv"
)

// doomed is set for a run of this binary that is killed in the middle of a test.
const doomed = "EXPERTHOUR_TESTENV_DOOMED"

func TestMain(m *testing.M) {
	testenv.Main()
	os.Exit(m.Run())
}

// started are the ways in which tests start what must not outlive them. Each keeps the
// pipe "alive" in the folder open.
var started = map[string]func(t *testing.T, dir string){
	"a process": func(t *testing.T, dir string) {
		c := exec.Command("sh", "-c", "exec sleep 1000 > alive")
		c.Dir = dir
		testenv.Start(t, c)
	},
	"a process with a child": func(t *testing.T, dir string) {
		c := exec.Command("sh", "-c", "sleep 1000 > alive; true")
		c.Dir = dir
		testenv.Start(t, c)
	},
	"a shell under way": func(t *testing.T, dir string) {
		testenv.Shell(t, dir, "sh -c 'sleep 1000 > alive; true'; true")
	},
	"a daemon of a shell": func(t *testing.T, dir string) {
		testenv.Shell(t, dir, "(setsid sleep 1000 > alive 2>&1 &)")
	},
}

// TestEndsWithTheTest opens a pipe that what was started keeps open: it ends when the
// last of them is gone.
func TestEndsWithTheTest(t *testing.T) {
	t.Parallel()
	for name, start := range started {
		if name == "a shell under way" {
			continue // a test does not end before
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			ended := alive(t, dir)
			t.Run("inside", func(t *testing.T) {
				start(t, dir)
				ended.opened(t)
			})
			ended.await(t)
		})
	}
}

// TestEndsWithAKilledTest does the same with a test that is killed with -9, alone or with
// its whole group, as whoever cuts a run short does.
func TestEndsWithAKilledTest(t *testing.T) {
	t.Parallel()
	for name := range started {
		if name == "a process with a child" {
			continue // the system kills the process, and who wants more uses Shell
		}
		for how, whole := range map[string]int{"alone": 1, "with its group": -1} {
			t.Run(name+" "+how, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				ended := alive(t, dir)
				c := exec.Command(os.Args[0], "-test.run", "^TestDoomed$")
				c.Env = append(os.Environ(), doomed+"="+name, "DIR="+dir)
				testenv.Start(t, c)
				ended.opened(t)
				if err := syscall.Kill(whole*c.Process.Pid, syscall.SIGKILL); err != nil {
					t.Fatal(err)
				}
				ended.await(t)
			})
		}
	}
}

// TestDoomed is run by TestEndsWithAKilledTest.
func TestDoomed(t *testing.T) {
	start, ok := started[os.Getenv(doomed)]
	if !ok {
		t.Skip("it is for another test")
	}
	start(t, os.Getenv("DIR"))
	<-testenv.Soon(t).Done()
	t.Error("nobody killed this test")
}

// lifeline is a pipe that somebody has open for as long as they live.
type lifeline struct {
	open  chan struct{}
	ended chan struct{}
}

func alive(t *testing.T, dir string) lifeline {
	t.Helper()
	path := filepath.Join(dir, "alive")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	l := lifeline{open: make(chan struct{}), ended: make(chan struct{})}
	go func() {
		f, err := os.Open(path) // waits for somebody who writes
		if err != nil {
			t.Error(err)
			return
		}
		close(l.open)
		defer f.Close()
		_, _ = io.Copy(io.Discard, f)
		close(l.ended)
	}()
	return l
}

func (l lifeline) opened(t *testing.T) {
	t.Helper()
	select {
	case <-l.open:
	case <-testenv.Soon(t).Done():
		t.Fatal("it did not start")
	}
}

func (l lifeline) await(t *testing.T) {
	t.Helper()
	select {
	case <-l.ended:
	case <-testenv.Soon(t).Done():
		t.Fatal("it outlived the test")
	}
}
