package report

import "time"

// Names of the JSON contracts of a summary and of a comparison.
const (
	DailySchemaName = "mgslog/summary/v1"
	DiffSchemaName  = "mgslog/diff/v1"
)

// Daily is the summary of a day, or of another period, as plain data in one
// language. Its JSON form is the contract that schema/summary.v1.json
// describes; the comments there say what each key means.
//
// Shares are fractions from 0 to 1. Times are in the log's zone; nil means that
// there is none, or that it is not known.
type Daily struct {
	Schema    string `json:"schema"`
	Generator string `json:"generator"`
	Language  string `json:"language"`
	Subject   string `json:"subject"` // one line, for the head of a mail

	Period Period    `json:"period"`
	Made   time.Time `json:"made"`
	Hosts  []string  `json:"hosts"`

	Attention []Reason       `json:"attention"`
	Problems  []Problem      `json:"problems"`
	Verdict   SummaryVerdict `json:"verdict"`

	FailuresOnly bool           `json:"failures_only"`
	Totals       []PeriodTotals `json:"totals"`

	Changes      []Change       `json:"changes"`
	Acknowledged []Acknowledged `json:"acknowledged"`
	Comparison   Comparison     `json:"comparison"`

	FirstSeen []FirstSeenName `json:"first_seen"`
	SeenDays  int             `json:"seen_days"`

	WorstWindows []WorstWindow   `json:"worst_windows"`
	Latency      []PeriodLatency `json:"latency"`

	ByActor []ActorShare `json:"by_actor"`
	BySide  []SideShare  `json:"by_side"`

	Remedies []RemedyOf      `json:"remedies"`
	Coverage SummaryCoverage `json:"coverage"`
	Next     []Command       `json:"next"`
}

// Period is what a summary is of: [From, To).
type Period struct {
	Label  string    `json:"label"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Days   int       `json:"days"`
	Offset string    `json:"offset"`
}

// Kinds of Reason, beside those of Change.
const (
	AttentionFirstSeen = "first-seen" // a code that no day on record has
	AttentionClock     = "clock"      // a host's clock was set
	AttentionCoverage  = "coverage"   // logs are missing; the Key is the kind of Problem
	AttentionEmpty     = "empty"      // no record at all
)

// Reason is why a summary needs a person.
type Reason struct {
	Kind  string `json:"kind"`
	Key   string `json:"key"` // what it is about: a code, an operationType, a host, a kind of Problem
	Count int64  `json:"count"`
	Text  string `json:"text"`
}

// Kinds of Problem.
const (
	ProblemNotOver      = "not-over"
	ProblemBeginsLate   = "begins-late"
	ProblemEndsEarly    = "ends-early"
	ProblemMissingDays  = "missing-days"
	ProblemPartDays     = "part-days"
	ProblemUnreadDays   = "unread-days"
	ProblemMissingHosts = "missing-hosts"
	ProblemFromState    = "from-state"
	ProblemSilentHours  = "silent-hours"
	ProblemInput        = "input-error"
	ProblemTwice        = WarnOverlap
	ProblemNote         = "note"
)

// Problem is something that makes the numbers other than they seem.
type Problem struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
}

// Kinds of SummaryVerdict, beside VerdictEmpty and VerdictUncoded.
const (
	VerdictWorse      = "worse"      // something is new or worse
	VerdictBetter     = "better"     // what changed, changed for the good
	VerdictQuiet      = "quiet"      // nothing changed
	VerdictUncompared = "uncompared" // there is nothing to compare with
)

// SummaryVerdict is the answer in short.
type SummaryVerdict struct {
	Kind string   `json:"kind"`
	Text string   `json:"text"`
	Acts []string `json:"acts"` // who must act on what is new or worse
}

// PeriodTotals are the totals of one period.
type PeriodTotals struct {
	Label           string   `json:"label"`
	Known           bool     `json:"known"`
	Records         int64    `json:"records"`
	Calls           int64    `json:"calls"`
	Failures        int64    `json:"failures"`
	Harmless        int64    `json:"harmless"`
	FailureRate     *float64 `json:"failure_rate"`
	Users           *int64   `json:"users"`
	Devices         *int64   `json:"devices"`
	AffectedUsers   *int64   `json:"affected_users"`
	AffectedDevices *int64   `json:"affected_devices"`
}

// Kinds and measures of a Change.
const (
	ChangeNew    = "new"
	ChangeGone   = "gone"
	ChangeUp     = "up"
	ChangeDown   = "down"
	ChangeSlower = "slower"
	ChangeFaster = "faster"

	MeasureCalls    = "calls"
	MeasureFailures = "failures"
	MeasureTotal    = "total-time"
	MeasureBackend  = "backend-time"
)

// Change is a difference that chance does not explain.
type Change struct {
	Kind     string     `json:"kind"`
	Measure  string     `json:"measure"`
	Of       Slice      `json:"of"`
	Mostly   Slice      `json:"mostly"`
	Now      int64      `json:"now"`
	Expected float64    `json:"expected"`
	Ratio    *float64   `json:"ratio"` // nil where nothing was expected
	Calls    int64      `json:"calls"`
	P95      *P95Change `json:"p95"`
	P        float64    `json:"p"`
	Q        float64    `json:"q"`
	Since    *time.Time `json:"since"`
	Title    string     `json:"title"` // of the code, with its number
	Acts     string     `json:"acts"`  // "" without a code
	Better   bool       `json:"better"`
	// Acknowledged is the key under which somebody has said that it is known;
	// else "".
	Acknowledged string `json:"acknowledged"`
}

// P95Change is the 95th percentile of durations before and now.
type P95Change struct {
	Before int64 `json:"before_ms"`
	Now    int64 `json:"now_ms"`
}

// Slice says which calls are meant: those that agree with each field that is
// not empty.
type Slice struct {
	Code      string `json:"code"`
	Operation string `json:"operation_type"`
	App       string `json:"app_id"`
	Version   string `json:"client_version"`
	Host      string `json:"host"`
}

// Acknowledged is known noise that occurred in the period.
type Acknowledged struct {
	Key     string     `json:"key"`
	Title   string     `json:"title"` // of a code; of an exception, class and method
	Count   int64      `json:"count"`
	Changes int        `json:"changes"`
	By      string     `json:"by"`
	At      time.Time  `json:"at"`
	Until   *time.Time `json:"until"`
	Note    string     `json:"note"`
}

// Comparison says how changes were looked for.
type Comparison struct {
	With               []string `json:"with"`
	CommonHours        int      `json:"common_hours"`
	FalseDiscoveryRate float64  `json:"false_discovery_rate"`
	Method             string   `json:"method"`
	Cut                int      `json:"changes_cut"`
}

// Kinds of FirstSeenName, as in FirstSeen.
const (
	FirstCode      = "code"
	FirstOperation = "operation_type"
	FirstVersion   = "client_version"
	FirstException = "exception"
)

// FirstSeenName is a name that no day on record has.
type FirstSeenName struct {
	Kind         string `json:"kind"`
	Value        string `json:"value"`
	Label        string `json:"label"` // of a code, number and title; of an exception, class and method
	Count        int64  `json:"count"`
	Acknowledged bool   `json:"acknowledged"`
}

// WorstWindow is a stretch of time in which far more calls failed than in the
// period as a whole.
type WorstWindow struct {
	From     time.Time     `json:"from"`
	To       time.Time     `json:"to"`
	Calls    int64         `json:"calls"`
	Failures int64         `json:"failures"`
	Rate     *float64      `json:"failure_rate"`
	Codes    []LeadingCode `json:"codes"`
}

// LeadingCode is one of the commonest codes of a WorstWindow.
type LeadingCode struct {
	Key   string     `json:"key"`
	Title string     `json:"title"`
	Count int64      `json:"count"` // in the window
	Onset *time.Time `json:"onset"` // in the whole period
}

// PeriodLatency are the durations of one period's calls.
type PeriodLatency struct {
	Label   string       `json:"label"`
	Total   *Percentiles `json:"total"`
	Backend *Percentiles `json:"backend"`
}

// Percentiles of durations.
type Percentiles struct {
	Count int64 `json:"count"`
	P50   int64 `json:"p50_ms"`
	P95   int64 `json:"p95_ms"`
	P99   int64 `json:"p99_ms"`
}

// RemedyOf says what to do about one code.
type RemedyOf struct {
	Key     string   `json:"key"`
	Title   string   `json:"title"`
	Count   int64    `json:"count"`
	Changed bool     `json:"changed"`
	Cause   string   `json:"cause"`
	Acts    string   `json:"acts"`
	Remedy  []string `json:"remedy"`
}

// SummaryCoverage says what the numbers rest on.
type SummaryCoverage struct {
	Files        int64       `json:"files"`
	Records      int64       `json:"records"`
	Uncoded      int64       `json:"uncoded"`
	Undated      int64       `json:"undated"`
	Skipped      int64       `json:"skipped_lines"`
	BeginsLate   *time.Time  `json:"begins_late"`
	EndsEarly    *time.Time  `json:"ends_early"`
	NotOver      bool        `json:"not_over"`
	MissingDays  []string    `json:"missing_days"`
	MissingHosts []string    `json:"missing_hosts"`
	FromState    []string    `json:"from_state"`
	SilentHours  []string    `json:"silent_hours"`
	ClockSteps   []ClockStep `json:"clock_steps"`
	Warnings     []Warning   `json:"warnings"`
}

// ClockStep is a place in a log where the host's clock was set.
type ClockStep struct {
	Input string    `json:"input"`
	Host  string    `json:"host"`
	Line  int64     `json:"line"`
	From  time.Time `json:"from"`
	To    time.Time `json:"to"`
	Text  string    `json:"text"`
}

// Diff is the comparison of two summaries, as plain data in one language. Its
// JSON form is the contract that schema/diff.v1.json describes.
type Diff struct {
	Schema    string `json:"schema"`
	Generator string `json:"generator"`
	Language  string `json:"language"`

	Verdict      SummaryVerdict `json:"verdict"`
	FailuresOnly bool           `json:"failures_only"`
	// Totals are those of A and of B.
	Totals []PeriodTotals `json:"totals"`
	// Tested tells that Changes were looked for; otherwise only totals by code
	// are known of A or of B.
	Tested     bool            `json:"tested"`
	Changes    []Change        `json:"changes"`
	Comparison Comparison      `json:"comparison"`
	Latency    []PeriodLatency `json:"latency"`
	Codes      []CodePair      `json:"codes"`
}

// CodePair is the number of records with one code in A and in B.
type CodePair struct {
	Key     string `json:"key"`
	Title   string `json:"title"`
	Outcome string `json:"outcome"`
	A       int64  `json:"a"`
	B       int64  `json:"b"`
}
