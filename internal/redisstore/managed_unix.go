//go:build unix

package redisstore

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// lockDir takes the folder for this process. The lock ends with the process, however
// it ends.
func lockDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("%w (%w)", ErrDirInUse, err)
	}
	return f, nil
}

// unlockDir gives the folder back. Closing the file is not enough: a process that is just
// being started elsewhere in this program has it open for a moment, too.
func unlockDir(f *os.File) {
	_ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN)
	_ = f.Close()
}

// apart keeps Ctrl-C in a terminal from the server: it stops after the program. When the
// program is killed, the system kills the server where it can (see mortal).
func apart(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	mortal(c.SysProcAttr)
}
