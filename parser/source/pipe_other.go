//go:build !linux

package source

import "io"

// WidenPipe does nothing: only Linux lets a pipe be made wider.
func WidenPipe(io.Reader) {}
