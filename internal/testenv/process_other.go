//go:build !linux

package testenv

import (
	"os"
	"os/exec"
)

// Tie does nothing here: a process outlives a test that is killed.
func Tie(*exec.Cmd) {}

func apart(*exec.Cmd) {}

func killGroup(p *os.Process) { _ = p.Kill() }

func adopt() {}

func killChildren() {}
