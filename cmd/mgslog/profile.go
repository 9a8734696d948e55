package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"

	"github.com/spf13/cobra"
)

// profiles adds the hidden flags by which any command can be profiled, and
// returns what ends the profiles.
func profiles(root *cobra.Command) (stop func() error) {
	flags := root.PersistentFlags()
	cpu := flags.String("cpuprofile", "", "write a CPU profile to this file")
	memory := flags.String("memprofile", "", "write a profile of allocations to this file")
	for _, name := range []string{"cpuprofile", "memprofile"} {
		if err := flags.MarkHidden(name); err != nil {
			panic(err) // a flag that does not exist: a mistake in the program
		}
	}
	var file *os.File
	root.PersistentPreRunE = func(*cobra.Command, []string) error {
		if *cpu == "" {
			return nil
		}
		var err error
		if file, err = os.Create(*cpu); err != nil {
			return written(err)
		}
		return written(pprof.StartCPUProfile(file))
	}
	return func() error {
		if file != nil {
			pprof.StopCPUProfile()
			if err := file.Close(); err != nil {
				return written(fmt.Errorf("CPU profile: %w", err))
			}
		}
		if *memory == "" {
			return nil
		}
		f, err := os.Create(*memory)
		if err != nil {
			return written(err)
		}
		runtime.GC() // so that the profile holds all that was allocated
		if err := pprof.Lookup("allocs").WriteTo(f, 0); err != nil {
			f.Close()
			return written(err)
		}
		return written(f.Close())
	}
}
