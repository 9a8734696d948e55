package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"mgslog/analyze"
	"mgslog/analyze/catalog"
	"mgslog/parser"
	"mgslog/report"
)

func newExplain(sys *system) *cobra.Command {
	var out outputFlags
	cmd := &cobra.Command{
		Use:   "explain CODE...",
		Short: "Explain result codes in full",
		Long: `Explain result codes: meaning, cause, remedy, who must act, where to look next,
and the sources. CODE is a number or the name of a constant. A number that
means different things on different platforms gives all its meanings. For a
code that is not known, what its range implies is printed and the exit code
is 1.`,
		Example: `  mgslog explain 7003 4001
  mgslog explain SIGN_TIME_STAMP_ERROR
  mgslog explain --lang zh --output json 3`,
		Args: cobra.MinimumNArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for e := range catalog.All() {
				names = append(names, fmt.Sprintf("%d\t%s", e.Code, e.Title.EN))
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			var known []catalog.Entry
			var unknown []parser.Code
			for _, query := range args {
				entries := catalog.Find(query)
				known = append(known, entries...)
				if len(entries) > 0 {
					continue
				}
				code, err := strconv.ParseUint(query, 10, 31)
				if err != nil {
					return exit{exitCondition, fmt.Errorf("%q is neither a code nor the name of a constant; see mgslog codes", query)}
				}
				unknown = append(unknown, parser.Code(code))
			}
			err := printEntries(cmd, sys, &out, func(w io.Writer, opt report.CodesOptions) error {
				if out.form == "json" {
					return report.ExplainJSON(w, slices.Values(known), unknown, opt.Lang)
				}
				return report.Explain(w, slices.Values(known), unknown, opt)
			})
			if err == nil && len(unknown) > 0 {
				err = exit{code: exitCondition}
			}
			return err
		},
	}
	out.register(cmd, "output")
	return cmd
}

func newCodes(sys *system) *cobra.Command {
	var (
		out   outputFlags
		sides []string
	)
	cmd := &cobra.Command{
		Use:   "codes",
		Short: "List all result codes that mgslog knows",
		Example: `  mgslog codes
  mgslog codes --side gateway,service
  mgslog codes --output json | jq '.codes[].code'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, side := range sides {
				if !slices.Contains(analyze.SideNames(), side) {
					return usage(fmt.Errorf("--side %q: want one of %s", side, strings.Join(analyze.SideNames(), ", ")))
				}
			}
			var entries []catalog.Entry
			for e := range catalog.All() {
				if len(sides) == 0 || slices.Contains(sides, e.Side.String()) || slices.Contains(sides, e.Platform.String()) {
					entries = append(entries, e)
				}
			}
			return printEntries(cmd, sys, &out, func(w io.Writer, opt report.CodesOptions) error {
				if out.form == "json" {
					return report.ExplainJSON(w, slices.Values(entries), nil, opt.Lang)
				}
				return report.Codes(w, slices.Values(entries), opt)
			})
		},
	}
	out.register(cmd, "output")
	cmd.Flags().StringSliceVar(&sides, "side", nil, "only codes of these sides: gateway, service, client, android, ios, security-guard")
	complete(cmd, "side", analyze.SideNames()...)
	return cmd
}

// printEntries prints entries of the catalogue by fn, as the common flags say.
func printEntries(cmd *cobra.Command, sys *system, out *outputFlags, fn func(io.Writer, report.CodesOptions) error) error {
	lang, look, err := out.presentation(cmd, sys)
	if err != nil {
		return err
	}
	return write(sys, out.path, func(w io.Writer) error { return fn(w, report.CodesOptions{Lang: lang, TextOptions: look}) })
}
