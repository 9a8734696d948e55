package main

func writeHostile(dir string) error { return nil }
