//go:build unix && !linux

package redisstore

import "syscall"

// mortal does nothing: only Linux can. The server stays, and who starts next ends it.
func mortal(*syscall.SysProcAttr) {}
