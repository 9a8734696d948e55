package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"mgslog/analyze/catalog"
)

// newRoot returns the tree of commands.
func newRoot(sys *system) *cobra.Command {
	root := &cobra.Command{
		Use:   "mgslog",
		Short: "Read mPaaS Mobile Gateway logs and explain their result codes",
		Long: `mgslog reads the logs of mPaaS Mobile Gateway Service (MGS), counts their
result codes by code and time window, and says for each what it means, what
causes it, who must act and what to do.

` + exitHelp,
		Example: `  mgslog analyze ~/logs/gateway/gateway-error.log
  mgslog analyze --since 2h --code 4001,7xxx gateway-page-digest.log
  mgslog export gateway-error.log | jq 'select(.code == 4001)'
  mgslog explain 7003`,
		Version:           release(),
		SilenceUsage:      true,
		SilenceErrors:     true,
		DisableAutoGenTag: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	root.Flags().Bool("version", false, "print the version") // without -v, which is --verbose elsewhere
	root.SetVersionTemplate("mgslog {{.Version}}\n")
	root.SetIn(sys.stdin)
	root.SetOut(sys.stdout)
	root.SetErr(sys.stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage(fmt.Errorf("%w\nsee %s --help", err, cmd.CommandPath()))
	})
	root.PersistentFlags().String("lang", "", "language of explanations and reports: en or zh (default: from LC_ALL, LC_MESSAGES, LANG)")
	root.PersistentFlags().String("color", "auto", "colours: auto, always or never (NO_COLOR and TERM=dumb are obeyed)")
	complete(root, "lang", "en", "zh")
	complete(root, "color", "auto", "always", "never")
	root.AddCommand(
		newAnalyze(sys), newTail(sys), newSummary(sys), newMerge(sys), newDiff(sys), newHistory(sys), newAck(sys),
		newHeaders(sys), newExport(sys), newCheck(sys), newExplain(sys), newCodes(sys), newVersion(sys), newMan(),
	)
	root.InitDefaultCompletionCmd()
	return root
}

// complete gives the values that a shell may offer for a flag.
func complete(cmd *cobra.Command, flag string, values ...string) {
	if err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // a flag that does not exist: a mistake in the program
	}
}

// language returns the language that the user wants.
func language(cmd *cobra.Command, sys *system) (catalog.Lang, error) {
	switch l, _ := cmd.Flags().GetString("lang"); strings.ToLower(l) {
	case "":
		return catalog.ParseLang(sys.env), nil
	case "en":
		return catalog.EN, nil
	case "zh":
		return catalog.ZH, nil
	default:
		return catalog.EN, usage(fmt.Errorf("--lang %q: want en or zh", l))
	}
}

// color tells whether to print in colour to where out goes: standard output
// if that is not a file.
func color(cmd *cobra.Command, sys *system, toFile bool) (bool, error) {
	switch c, _ := cmd.Flags().GetString("color"); c {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
		return !toFile && sys.stdoutWidth > 0 && sys.env("NO_COLOR") == "" && sys.env("TERM") != "dumb", nil
	default:
		return false, usage(fmt.Errorf("--color %q: want auto, always or never", c))
	}
}

// oneOf checks the value of a flag that takes one of a few.
func oneOf(flag, got string, values ...string) error {
	if slices.Contains(values, got) {
		return nil
	}
	return usage(fmt.Errorf("--%s %q: want %s", flag, got, strings.Join(values, " or ")))
}
