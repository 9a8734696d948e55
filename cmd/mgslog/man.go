package main

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// newMan returns the command by which the build writes the man pages.
func newMan() *cobra.Command {
	cmd := &cobra.Command{
		Use:    "man",
		Short:  "Write the man pages into a directory",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, _ := cmd.Flags().GetString("dir")
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return written(err)
			}
			// A fixed date: the same source gives the same pages.
			date := time.Date(2026, time.November, 21, 0, 0, 0, 0, time.UTC)
			header := &doc.GenManHeader{Section: "1", Source: "mgslog", Manual: "mgslog", Date: &date}
			if err := doc.GenManTree(cmd.Root(), header, dir); err != nil {
				return written(fmt.Errorf("man pages: %w", err))
			}
			return nil
		},
	}
	cmd.Flags().String("dir", "man", "directory for the pages")
	return cmd
}
