package report

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"mgslog/parser"
)

// next suggests what to run now. Every command works when it is pasted into a
// shell, unless it has FILE... in it, which stands where the names of the
// inputs are too many, or none that a shell could open.
func (b *builder) next() {
	b.r.Next = []Command{}
	add := func(why, label string, words ...string) {
		command := strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
		if label != "" {
			why = fmt.Sprintf(why, label)
		}
		b.r.Next = append(b.r.Next, Command{command, why})
	}
	m, files := b.msg, b.logArgs()
	top := b.topError()
	if top == nil {
		if b.r.Totals.Uncoded > 0 {
			add(m.nextUncoded, "", "mgslog export", files, "| jq -c 'select(.code == null)'")
		}
		return
	}
	code := strconv.Itoa(int(top.Code))
	if words := b.grep(top); words != nil {
		add(m.nextTrace, code, words...)
	} else if words := b.print(top); words != nil {
		add(m.nextPlace, code, words...)
	}
	if top.InCatalogue {
		add(m.nextExplain, code, "mgslog explain", code)
	}
	side := ""
	if top.Platform != parser.Server.String() {
		side = "--side " + top.Platform
	}
	if top.First != nil && len(b.r.Codes) > 1 {
		words, why := []string{"mgslog analyze", "--code " + code, side}, m.nextAlone
		if top.Onset.After(*top.First) {
			width := time.Duration(b.r.WindowSeconds) * time.Second
			since := top.Onset.Add(-width)
			if since.Before(*b.r.From) {
				since = *b.r.From
			}
			until := top.Last.Truncate(time.Second).Add(time.Second)
			words = append(words, "--since "+since.Truncate(time.Second).Format(time.RFC3339), "--until "+until.Format(time.RFC3339))
			why = m.nextNarrow
		}
		add(why, code, append(words, files)...)
	}
	add(m.nextExport, code, "mgslog export", "--code "+code, side, files, "| jq .")
}

// grep returns a command that shows all lines with the trace id of one record
// of c, nil if there is none.
func (b *builder) grep(c *Code) []string {
	for _, s := range c.Samples {
		id := []byte(s.TraceID)
		if _, ok := parser.ParseTraceID(id); !ok {
			continue
		}
		after := "-A 20" // a stack trace follows
		if s.Evidence == parser.ByPosition.String() {
			after = ""
		}
		var paths []string
		compressed := false
		for i := range b.r.Inputs {
			if b.r.Inputs[i].Records == 0 {
				continue
			}
			paths = append(paths, b.r.Inputs[i].Path)
			compressed = compressed || b.r.Inputs[i].Compression != ""
		}
		grep := "grep -n"
		files := args(paths)
		switch {
		case compressed:
			grep = "zgrep -n"
		case files == anyFiles && b.fileArgs() != anyFiles: // directories
			grep, files = "grep -rn", b.fileArgs()
		}
		return []string{grep, after, s.TraceID, files}
	}
	return nil
}

// print returns a command that shows one record of c at its place, nil if its
// file cannot be named.
func (b *builder) print(c *Code) []string {
	for _, s := range c.Samples {
		if file, ok := shellWord(s.File); ok && s.File != "-" && !b.compressed(s.File) {
			return []string{"sed -n", fmt.Sprintf("'%d,%dp'", s.Line, s.Line+20), file}
		}
	}
	return nil
}

func (b *builder) compressed(path string) bool {
	return slices.ContainsFunc(b.r.Inputs, func(in Input) bool { return in.Path == path && in.Compression != "" })
}

// anyFiles stands for the inputs where they cannot be named.
const anyFiles = "FILE..."

// maxFileArgs is how many inputs a command names.
const maxFileArgs = 6

// fileArgs returns the inputs, as the user named them, as arguments in a shell.
func (b *builder) fileArgs() string {
	unread := func(f string) bool {
		return slices.ContainsFunc(b.r.Inputs, func(in Input) bool { return in.Path == f && in.Error != nil && in.Records == 0 })
	}
	return args(slices.DeleteFunc(slices.Clone(b.opt.Files), unread))
}

// logArgs returns the inputs and the layouts that they are read with.
func (b *builder) logArgs() string { return layoutFlags(b.opt.Layouts) + b.fileArgs() }

// layoutFlags returns the flags that name layout files, each with a space
// behind it.
func layoutFlags(files []string) string {
	var words strings.Builder
	for _, f := range files {
		if w, ok := shellWord(f); ok {
			words.WriteString("--layout " + w + " ")
		}
	}
	return words.String()
}

func args(files []string) string {
	if len(files) == 0 || len(files) > maxFileArgs {
		return anyFiles
	}
	var words []string
	for _, f := range files {
		w, ok := shellWord(f)
		if !ok || f == "-" {
			return anyFiles
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./@%+=:,][A-Za-z0-9_./@%+=:,-]*$`)

// shellWord quotes s for a POSIX shell. It refuses what cannot be shown as it
// is, and what a command would take for a flag.
func shellWord(s string) (string, bool) {
	if s == "" || s[0] == '-' || Printable(s) != s {
		return "", false
	}
	if plainWord.MatchString(s) {
		return s, true
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'", true
}
