package main

import (
	"fmt"
	"io"
)

// terminal is where a command prints. It remembers what could not be written, for a full
// disk or a closed pipe must not look like success.
type terminal struct {
	to  io.Writer
	err error
}

// Write is io.Writer's.
func (t *terminal) Write(b []byte) (int, error) {
	n, err := t.to.Write(b)
	if err != nil && t.err == nil {
		t.err = fmt.Errorf("standard output: %w", err)
	}
	return n, err
}

// say prints a line. The terminal remembers when that fails.
func say(out io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(out, format+"\n", args...) }
