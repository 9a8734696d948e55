//go:build !linux

package source

func canWatch() bool { return false }
