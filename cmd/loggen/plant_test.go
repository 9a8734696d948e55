package main

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"
)

// planted returns the settings of a quiet weekday with the given plants.
func planted(t testing.TB, plants ...string) config {
	t.Helper()
	cfg := defaults()
	cfg.incidentFor, cfg.records, cfg.host = 0, 40_000, 1
	for _, text := range plants {
		p, err := parsePlant(text, cfg.start.Location())
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		cfg.plants = append(cfg.plants, p)
	}
	return cfg
}

// TestPlants plants each change from 12:00 to 20:00, and compares by the truth the
// mean of what it is about: within these hours, and outside.
func TestPlants(t *testing.T) {
	const during = ",from=2026-03-04 12:00,until=2026-03-04 20:00"
	popular, second := operations[0].name, operations[1].name
	// What is compared: whether a call counts, and its value.
	type value func(f fact) (bool, float64)
	fails := func(code int, op string) value {
		return func(f fact) (bool, float64) { return op == "" || f.Operation == op, b2f(*f.Code == code) }
	}
	calls := func(op string) value {
		return func(f fact) (bool, float64) { return true, b2f(f.Operation == op) }
	}
	backend := func(op string) value {
		return func(f fact) (bool, float64) {
			if f.Operation != op || f.Backend == nil || *f.Code == 4001 {
				return false, 0
			}
			return true, float64(*f.Backend)
		}
	}
	// What the means must be.
	type means func(in, out float64) bool
	times := func(by, slack float64) means {
		return func(in, out float64) bool { return out > 0 && math.Abs(in/out-by) <= slack }
	}
	only := func(share, slack float64) means {
		return func(in, out float64) bool { return out == 0 && math.Abs(in-share) <= slack }
	}
	for _, tc := range []struct {
		name, plant string
		of          value
		want        means
	}{
		{"a new code", "new,code=7016,share=0.02", fails(7016, ""), only(0.02, 0.004)},
		{"a new code of one operation", "new,code=7016,share=0.5,op=" + popular, fails(7016, popular), only(0.5, 0.05)},
		{"a new code of another operation", "new,code=7016,share=0.5,op=" + popular, fails(7016, second), only(0, 0)},
		{"a code three times as often", "rate,code=6666,by=3", fails(6666, ""), times(3, 0.7)},
		{"a code no more", "rate,code=6666,by=0", fails(6666, ""), times(0, 0)},
		{"the code of a client version", "rate,code=7003,by=4", fails(7003, ""), times(4, 1)},
		{"a code of one operation", "rate,code=4001,by=20,op=" + popular, fails(4001, popular), times(20, 12)},
		{"a code of another operation", "rate,code=4001,by=20,op=" + popular, fails(4001, second), times(1, 0.9)},
		{"an operation is gone", "gone,op=" + popular, calls(popular), times(0, 0)},
		{"another operation is not gone", "gone,op=" + popular, calls(second), times(1, 0.2)},
		{"a slow back end", "slow,by=3,op=" + popular, backend(popular), times(3, 0.4)},
		{"another back end", "slow,by=3,op=" + popular, backend(second), times(1, 0.15)},
		{"a back end that the gateway gives up", "slow,by=1000,op=" + popular, fails(4001, popular), func(in, out float64) bool {
			return in > 0.9 && out < 0.1
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, facts := grow(t, planted(t, tc.plant+during))
			var n, sum struct{ in, out float64 }
			for _, f := range facts {
				counts, value := tc.of(f)
				switch h := f.Time.Hour(); {
				case !counts:
				case h >= 12 && h < 20:
					n.in++
					sum.in += value
				default:
					n.out++
					sum.out += value
				}
			}
			if in, out := sum.in/n.in, sum.out/n.out; !tc.want(in, out) {
				t.Errorf("%s: %.4f within the hours, %.4f outside", tc.plant, in, out)
			}
		})
	}
}

func b2f(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// TestClockPlants holds which texts move with the host's clock: stamps and trace
// ids if it is set, only the stamps if its zone is changed; and that nothing else
// changes.
func TestClockPlants(t *testing.T) {
	noon := time.Date(2026, 3, 4, 12, 0, 0, 0, defaults().start.Location())
	for _, kind := range []string{"digest", "error"} {
		plain := planted(t)
		plain.kind, plain.records, plain.frames = kind, 2000, 3
		plainLog, facts := grow(t, plain)
		for _, tc := range []struct {
			plant         string
			stamps, trace time.Duration
		}{
			{"clock,by=-10m,from=2026-03-04 12:00", -10 * time.Minute, -10 * time.Minute},
			{"clock,by=26h,from=2026-03-04 12:00", 26 * time.Hour, 26 * time.Hour},
			{"zone,to=+00:00,from=2026-03-04 12:00", -8 * time.Hour, 0},
			{"zone,to=America/New_York,from=2026-03-04 12:00", -13 * time.Hour, 0},
		} {
			cfg := planted(t, tc.plant)
			cfg.kind, cfg.records, cfg.frames = plain.kind, plain.records, plain.frames
			log, moved := grow(t, cfg)
			if len(moved) != len(facts) {
				t.Fatalf("%s: %d records, want %d", tc.plant, len(moved), len(facts))
			}
			recs, plainRecs := records(log, moved), records(plainLog, facts)
			after := 0
			for i, f := range moved {
				was := facts[i]
				stamps, trace := tc.stamps, tc.trace
				if was.Time.Before(noon) {
					stamps, trace = 0, 0
				} else {
					after++
				}
				if got := stampOf(t, recs[i]).Sub(stampOf(t, plainRecs[i])); got != stamps {
					t.Fatalf("%s, %s: the stamp of line %d moves by %v, want %v", kind, tc.plant, f.Line, got, stamps)
				}
				if text := f.Time.Format("2006-01-02 15:04:05"); text != recs[i][:19] {
					t.Errorf("%s, %s: the truth of line %d has %s, its text %s", kind, tc.plant, f.Line, text, recs[i][:19])
				}
				if got := f.Time.Sub(was.Time); got != trace { // a zone moves no instant
					t.Errorf("%s, %s: the instant of line %d moves by %v, want %v", kind, tc.plant, f.Line, got, trace)
				}
				if f.Trace != "" && traceTime(t, f.Trace).Sub(traceTime(t, was.Trace)) != trace {
					t.Errorf("%s, %s: the trace ids of line %d are %s and %s", kind, tc.plant, f.Line, f.Trace, was.Trace)
				}
				if f.Operation != was.Operation || (f.Code == nil) != (was.Code == nil) || f.Code != nil && *f.Code != *was.Code {
					t.Errorf("%s, %s: line %d tells of another call", kind, tc.plant, f.Line)
				}
			}
			if after < 100 {
				t.Errorf("%s, %s: %d records after it", kind, tc.plant, after)
			}
		}
	}
}

// stampOf returns what the stamp of a record reads, as if it were in UTC.
func stampOf(t *testing.T, rec string) time.Time {
	t.Helper()
	at, err := time.Parse(time.DateTime, rec[:19])
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// traceTime returns the time in a trace id.
func traceTime(t *testing.T, id string) time.Time {
	t.Helper()
	m := traceShape.FindStringSubmatch(id)
	if m == nil {
		t.Fatalf("trace id %q", id)
	}
	ms, _ := strconv.ParseInt(m[2], 10, 64)
	return time.UnixMilli(ms)
}

// TestNoise measures how a code's chance swings over the days, and that the hosts
// of a fleet swing alike.
func TestNoise(t *testing.T) {
	const days = 5000
	for _, cv := range []float64{0, 0.2, 1} {
		cfg := defaults()
		cfg.noise = cv
		s, other := swing{cfg: &cfg}, swing{cfg: &cfg}
		var sum, squares float64
		for day := range days {
			ms := cfg.start.AddDate(0, 0, day).UnixMilli()
			f := s.factor(4001, ms)
			if again := s.factor(4001, ms+86_399_999); again != f {
				t.Fatalf("%v and %v on one day", f, again)
			}
			if day%100 == 0 && other.factor(4001, ms) != f {
				t.Fatal("it depends on the days before")
			}
			if cv > 0 && s.factor(4002, ms) == f {
				t.Fatal("two codes swing alike")
			}
			sum += f
			squares += f * f
		}
		mean := sum / days
		got := math.Sqrt(max(0, squares/days-mean*mean))
		if math.Abs(mean-1) > 0.05 || math.Abs(got-cv) > 0.1*cv {
			t.Errorf("mean %.3f and coefficient of variation %.3f, want 1 and %v", mean, got, cv)
		}
	}

	// The log follows it: on the day on which 6666 comes most it comes more often.
	cfg := planted(t)
	cfg.noise = 1
	s := swing{cfg: &cfg}
	cfg.start = cfg.start.AddDate(0, 0, 1)
	want := s.factor(6666, cfg.start.UnixMilli())
	noisy, calm := 0, 0
	_, facts := grow(t, cfg)
	for _, f := range facts {
		noisy += int(b2f(*f.Code == 6666))
	}
	cfg.noise = 0
	_, facts = grow(t, cfg)
	for _, f := range facts {
		calm += int(b2f(*f.Code == 6666))
	}
	if got := float64(noisy) / float64(calm); math.Abs(got-want) > 0.2*want {
		t.Errorf("%d records of 6666 with noise, %d without, want %.2f times as many", noisy, calm, want)
	}
}

// TestBadPlants lists what is wrong with a plant.
func TestBadPlants(t *testing.T) {
	const from = ",from=2026-03-04 12:00"
	op := ",op=" + operations[0].name
	for _, tc := range []struct{ plant, want string }{
		{"", "want one of clock, gone, new, rate, slow, zone first"},
		{"flood", "want one of"},
		{"new", "not for new"},
		{"new,code=7016" + from, "new needs share="},
		{"new,share=0.1" + from, "new needs code="},
		{"new,code=7016,share=0.1", "new needs from="},
		{"new,code=4001,share=0.1" + from, "code 4001 is there already, use rate"},
		{"new,code=1000,share=0.1" + from, "code 1000 is there already, use rate"},
		{"new,code=416,share=0.1" + from, "want four digits"},
		{"new,code=7016,share=1.1" + from, "want a number from 0 to 1"},
		{"new,code=7016,share=NaN" + from, "want a number from 0 to 1"},
		{"new,code=7016,share=0.1,by=2" + from, `"by" is not for new`},
		{"rate,code=7016,by=2" + from, "code 7016 is no failure"},
		{"rate,code=1000,by=2" + from, "code 1000 is no failure"},
		{"rate,code=4001,by=-1" + from, "want a number from 0 to 1000"},
		{"rate,code=4001,by=2,by=3" + from, "is there twice"},
		{"gone" + from, "gone needs op="},
		{"gone,op=com.demo.nothing" + from, "no such operationType"},
		{"slow,by=2" + op + op + from, "is there twice"},
		{"slow,by=2" + op + ",from=noon", "want a form like 2006-01-02 15:04"},
		{"slow,by=2" + op + from + ",until=2026-03-04 12:00", "ends before it begins"},
		{"clock,by=10" + from, "want a form like -10m"},
		{"clock,by=99999999m" + from, "want a form like -10m"},
		{"clock,by=1m" + op + from, "is not for clock"},
		{"zone,to=CST" + from, "want a form like +08:00"},
	} {
		if _, err := parsePlant(tc.plant, time.UTC); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%q: %v, want %q", tc.plant, err, tc.want)
		}
	}
}

func FuzzPlant(f *testing.F) {
	for kind := range plantKeys {
		f.Add(kind + ",code=7016,share=0.1,by=2,to=+00:00,op=" + operations[0].name + ",from=2026-03-04 12:00,until=2026-03-05 00:00")
	}
	f.Add("clock,by=-8h,from=2026-03-04 12:00")
	f.Add("new,code=7016,share=0.1,from=2026-03-04 12:00")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parsePlant(text, time.UTC)
		if err != nil {
			return
		}
		if p.from >= p.until || !(p.by >= 0 && p.share >= 0 && p.share <= 1) || p.kind == "zone" && p.zone == nil || p.kind == "gone" && p.op == nil {
			t.Errorf("%q gives %+v", text, p)
		}
	})
}
