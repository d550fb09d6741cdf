package redisstore

import "syscall"

// mortal lets the server die with the thread that starts it. It is a kill, and not a
// request: what it answered is on the disk, and a server that took its time would remove
// the socket of its successor.
func mortal(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGKILL }
