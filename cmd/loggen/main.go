package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // --zone must work on a machine without zone files

	"github.com/spf13/pflag"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// config is one run of the generator.
type config struct {
	kind    string
	layout  int // 1-based; 0 takes every layout of the kind in turn
	seed    uint64
	host    int     // 1-based, of machines; 0: all of them write one log
	records int     // how many records to write, or
	bytes   int64   // how many bytes, if not 0, or
	daily   int     // how many records on a weekday of 24 hours, if not 0
	weekend float64 // traffic of a Saturday or Sunday, as a multiple of a weekday's
	start   time.Time
	span    time.Duration
	frames  int     // mean number of frames in a stack trace
	decoys  float64 // share of the records with a decoy
	bad     float64 // share of broken lines in a digest
	orphans int     // lines before the first record
	prefix  string  // put before every line, as grep -r and pssh do
	boost   float64 // how much busier the log is during the incident, 0 for what suits the kind
	steady  bool    // one spelling throughout, as a real configuration has
	traces  bool    // every failure has a whole stack trace, as a log without abbreviations
	// Every record of a digest has a trace id, an operationType and a user id
	// that no other has.
	distinct bool
	noise    float64 // coefficient of variation of a code's chance from day to day
	plants   []plant
	// An incident begins at this time of each day, local time; none if its
	// length is 0.
	incidentAt, incidentFor time.Duration
}

// defaults are the values of the flags that are not given.
func defaults() config {
	return config{
		kind: "digest", layout: 1, seed: 1, records: 1000, weekend: 1,
		start:  time.Date(2026, 3, 4, 0, 0, 0, 0, time.FixedZone("+08:00", 8*3600)),
		span:   24 * time.Hour,
		frames: 24, decoys: 0.4,
		incidentAt: 2*time.Hour + 13*time.Minute, incidentFor: 52 * time.Minute,
	}
}

// A kind is a kind of log file.
type kind struct {
	name    string
	file    string // the name of the real log
	layouts []string
	open    func(config, *rand.Rand) generator
	boost   float64 // how much busier the log is during the incident
}

// kinds returns every kind but hostile, which is a set of files.
func kinds() []kind {
	return []kind{
		{"digest", "gateway-page-digest.log", digestLayouts, newDigest, 1},
		{"spi-digest", "page-digest.log", spiLayouts, newSPIDigest, 1},
		{"error", "gateway-error.log", layoutNames(errorLayouts), newError, 40},
		{"monitor", "monitor.log", layoutNames(monitorLayouts), newMonitor, 6},
		{"default", "gateway-default.log", layoutNames(defaultLayouts), newDefault, 6},
	}
}

// A generator makes the records of one file, one after the other.
type generator interface {
	// record appends to b the record written at the instant at (Unix
	// milliseconds), newline and all, and says the truth about it in t.
	record(b []byte, at int64, t *truth) []byte
}

func run(args []string, stdout, stderr io.Writer) int {
	cfg := defaults()
	fs := pflag.NewFlagSet("loggen", pflag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.SortFlags = false
	fs.StringVar(&cfg.kind, "kind", cfg.kind, "digest, spi-digest, error, monitor, default or hostile")
	fs.IntVar(&cfg.layout, "layout", cfg.layout, "layout of the kind (see --list), 0 to take all in turn")
	fs.Uint64Var(&cfg.seed, "seed", cfg.seed, "seed of all chance")
	fs.IntVar(&cfg.host, "host", 0, "only the log of that gateway host (kinds digest and error), 0 for all hosts in one")
	fs.IntVar(&cfg.records, "records", cfg.records, "how many records to write")
	size := fs.String("bytes", "", "how much to write instead of --records, such as 64KiB or 1GiB")
	fs.IntVar(&cfg.daily, "daily", 0, "how many records to write on a weekday of 24 hours, instead of --records")
	fs.Float64Var(&cfg.weekend, "weekend", cfg.weekend, "traffic of a Saturday or Sunday, as a multiple of a weekday's")
	start := fs.String("start", "2026-03-04 00:00:00", "time of the first record")
	fs.DurationVar(&cfg.span, "span", cfg.span, "time from the first record to the last")
	days := fs.Int("days", 0, "how many days of the zone from the first record to the last, instead of --span; they may have 23 or 25 hours")
	zone := fs.String("zone", "+08:00", "time zone of the time stamps: an offset, or a name such as America/New_York")
	fs.IntVar(&cfg.frames, "frames", cfg.frames, "mean number of frames in a stack trace")
	fs.Float64Var(&cfg.decoys, "decoys", cfg.decoys, "share of records with a number that only looks like a code")
	fs.Float64Var(&cfg.bad, "bad", cfg.bad, "share of broken lines (digest kinds)")
	fs.IntVar(&cfg.orphans, "orphans", cfg.orphans, "lines before the first record, as after a rotation (other kinds)")
	fs.StringVar(&cfg.prefix, "prefix", cfg.prefix, "text before every line, such as gateway-error.log:")
	fs.BoolVar(&cfg.steady, "steady", false, "one spelling of the code and no decoys, as in one real log")
	fs.BoolVar(&cfg.traces, "traces", false, "every failure with a whole stack trace, of --frames frames on the mean (kind error)")
	fs.BoolVar(&cfg.distinct, "distinct", false, "no trace id, operationType or user id comes twice (kind digest)")
	incident := fs.String("incident", "02:13", "time of day at which the incident begins")
	fs.DurationVar(&cfg.incidentFor, "incident-span", cfg.incidentFor, "length of the incident, 0 for none")
	fs.Float64Var(&cfg.boost, "boost", 0, "how much busier the log is during the incident, 0 for what suits the kind")
	fs.Float64Var(&cfg.noise, "noise", 0, "coefficient of variation of each code's chance from day to day (kind digest)")
	plants := fs.StringArray("plant", nil, "a change to plant, such as rate,code=4002,by=2,from=2026-03-05 09:00 (see plant.go; may be repeated)")
	out := fs.String("out", "-", "where to write the log (hostile: a directory)")
	truthName := fs.String("truth", "", "where to write the truth, one JSON object a record")
	list := fs.Bool("list", false, "list the kinds and their layouts")
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			return 0
		}
		return complain(stderr, 2, err)
	}
	if fs.NArg() > 0 {
		return complain(stderr, 2, fmt.Errorf("unexpected argument %q", fs.Arg(0)))
	}
	if *list {
		for _, k := range kinds() {
			for i, l := range k.layouts {
				fmt.Fprintf(stdout, "%-10s %2d  %s\n", k.name, i+1, l)
			}
		}
		return 0
	}
	if cfg.kind == "hostile" {
		if *out == "-" {
			return complain(stderr, 2, errors.New("--kind hostile needs --out DIR"))
		}
		if err := writeHostile(*out); err != nil {
			return complain(stderr, 1, err)
		}
		return 0
	}
	if err := cfg.parse(*size, *start, *zone, *incident, *days, *plants); err != nil {
		return complain(stderr, 2, err)
	}
	if err := toFiles(cfg, *out, *truthName, stdout); err != nil {
		return complain(stderr, 1, err)
	}
	return 0
}

func complain(w io.Writer, status int, err error) int {
	fmt.Fprintln(w, "loggen: error:", err)
	return status
}

// parse fills in the flags whose text needs reading.
func (c *config) parse(size, start, zone, incident string, days int, plants []string) error {
	if size != "" {
		n, err := parseSize(size)
		if err != nil {
			return err
		}
		c.bytes = n
	}
	z, err := parseZone(zone)
	if err != nil {
		return fmt.Errorf("--zone %w", err)
	}
	if c.start, err = time.ParseInLocation(time.DateTime, start, z); err != nil {
		return fmt.Errorf("--start %q: want a form like %s", start, time.DateTime)
	}
	clock, err := time.Parse("15:04", incident)
	if err != nil {
		return fmt.Errorf("--incident %q: want a form like 02:13", incident)
	}
	c.incidentAt = time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute
	if c.distinct && c.kind != "digest" {
		return fmt.Errorf("--distinct: --kind %s does not have it, digest does", c.kind)
	}
	if c.traces && c.kind != "error" {
		return fmt.Errorf("--traces: --kind %s does not have it, error does", c.kind)
	}
	if c.host < 0 || c.host > len(machines) {
		return fmt.Errorf("--host %d: there are hosts 1 to %d", c.host, len(machines))
	}
	if c.host > 0 && c.kind != "digest" && c.kind != "error" {
		return fmt.Errorf("--host: --kind %s does not have it, digest and error do", c.kind)
	}
	if len(plants) > maxPlants {
		return fmt.Errorf("--plant: %d of them, want at most %d", len(plants), maxPlants)
	}
	for _, text := range plants {
		p, err := parsePlant(text, z)
		if err != nil {
			return fmt.Errorf("--plant %q: %w", text, err)
		}
		if c.kind != "digest" && (c.kind != "error" || p.kind != "clock" && p.kind != "zone") {
			return fmt.Errorf("--plant %s: --kind %s does not have it, digest does", p.kind, c.kind)
		}
		c.plants = append(c.plants, p)
	}
	if !(c.noise >= 0 && c.noise <= 10) || c.noise > 0 && c.kind != "digest" {
		return errors.New("--noise must be from 0 to 10, and is for --kind digest only")
	}
	if c.daily < 0 || c.daily > 0 && c.bytes > 0 {
		return errors.New("--daily must be more than 0, and not with --bytes")
	}
	if !(c.weekend > 0 && c.weekend <= 100) {
		return errors.New("--weekend must be more than 0, and 100 at most")
	}
	if days < 0 || days > 3660 {
		return errors.New("--days must be from 1 to 3660")
	}
	if days > 0 {
		c.span = c.start.AddDate(0, 0, days).Sub(c.start)
	}
	if c.span <= 0 {
		return errors.New("--span must be more than 0")
	}
	if c.frames < 1 {
		return errors.New("--frames must be at least 1")
	}
	return nil
}

// parseZone reads an offset from UTC, or a name of the time zone database.
func parseZone(text string) (*time.Location, error) {
	// Not Parse, which takes the machine's own zone if it has that offset now.
	if t, err := time.ParseInLocation("-07:00", text, time.UTC); err == nil {
		return t.Location(), nil
	}
	if text != "" && text != "Local" { // these are the machine's own, too
		if z, err := time.LoadLocation(text); err == nil {
			return z, nil
		}
	}
	return nil, fmt.Errorf("%q: want a form like +08:00, or a name like America/New_York", text)
}

// parseSize reads 1000, 64KiB, 300MB, 1GiB.
func parseSize(s string) (int64, error) {
	units := []struct {
		name string
		size int64
	}{
		{"KiB", 1 << 10},
		{"MiB", 1 << 20},
		{"GiB", 1 << 30},
		{"kB", 1e3},
		{"MB", 1e6},
		{"GB", 1e9},
		{"B", 1},
		{"", 1},
	}
	for _, u := range units {
		num, ok := strings.CutSuffix(s, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(num, 10, 64)
		if err != nil || n <= 0 || n > 1<<62/u.size {
			break
		}
		return n * u.size, nil
	}
	return 0, fmt.Errorf("--bytes %q: want a form like 64KiB or 1GiB", s)
}

// toFiles opens the outputs and writes the log to them.
func toFiles(cfg config, out, truthName string, stdout io.Writer) (err error) {
	w := stdout
	if out != "-" {
		f, err := os.Create(out)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		w = f
	}
	var tw io.Writer
	if truthName != "" {
		f, err := os.Create(truthName)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		tw = f
	}
	return generate(cfg, w, tw)
}

// generate writes the log to w and, unless tw is nil, its truth to tw.
func generate(cfg config, w, tw io.Writer) error {
	var k kind
	for _, k = range kinds() {
		if k.name == cfg.kind {
			break
		}
	}
	if k.name != cfg.kind {
		return fmt.Errorf("--kind %q: no such kind", cfg.kind)
	}
	if cfg.layout < 0 || cfg.layout > len(k.layouts) {
		return fmt.Errorf("--layout %d: %s has layouts 1 to %d", cfg.layout, k.name, len(k.layouts))
	}
	stream := uint64(0x6d6773)
	if cfg.host > 0 {
		// One seed serves a fleet for a month: each of its files has its own chance.
		stream ^= mix(uint64(cfg.host)<<56 ^ uint64(cfg.start.Unix()))
	}
	r := rand.New(rand.NewPCG(cfg.seed, stream))
	if cfg.boost > 0 {
		k.boost = cfg.boost
	}
	clock := newCurve(cfg, k.boost)
	if cfg.daily > 0 {
		cfg.records = int(math.Round(float64(cfg.daily) * clock.days))
	}
	g := k.open(cfg, r)
	log := bufio.NewWriterSize(w, 256<<10)
	var facts *bufio.Writer
	if tw != nil {
		facts = bufio.NewWriterSize(tw, 256<<10)
	}

	stamps := newStamper(&cfg)
	var b, tb []byte
	line, written := 1, int64(0)
	emit := func(t *truth) error {
		if cfg.prefix != "" {
			b = prefixed(b, cfg.prefix)
		}
		t.line = line
		line += t.lines
		written += int64(len(b))
		if facts != nil {
			tb = t.appendJSON(tb[:0], stamps)
			if _, err := facts.Write(tb); err != nil {
				return err
			}
		}
		_, err := log.Write(b)
		return err
	}

	for i := range cfg.orphans {
		b = append(append(b[:0], orphans[i%len(orphans)]...), '\n')
		if err := emit(&truth{lines: 1, skipped: true}); err != nil {
			return err
		}
	}
	var t truth
	for i := 0; ; i++ {
		var done float64
		if cfg.bytes > 0 {
			done = float64(written) / float64(cfg.bytes)
		} else {
			done = (float64(i) + r.Float64()) / float64(cfg.records)
		}
		if cfg.bytes > 0 && written >= cfg.bytes || cfg.bytes == 0 && i >= cfg.records {
			break
		}
		t = truth{lines: 1, code: -1, latency: -1, backend: -1}
		b = g.record(b[:0], clock.at(done), &t)
		if err := emit(&t); err != nil {
			return err
		}
	}
	if facts != nil {
		if err := facts.Flush(); err != nil {
			return err
		}
	}
	return log.Flush()
}

// prefixed puts p before each line of b.
func prefixed(b []byte, p string) []byte {
	var out []byte
	for len(b) > 0 {
		n := len(b)
		for i, c := range b {
			if c == '\n' {
				n = i + 1
				break
			}
		}
		out = append(append(out, p...), b[:n]...)
		b = b[n:]
	}
	return out
}
