package report

import (
	"fmt"
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
		paths, grep := b.grepped()
		if grep == "" {
			return nil
		}
		files := args(paths)
		switch {
		case files == anyFiles && b.fileArgs() != anyFiles: // directories
			if !strings.HasPrefix(grep, "grep") {
				return nil // the others do not search directories
			}
			grep, files = grep+" -r", b.fileArgs()
		}
		return []string{grep, "-n", after, s.TraceID, files}
	}
	return nil
}

// grepped returns the inputs that were read, and the command that searches
// them all: one for what they are compressed with. There is none for several
// compressions at once.
func (b *builder) grepped() (paths []string, grep string) {
	kind := ""
	text := false // grep must be told that it is text
	for i := range b.r.Inputs {
		in := &b.r.Inputs[i]
		if in.DuplicateOf != "" || in.Records == 0 {
			continue
		}
		paths = append(paths, in.Path)
		if strings.HasPrefix(in.Encoding, "utf-16") {
			return paths, "" // grep does not find ASCII in it
		}
		text = text || in.Encoding != "" && in.Encoding != plainText || in.Recoded > 0
		if in.Compression != "" {
			if kind != "" && kind != in.Compression {
				return paths, ""
			}
			kind = in.Compression
		}
	}
	grep = map[string]string{"": "grep", "gzip": "zgrep", "zstd": "zstdgrep", "bzip2": "bzgrep", "xz": "xzgrep"}[kind]
	if text {
		grep += " -a"
	}
	return paths, grep
}

// print returns a command that shows one record of c at its place, nil if its
// file cannot be named.
func (b *builder) print(c *Code) []string {
	for _, s := range c.Samples {
		if file, ok := shellWord(s.File); ok && s.Line > 0 && s.File != "-" && !b.packed(s.File) {
			return []string{"sed -n", fmt.Sprintf("'%d,%dp'", s.Line, s.Line+20), file}
		}
	}
	return nil
}

// packed reports whether sed finds no lines in an input.
func (b *builder) packed(path string) bool {
	return slices.ContainsFunc(b.r.Inputs, func(in Input) bool {
		return in.Path == path && (in.Compression != "" || strings.HasPrefix(in.Encoding, "utf-16"))
	})
}

// plainText is the name of the encoding that needs no mention.
const plainText = "utf-8"

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

// logArgs returns the inputs and the flags and layouts that mgslog takes to read
// them.
func (b *builder) logArgs() string {
	return strings.Join(append(readingFlags(b.opt.Flags, b.opt.Layouts), b.fileArgs()), " ")
}

// readingFlags returns flags and those that name layout files, as words of a
// shell.
func readingFlags(flags, layouts []string) []string {
	words := slices.Clone(flags)
	for _, f := range layouts {
		if w, ok := shellWord(f); ok {
			words = append(words, "--layout "+w)
		}
	}
	return words
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

// shellWord quotes s for a POSIX shell. It refuses what cannot be shown as it
// is, and what a command would take for a flag.
func shellWord(s string) (string, bool) {
	if s == "" || s[0] == '-' || Printable(s) != s {
		return "", false
	}
	if plainWord(s) {
		return s, true
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'", true
}

// plainWord reports whether no character of s means anything to a shell.
func plainWord(s string) bool {
	for i := range len(s) {
		if !isAlnum(s[i]) && strings.IndexByte("_./@%+=:,-", s[i]) < 0 {
			return false
		}
	}
	return true
}

func isAlnum(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' }
