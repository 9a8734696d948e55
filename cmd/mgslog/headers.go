package main

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"mgslog/analyze"
	"mgslog/parser"
	"mgslog/parser/source"
	"mgslog/report"
)

func newHeaders(sys *system) *cobra.Command {
	var (
		flags readFlags
		out   outputFlags
	)
	cmd := &cobra.Command{
		Use:   "headers [FILE]...",
		Short: "Explain responses one by one",
		Long: `Explain the responses of the gateway one by one: what the result code of each
means, what its Memo and Tips say, who must act and what to do first.

Takes what curl -i and curl -v print, the text exports of proxies, dumps of
response headers from the consoles of iOS and Android apps, and a client's
lines with RPCException: [code]. Without FILE, standard input is read.
With --output json, each record is one line, as mgslog export writes it.

` + exitHelp,
		Example: `  curl -si https://gw.example.com/mgw.htm | mgslog headers
  mgslog headers capture.txt
  adb logcat -d | mgslog headers --code '!1000'`,
		RunE: func(cmd *cobra.Command, args []string) error {
			lang, look, err := out.presentation(cmd, sys)
			if err != nil {
				return err
			}
			if len(args) == 0 {
				if sys.stdinTerminal {
					return usage(errors.New("no capture: name a file, or pipe one in (curl -si URL | mgslog headers)"))
				}
				args = []string{source.Stdin}
			}
			flags.stress = true // every response
			r, err := flags.plan(cmd.Context(), sys, args, out.path)
			if err != nil {
				return err
			}
			r.noteDuplicates()
			for _, in := range r.inputs {
				if in.profile.Format == parser.Unknown && r.opt.Format == parser.Unknown {
					in.profile.Format, in.Format = parser.Capture, parser.Capture
				}
			}
			var ended error
			err = write(sys, out.path, func(w io.Writer) error {
				h := &responses{filter: &r.filter}
				if out.form == "json" {
					h.write = report.NewExporter(w).Write
				} else {
					h.write = report.NewResponses(w, report.CodesOptions{Lang: lang, TextOptions: look}).Write
				}
				ended = r.read(cmd.Context(), h)
				return nil
			})
			if err != nil {
				return err
			}
			if ended != nil && !errors.As(ended, new(interrupted)) && !errors.Is(ended, context.Canceled) {
				return written(ended)
			}
			if outcome := r.outcome(ended); outcome != nil {
				return outcome
			}
			for _, in := range r.inputs {
				if in.Records > 0 {
					return nil
				}
			}
			return usage(errors.New("no response in the input"))
		},
	}
	flags.register(cmd)
	out.register(cmd, "output")
	return cmd
}

// responses hands on the records that are responses or failures: those with a
// code, and of a capture the others too, since there each is an answer.
type responses struct {
	filter *analyze.Filter
	write  func(*analyze.Input, *parser.Record) error
}

func (h *responses) input(*analyze.Input) {}

func (h *responses) record(in *analyze.Input, r *parser.Record) error {
	in.Records++
	if r.Code == parser.NoCode && r.Format != parser.Capture && r.Format != parser.HAR || !h.filter.Match(r) {
		return nil
	}
	return h.write(in, r)
}

func (h *responses) skipped(in *analyze.Input, _ *parser.SyntaxError) { in.Skipped++ }
