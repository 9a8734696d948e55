package main

import (
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
		jobs  jobs
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
			r, err := flags.plan(cmd.Context(), sys, args, out)
			if err != nil {
				return err
			}
			r.noteDuplicates()
			if out != "" {
				r.progress = newProgress(sys, r.inputs)
			}
			var outcome error
			err = write(sys, out, func(w io.Writer) error {
				ended := r.export(cmd.Context(), w, jobs.start(sys, false))
				outcome = r.outcome(ended)
				if out != "" && exitCode(outcome) != exitPartial {
					return outcome // nothing, or not all, was read: the file stays as it was
				}
				return nil
			})
			if err != nil {
				return err
			}
			return outcome
		},
	}
	flags.register(cmd)
	outFlag(cmd, &out)
	jobsFlag(cmd, &jobs)
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
	return written(e.out.Write(in, r))
}

func (e *exporter) skipped(in *analyze.Input, s *parser.SyntaxError) { in.Skipped++ }
