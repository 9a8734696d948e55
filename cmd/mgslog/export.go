package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"mgslog/analyze"
	"mgslog/parser"
	"mgslog/report"
)

func newExport(sys *system) *cobra.Command {
	var (
		flags readFlags
		out   string
	)
	cmd := &cobra.Command{
		Use:   "export [FILE]...",
		Short: "Write every record as one line of JSON",
		Long: `Write every record as one line of JSON, in the order of the inputs: what mgslog
read and on what evidence, to be checked, piped to jq or loaded elsewhere.

` + report.ExportHelp + `

Without FILE, the logs at their usual places under ~/logs are read. "-" is
standard input, a directory stands for the MGS logs in it. Filters are those of
analyze.

` + exitHelp,
		Example: `  mgslog export gateway-error.log | jq -c 'select(.code == 4001)'
  mgslog export --since 2h --code '!1000' gateway-page-digest.log > failures.ndjson`,
		RunE: func(cmd *cobra.Command, args []string) error {
			flags.stress = true // every record
			r, err := flags.plan(cmd.Context(), sys, args)
			if err != nil {
				return err
			}
			for _, in := range r.inputs {
				if in.DuplicateOf != "" {
					fmt.Fprintln(sys.stderr, "mgslog: note:", report.Printable(fmt.Sprintf("%s is not read: it has the same content as %s", in.Path, in.DuplicateOf)))
				}
			}
			if out != "" {
				r.progress = newProgress(sys, r.inputs)
			}
			var ended error
			err = write(sys, out, func(w io.Writer) error {
				e := &exporter{filter: &r.filter, out: report.NewExporter(w)}
				ended = r.read(cmd.Context(), e)
				return nil
			})
			if err != nil {
				return err
			}
			if ended != nil && !errors.As(ended, new(interrupted)) && !errors.Is(ended, context.Canceled) {
				return written(ended)
			}
			return r.outcome(ended)
		},
	}
	flags.register(cmd)
	outFlag(cmd, &out)
	return cmd
}

// exporter hands the records that pass the filter to the report room.
type exporter struct {
	filter *analyze.Filter
	out    *report.Exporter
}

func (e *exporter) input(*analyze.Input) {}

func (e *exporter) record(in *analyze.Input, r *parser.Record) error {
	in.Records++
	if !e.filter.Match(r) {
		return nil
	}
	return e.out.Write(in, r)
}

func (e *exporter) skipped(in *analyze.Input, s *parser.SyntaxError) { in.Skipped++ }
