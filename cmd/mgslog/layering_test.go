package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the path of this module; the packages below it are the rooms.
const module = "mgslog"

// A room is one row of the table: what a package of this module may touch.
// The standard library is open to all, but for the lists further down.
type room struct {
	// imports names the rooms (as directories) and the modules of others that
	// the package may import. A module's packages all come with it.
	imports []string
	// tests names what its tests may import on top of that.
	tests []string
	// avoids names exported identifiers of the imported rooms that are not
	// meant for this one, as "parser.NewReader".
	avoids []string
	// program marks a command. Only a command exits, prints, and reads its
	// arguments, its environment, the clock and the local time zone; all
	// other rooms are handed what they need.
	program bool
}

// rooms is the table. A new package, and a new module, starts with a line
// here, so that it never comes in by accident. CONTRIBUTING.md has the same
// map in words.
var rooms = map[string]room{
	"parser": {
		tests: []string{"analyze/catalog"}, // for a Lexicon as it is in use
	},
	"parser/source": {
		imports: []string{
			"parser", "github.com/klauspost/compress", "github.com/ulikunitz/xz", "golang.org/x/text",
			"github.com/hpcloud/tail", "gopkg.in/tomb.v1", "github.com/gofrs/flock", "github.com/google/renameio", "golang.org/x/sys",
		},
	},
	"parser/layout": {
		imports: []string{"parser", "go.yaml.in/yaml"},
	},
	"analyze/catalog": {
		imports: []string{"parser"},
		avoids:  []string{"parser.NewReader", "parser.NewDecoder"},
	},
	"analyze/change": {
		imports: []string{"gonum.org/v1/gonum"},
	},
	// The container of aggregates knows nothing of what is in them.
	"analyze/aggfile": {
		imports: []string{"github.com/klauspost/compress"},
	},
	"analyze": {
		imports: []string{
			"parser", "analyze/catalog", "analyze/change", "analyze/aggfile",
			"github.com/axiomhq/hyperloglog", "github.com/fxamacker/cbor",
		},
		avoids: []string{"parser.NewReader", "parser.NewDecoder"},
	},
	"report": {
		imports: []string{
			"parser", "analyze", "analyze/catalog", "analyze/change",
			"github.com/cespare/xxhash", "github.com/clipperhouse/displaywidth", "github.com/dustin/go-humanize", "github.com/fatih/color",
			"github.com/rivo/uniseg", "github.com/rodaine/table",
		},
		avoids: []string{"parser.NewReader", "parser.NewDecoder"},
		tests:  []string{"github.com/mattn/go-runewidth", "github.com/santhosh-tekuri/jsonschema"},
	},
	// Of the report only Printable: what is delivered quotes logs.
	"cmd/mgslog/deliver": {
		imports: []string{
			"report", "github.com/wneessen/go-mail", "github.com/cenkalti/backoff",
			"golang.org/x/text", // go-mail is built from it
		},
	},
	"cmd/mgslog": {
		program: true,
		imports: []string{
			"parser", "parser/source", "parser/layout", "analyze", "analyze/aggfile", "analyze/catalog", "analyze/change", "report",
			"cmd/mgslog/deliver", "cmd/mgslog/statedir",
			"github.com/spf13/cobra", "github.com/spf13/pflag", "github.com/dustin/go-humanize", "github.com/google/renameio",
			"github.com/schollz/progressbar", "golang.org/x/term",
		},
		tests: []string{"github.com/rogpeppe/go-internal", "golang.org/x/text", "github.com/hinshun/vt10x"},
	},
	// What a run leaves for the next one. It knows files, not what is in them.
	"cmd/mgslog/statedir": {
		imports: []string{"github.com/gofrs/flock", "github.com/google/renameio"},
	},
	// The generator of test logs shares nothing with the code under test: a
	// misreading of the format would otherwise be on both sides, and pass.
	"cmd/loggen": {
		program: true,
		imports: []string{"github.com/spf13/pflag"},
	},
}

// cgoOrUnsafe lists the rooms that may import "C" or "unsafe", or hold source
// in another language: none.
var cgoOrUnsafe = map[string]bool{}

// guarded lists packages of the standard library that reach outside the
// process, and the rooms that may import them. Tests may import them all.
var guarded = map[string][]string{
	"flag":          {},
	"log":           {"cmd/mgslog"},
	"log/slog":      {"cmd/mgslog"},
	"net":           {"cmd/mgslog"},
	"net/http":      {"cmd/mgslog", "cmd/mgslog/deliver"},
	"os":            {"parser/source", "cmd/mgslog/statedir", "cmd/mgslog", "cmd/loggen"},
	"os/exec":       {"cmd/mgslog/deliver"},
	"os/signal":     {"cmd/mgslog", "cmd/loggen"},
	"os/user":       {},
	"path/filepath": {"parser/source", "cmd/mgslog/statedir", "cmd/mgslog", "cmd/loggen"},
	"plugin":        {},
	"syscall":       {"parser/source", "cmd/mgslog/statedir", "cmd/mgslog"},
}

// ambient matches what only a program may use: the process, its standard
// streams, its surroundings.
var ambient = regexp.MustCompile(`^(os\.(Exit|Stdin|Stdout|Stderr|Args|Getenv|LookupEnv|Environ|ExpandEnv|Getwd|Chdir)` +
	`|fmt\.(Print|Printf|Println|Scan|Scanf|Scanln)` +
	`|log\..*|log/slog\..*|syscall\.Exit` +
	`|time\.(Now|Since|Until|Local)` +
	`|print|println)$`)

// sleeping matches what makes a test slow on a fast machine and wrong on a
// slow one. Inside a testing/synctest bubble time is not real, so a test file
// that uses bubbles may sleep. (time.After is left alone: it also bounds how
// long a test waits for what ought to come at once.)
var sleeping = regexp.MustCompile(`^time\.(Sleep|Tick)$`)

// A graph is what the checker looks at: the packages, and beside them the
// files that are in the tree whether or not a package claims them.
type graph struct {
	packages []pkg
	found    []string // every .go and go.mod file, relative to the module
}

type pkg struct {
	path    string   // as imported
	deps    []string // import paths of all it is built from, tests aside
	foreign []string // source files in other languages
	files   []file
}

type file struct {
	name    string // relative to the module
	test    bool
	imports []string
	dot     []string // imported with a dot
	uses    []use
}

// A use is one identifier of an imported package, written with the package's
// import path ("time.Now", "mgslog/parser.Code"), or a builtin that prints.
type use struct {
	name string
	line int
}

// checkTable returns the faults of the table itself: names that are no rooms,
// and arrows that go in a circle. check relies on there being none.
func checkTable(rooms map[string]room) []string {
	var bad []string
	for name, row := range rooms {
		for _, imp := range slices.Concat(row.imports, row.tests) {
			if _, ok := rooms[imp]; isStandard(imp) && !ok {
				bad = append(bad, fmt.Sprintf("row %s: %s is not a room of the table", name, imp))
			}
		}
	}
	slices.Sort(bad)
	// Rooms that import nothing of what is left are taken away until none is.
	left := maps.Clone(rooms)
	for before := -1; len(left) != before; {
		before = len(left)
		maps.DeleteFunc(left, func(_ string, row room) bool {
			return !slices.ContainsFunc(row.imports, func(imp string) bool { _, ok := left[imp]; return ok })
		})
	}
	if len(left) > 0 {
		bad = append(bad, "the arrows go in a circle: see "+strings.Join(slices.Sorted(maps.Keys(left)), ", "))
	}
	return bad
}

// check returns every violation of the table in g, sorted.
func check(rooms map[string]room, g graph) []string {
	var bad []string
	report := func(format string, args ...any) { bad = append(bad, fmt.Sprintf(format, args...)) }

	claimed := map[string]bool{"go.mod": true}
	for _, p := range g.packages {
		name := strings.TrimPrefix(strings.TrimPrefix(p.path, module), "/")
		for _, f := range p.files {
			claimed[f.name] = true
		}
		row, ok := rooms[name]
		if !ok {
			report("package %s has no row in the table of rooms", p.path)
			continue
		}
		for _, f := range p.foreign {
			if !cgoOrUnsafe[name] {
				report("%s: source that is not Go", f)
			}
		}
		for _, f := range p.files {
			checkFile(name, row, f, report)
		}
		for _, dep := range p.deps {
			// The system's calls are what many libraries are built from.
			if owner := grantOf(rooms, dep); owner != "" && owner != "golang.org/x/sys" && !reaches(rooms, name, owner) {
				report("package %s is built from %s, through a package that is allowed, but no room below it may use %s", p.path, dep, owner)
			}
		}
	}
	for _, name := range g.found {
		if !claimed[name] {
			report("%s belongs to no package that is checked", name)
		}
	}
	slices.Sort(bad)
	return slices.Compact(bad)
}

func checkFile(name string, row room, f file, report func(string, ...any)) {
	for _, imp := range f.imports {
		allowed := row.imports
		if f.test {
			allowed = slices.Concat(row.imports, row.tests)
		}
		switch {
		case imp == "C" || imp == "unsafe":
			if !cgoOrUnsafe[name] {
				report("%s: imports %q", f.name, imp)
			}
		case imp == path.Join(module, name):
			// An external test imports the package that it tests.
		case imp == module || strings.HasPrefix(imp, module+"/"):
			if !slices.Contains(allowed, strings.TrimPrefix(imp, module+"/")) {
				report("%s: %s may not import %s", f.name, name, imp)
			}
		case isStandard(imp):
			if owners, ok := guarded[imp]; ok && !f.test && !slices.Contains(owners, name) {
				report("%s: %s may not import %s of the standard library", f.name, name, imp)
			}
		default:
			if !slices.ContainsFunc(allowed, func(m string) bool { return within(imp, m) }) {
				report("%s: %s may not import %s", f.name, name, imp)
			}
		}
	}
	for _, imp := range f.dot {
		report("%s: imports %s with a dot, which hides what is used of it", f.name, imp)
	}
	for _, u := range f.uses {
		switch {
		case f.test:
			if sleeping.MatchString(u.name) && !slices.Contains(f.imports, "testing/synctest") {
				report("%s:%d: %s in a test", f.name, u.line, u.name)
			}
		case ambient.MatchString(u.name):
			if !row.program {
				report("%s:%d: %s outside a program", f.name, u.line, u.name)
			}
		case slices.Contains(row.avoids, strings.TrimPrefix(u.name, module+"/")):
			report("%s:%d: %s is not for %s", f.name, u.line, strings.TrimPrefix(u.name, module+"/"), name)
		}
	}
}

// grantOf returns the module of the table to which the package imp belongs, ""
// if it is ours, the standard library's, or brought in by another module only.
func grantOf(rooms map[string]room, imp string) string {
	for _, row := range rooms {
		for _, m := range row.imports {
			if !isStandard(m) && within(imp, m) {
				return m
			}
		}
	}
	return ""
}

// reaches tells whether the room, or a room that it may import, is granted mod.
func reaches(rooms map[string]room, name, mod string) bool {
	for _, imp := range rooms[name].imports {
		if imp == mod {
			return true
		}
		if _, ok := rooms[imp]; ok && reaches(rooms, imp, mod) {
			return true
		}
	}
	return false
}

func within(imp, mod string) bool { return imp == mod || strings.HasPrefix(imp, mod+"/") }

// isStandard follows the go command: a first element with a dot is a host.
func isStandard(imp string) bool {
	first, _, _ := strings.Cut(imp, "/")
	return !strings.Contains(first, ".")
}

// scan reads one Go file. Names are resolved within the file, so a local
// variable called os is not mistaken for the package.
func scan(name string, src []byte) (file, error) {
	f := file{name: name, test: strings.HasSuffix(name, "_test.go")}
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, name, src, 0)
	if err != nil {
		return f, err
	}
	local := map[string]string{} // name in the file → import path
	for _, spec := range tree.Imports {
		imp, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return f, fmt.Errorf("%s: import %s: %w", name, spec.Path.Value, err)
		}
		f.imports = append(f.imports, imp)
		switch {
		case spec.Name == nil:
			local[defaultName(imp)] = imp
		case spec.Name.Name == ".":
			f.dot = append(f.dot, imp)
		default:
			local[spec.Name.Name] = imp
		}
	}
	add := func(name string, pos token.Pos) {
		f.uses = append(f.uses, use{name, fset.Position(pos).Line})
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Obj == nil && local[x.Name] != "" {
				add(local[x.Name]+"."+n.Sel.Name, n.Pos())
			}
		case *ast.CallExpr:
			if fn, ok := n.Fun.(*ast.Ident); ok && fn.Obj == nil && (fn.Name == "print" || fn.Name == "println") {
				add(fn.Name, n.Pos())
			}
		}
		return true
	})
	return f, nil
}

var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// defaultName guesses the package name of an import path. It is right for the
// standard library and for this module, the only names that are looked up.
func defaultName(imp string) string {
	dir, base := path.Split(imp)
	if majorVersion.MatchString(base) && dir != "" {
		return path.Base(dir)
	}
	return base
}

// load reads the graph of the module at root: its packages from the go
// command, the contents of their files itself, so that files of other
// platforms count as well.
func load(root string) (graph, error) {
	var g graph
	cmd := exec.Command("go", "list", "-buildvcs=false", "-json=ImportPath,Dir,Deps,"+
		"GoFiles,CgoFiles,IgnoredGoFiles,TestGoFiles,XTestGoFiles,"+
		"CFiles,CXXFiles,MFiles,HFiles,FFiles,SFiles,SwigFiles,SwigCXXFiles,SysoFiles,IgnoredOtherFiles", "./...")
	cmd.Dir = root
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return g, fmt.Errorf("go list: %w", err)
	}
	root, err = filepath.Abs(root)
	if err != nil {
		return g, err
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var l struct {
			ImportPath, Dir                                              string
			Deps                                                         []string
			GoFiles, CgoFiles, IgnoredGoFiles, TestGoFiles, XTestGoFiles []string
			CFiles, CXXFiles, MFiles, HFiles, FFiles, SFiles             []string
			SwigFiles, SwigCXXFiles, SysoFiles, IgnoredOtherFiles        []string
		}
		if err := dec.Decode(&l); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return g, fmt.Errorf("go list: %w", err)
		}
		dir, err := filepath.Rel(root, l.Dir)
		if err != nil {
			return g, err
		}
		p := pkg{path: l.ImportPath, deps: l.Deps}
		for _, name := range slices.Concat(l.CFiles, l.CXXFiles, l.MFiles, l.HFiles, l.FFiles, l.SFiles,
			l.SwigFiles, l.SwigCXXFiles, l.SysoFiles, l.IgnoredOtherFiles) {
			p.foreign = append(p.foreign, path.Join(filepath.ToSlash(dir), name))
		}
		for _, name := range slices.Concat(l.GoFiles, l.CgoFiles, l.IgnoredGoFiles, l.TestGoFiles, l.XTestGoFiles) {
			src, err := os.ReadFile(filepath.Join(l.Dir, name))
			if err != nil {
				return g, err
			}
			f, err := scan(path.Join(filepath.ToSlash(dir), name), src)
			if err != nil {
				return g, err
			}
			p.files = append(p.files, f)
		}
		g.packages = append(g.packages, p)
	}

	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			// What the go command does not look into either.
			if base := d.Name(); name != root && (base == "testdata" || base == "vendor" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")) {
				return filepath.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(name, ".go") || d.Name() == "go.mod" {
			rel, err := filepath.Rel(root, name)
			if err != nil {
				return err
			}
			g.found = append(g.found, filepath.ToSlash(rel))
		}
		return nil
	})
	return g, err
}

// TestLayering holds the tree against the table of rooms.
func TestLayering(t *testing.T) {
	g, err := load(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(g.packages, func(p pkg) bool { return p.path == module+"/cmd/mgslog" }) {
		t.Fatalf("the list of packages misses this one: the test looks in the wrong place")
	}
	if faults := checkTable(rooms); len(faults) > 0 {
		t.Fatalf("the table of rooms is itself wrong: %q", faults)
	}
	for _, violation := range check(rooms, g) {
		t.Error(violation)
	}
}

// TestLayeringTable plants faults into a table, as TestLayeringChecker does
// into a graph.
func TestLayeringTable(t *testing.T) {
	for _, tc := range []struct {
		name  string
		table map[string]room
		want  []string
	}{
		{"none", map[string]room{"a": {imports: []string{"b", "example.org/lib"}}, "b": {tests: []string{"a"}}}, nil},
		{
			"a name that is no room",
			map[string]room{"a": {imports: []string{"b"}, tests: []string{"c"}}},
			[]string{"row a: b is not a room of the table", "row a: c is not a room of the table"},
		},
		{
			"a circle",
			map[string]room{"a": {imports: []string{"b"}}, "b": {imports: []string{"c"}}, "c": {imports: []string{"b"}}, "d": {}},
			[]string{"the arrows go in a circle: see a, b, c"},
		},
		{"a room below itself", map[string]room{"a": {imports: []string{"a"}}}, []string{"the arrows go in a circle: see a"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := checkTable(tc.table); !slices.Equal(got, tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// TestLayeringChecker plants violations into a graph that has none, and wants
// each to be found: a check that cannot fail is not a check.
func TestLayeringChecker(t *testing.T) {
	table := map[string]room{
		"low":  {tests: []string{"side", "example.org/only-tests"}},
		"side": {imports: []string{"low", "example.org/lib"}},
		"high": {imports: []string{"low"}, avoids: []string{"low.Machine"}},
		"cmd":  {program: true, imports: []string{"low", "side", "high", "example.org/flags"}},
	}
	sound := func() graph {
		return graph{
			packages: []pkg{
				{path: "mgslog/low", files: []file{
					{name: "low/a.go", imports: []string{"io", "time"}, uses: []use{{"time.UTC", 3}}},
					{name: "low/a_test.go", test: true, imports: []string{"os", "mgslog/low", "mgslog/side", "example.org/only-tests/x"}},
				}},
				{path: "mgslog/side", deps: []string{"io", "mgslog/low", "example.org/lib/v2/x", "example.org/brought/in"}, files: []file{
					{name: "side/a.go", imports: []string{"mgslog/low", "example.org/lib/v2/x"}},
				}},
				{path: "mgslog/high", deps: []string{"mgslog/low"}, files: []file{
					{name: "high/a.go", imports: []string{"mgslog/low"}, uses: []use{{"mgslog/low.Value", 9}}},
				}},
				{path: "mgslog/cmd", deps: []string{"example.org/lib/v2/x", "example.org/flags"}, files: []file{
					{name: "cmd/a.go", imports: []string{"fmt", "example.org/flags", "mgslog/side"}, uses: []use{{"os.Exit", 7}, {"time.Now", 8}}},
				}},
			},
			found: []string{"go.mod", "low/a.go", "low/a_test.go", "side/a.go", "high/a.go", "cmd/a.go"},
		}
	}
	if got := check(table, sound()); len(got) > 0 {
		t.Fatalf("violations in a sound graph: %q", got)
	}

	const low, side, high, cmd = 0, 1, 2, 3
	code := func(g *graph, room int) *file { return &g.packages[room].files[0] }
	imports := func(room int, imp string) func(*graph) {
		return func(g *graph) { f := code(g, room); f.imports = append(f.imports, imp) }
	}
	uses := func(room int, name string) func(*graph) {
		return func(g *graph) { f := code(g, room); f.uses = append(f.uses, use{name, 42}) }
	}
	inTest := func(change func(*file)) func(*graph) {
		return func(g *graph) { change(&g.packages[low].files[1]) }
	}
	for _, tc := range []struct {
		name  string
		plant func(*graph)
		want  string // "" if it is no violation after all
	}{
		{"arrow upwards", imports(low, "mgslog/side"), "low/a.go: low may not import mgslog/side"},
		{"arrow past a side room", imports(high, "mgslog/side"), "high/a.go: high may not import mgslog/side"},
		{"a room that is not in the table", imports(high, "mgslog/lower"), "high/a.go: high may not import mgslog/lower"},
		{"the root", imports(high, "mgslog"), "high/a.go: high may not import mgslog"},
		{"another's module", imports(high, "example.org/lib/v2/x"), "high/a.go: high may not import example.org/lib/v2/x"},
		{"a new module", imports(cmd, "example.org/new"), "cmd/a.go: cmd may not import example.org/new"},
		{"a module of a similar name", imports(side, "example.org/library"), "side/a.go: side may not import example.org/library"},
		{"a module for tests in code", imports(low, "example.org/only-tests"), "low/a.go: low may not import example.org/only-tests"},
		{"a new module in a test", inTest(func(f *file) { f.imports = append(f.imports, "example.org/new") }), "low/a_test.go: low may not import example.org/new"},
		{
			"another's module through a third", func(g *graph) {
				g.packages[high].deps = append(g.packages[high].deps, "example.org/flags")
			},
			"package mgslog/high is built from example.org/flags, through a package that is allowed, but no room below it may use example.org/flags",
		},
		{
			"a package without a row", func(g *graph) {
				g.packages = append(g.packages, pkg{path: "mgslog/new", files: []file{{name: "new/a.go"}}})
			},
			"package mgslog/new has no row in the table of rooms",
		},
		{
			"a package at the root", func(g *graph) {
				g.packages = append(g.packages, pkg{path: "mgslog", files: []file{{name: "a.go"}}})
			},
			"package mgslog has no row in the table of rooms",
		},
		{"files", imports(low, "os"), "low/a.go: low may not import os of the standard library"},
		{"a logger", imports(side, "log"), "side/a.go: side may not import log of the standard library"},
		{"files in a test", inTest(func(f *file) { f.imports = append(f.imports, "os/exec") }), ""},
		{"unsafe", imports(cmd, "unsafe"), `cmd/a.go: imports "unsafe"`},
		{"unsafe in a test", inTest(func(f *file) { f.imports = append(f.imports, "unsafe") }), `low/a_test.go: imports "unsafe"`},
		{"cgo", imports(low, "C"), `low/a.go: imports "C"`},
		{
			"assembly", func(g *graph) { g.packages[low].foreign = []string{"low/a_amd64.s"} },
			"low/a_amd64.s: source that is not Go",
		},
		{"exit", uses(low, "os.Exit"), "low/a.go:42: os.Exit outside a program"},
		{"standard output", uses(side, "os.Stdout"), "side/a.go:42: os.Stdout outside a program"},
		{"standard error", uses(side, "os.Stderr"), "side/a.go:42: os.Stderr outside a program"},
		{"print", uses(high, "fmt.Println"), "high/a.go:42: fmt.Println outside a program"},
		{"print to a writer", uses(high, "fmt.Fprintln"), ""},
		{"the builtin", uses(high, "println"), "high/a.go:42: println outside a program"},
		{"log", uses(high, "log.Fatal"), "high/a.go:42: log.Fatal outside a program"},
		{"the clock", uses(low, "time.Now"), "low/a.go:42: time.Now outside a program"},
		{"the local zone", uses(low, "time.Local"), "low/a.go:42: time.Local outside a program"},
		{"the local zone, as a name only", uses(low, "time.LocalTime"), ""},
		{"a machine where values are meant", uses(high, "mgslog/low.Machine"), "high/a.go:42: low.Machine is not for high"},
		{"sleep in a test", inTest(func(f *file) { f.uses = append(f.uses, use{"time.Sleep", 42}) }), "low/a_test.go:42: time.Sleep in a test"},
		{"sleep in a bubble", inTest(func(f *file) {
			f.imports = append(f.imports, "testing/synctest")
			f.uses = append(f.uses, use{"time.Sleep", 42})
		}), ""},
		{
			"a dot import", func(g *graph) { code(g, low).dot = []string{"fmt"} },
			"low/a.go: imports fmt with a dot, which hides what is used of it",
		},
		{
			"a file that no package claims", func(g *graph) { g.found = append(g.found, "tools/gen.go") },
			"tools/gen.go belongs to no package that is checked",
		},
		{
			"a module inside the module", func(g *graph) { g.found = append(g.found, "low/go.mod") },
			"low/go.mod belongs to no package that is checked",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g := sound()
			tc.plant(&g)
			var want []string
			if tc.want != "" {
				want = []string{tc.want}
			}
			if got := check(table, g); !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// TestLayeringScan checks what is seen in a file.
func TestLayeringScan(t *testing.T) {
	for _, tc := range []struct {
		name, src string
		imports   []string
		uses      []string
	}{
		{
			"call and value", `import "os"; func f() { os.Exit(1); w := os.Stdout; _ = w }`,
			[]string{"os"},
			[]string{"os.Exit", "os.Stdout"},
		},
		{
			"another name", `import out "fmt"; var p = out.Println`,
			[]string{"fmt"},
			[]string{"fmt.Println"},
		},
		{
			"a variable of that name", `import "os"; type T struct{ Exit int }; func f(os T) int { return os.Exit }`,
			[]string{"os"},
			nil,
		},
		{
			"a field of that name", `type T struct{ os struct{ Exit int } }; func f(t T) int { return t.os.Exit }`,
			nil, nil,
		},
		{
			"a major version", `import "math/rand/v2"; var n = rand.Int()`,
			[]string{"math/rand/v2"},
			[]string{"math/rand/v2.Int"},
		},
		{
			"a room", `import "mgslog/parser"; var c parser.Code`,
			[]string{"mgslog/parser"},
			[]string{"mgslog/parser.Code"},
		},
		{"the builtin", `func f() { println(1) }`, nil, []string{"println"}},
		{"a function of the builtin's name", `func print() {}; func f() { print() }`, nil, nil},
		{"another platform", `import "unsafe"`, []string{"unsafe"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f, err := scan("x.go", []byte("//go:build plan9\n\npackage x; "+tc.src))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(f.imports, tc.imports) {
				t.Errorf("imports %q, want %q", f.imports, tc.imports)
			}
			var uses []string
			for _, u := range f.uses {
				uses = append(uses, u.name)
			}
			if !slices.Equal(uses, tc.uses) {
				t.Errorf("uses %q, want %q", uses, tc.uses)
			}
		})
	}
	if _, err := scan("x.go", []byte("package")); err == nil {
		t.Error("no error for a file that is not Go")
	}
	if f, err := scan("x_test.go", []byte(`package x; import . "fmt"`)); err != nil || !f.test || !slices.Equal(f.dot, []string{"fmt"}) {
		t.Errorf("a test with a dot import: %+v, %v", f, err)
	}
}
