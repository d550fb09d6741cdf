package testenv

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// keeper is set for a process of the test binary that is to be a keeper.
const keeper = "EXPERTHOUR_TESTENV_KEEPER"

// Main must be the first line of the TestMain of tests that use Shell: the keeper of a
// shell is the test binary, started once more.
func Main() {
	if script, ok := os.LookupEnv(keeper); ok {
		keep(script)
		os.Exit(0)
	}
}

// Shell runs lines in a shell that stops at the first failure, and returns what they
// print. What they leave running ends with the test, daemons too, and also when the test
// is killed, with its whole group or alone: a keeper, in a group of its own, runs the
// shell, inherits whatever nobody else keeps, and kills all of it when the pipe from the
// test breaks. Only Linux lets it inherit; elsewhere the
// test is skipped.
func Shell(t testing.TB, dir, script string) string {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("what a shell leaves running can only be ended on Linux")
	}
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.Create(filepath.Join(dir, "out.txt")) // a file: what goes on in the background keeps it open
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(path)
	c.Dir, c.Env, c.Stderr = dir, append(os.Environ(), keeper+"="+script), out
	apart(c)
	alive, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	ended, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.Start(), out.Close()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = alive.Close()
		_ = c.Wait()
	})
	verdict, err := io.ReadAll(ended)
	text, readErr := os.ReadFile(out.Name())
	if err := errors.Join(err, readErr); err != nil || string(verdict) != "done" {
		t.Fatalf("%s: %v\n%s", verdict, err, text)
	}
	return string(text)
}

// keep runs a script, says what became of it, and ends with everything below it when the
// test is over, in the middle of the script too.
func keep(script string) {
	_ = os.Unsetenv(keeper)                                                                                // it is not for the script
	signal.Notify(make(chan os.Signal, 1), os.Interrupt, syscall.SIGPIPE, syscall.SIGTERM, syscall.SIGHUP) // they end the test, and that us
	adopt()
	go func() {
		verdict := "done"
		c := exec.Command("bash", "-e", "-c", script)
		c.Stdout, c.Stderr = os.Stderr, os.Stderr
		Tie(c)
		if err := c.Run(); err != nil {
			verdict = err.Error()
		}
		_, _ = os.Stdout.WriteString(verdict)
		_ = os.Stdout.Close()
	}()
	_, _ = io.Copy(io.Discard, os.Stdin)
	killChildren()
}
