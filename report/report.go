package report

import (
	"time"
)

// Names of the JSON contracts. They change when a reader of the old one would
// misread the new one; new keys alone do not change them.
const (
	SchemaName      = "mgslog/report/v1"
	CodesSchemaName = "mgslog/codes/v1"
)

// Report is the whole report as plain data, in one language. Its JSON form is
// the contract that schema/report.v1.json describes; the comments there say
// what each key means, so that they are said once.
//
// Shares are fractions from 0 to 1. Times are in the report's zone; nil means
// that there is none.
type Report struct {
	Schema    string `json:"schema"`
	Generator string `json:"generator"`
	Language  string `json:"language"`

	Verdict  Verdict  `json:"verdict"`
	TimeZone TimeZone `json:"time_zone"`

	From               *time.Time `json:"from"`
	To                 *time.Time `json:"to"`
	WindowSeconds      int64      `json:"window_seconds"`
	WindowAskedSeconds int64      `json:"window_asked_seconds"`

	Inputs  []Input  `json:"inputs"`
	Partial bool     `json:"partial"`
	Filters []string `json:"filters"`
	Strict  bool     `json:"strict"`
	Totals  Totals   `json:"totals"`

	Codes   []Code   `json:"codes"`
	Windows []Window `json:"windows"`

	BySide  []SideShare  `json:"by_side"`
	ByActor []ActorShare `json:"by_actor"`

	Breakdowns Breakdowns `json:"breakdowns"`

	Uncoded        []Uncoded `json:"uncoded"`
	UncodedRest    Rest      `json:"uncoded_rest"`
	UncodedSamples []Sample  `json:"uncoded_samples"`

	Gaps     []Gap     `json:"gaps"`
	Warnings []Warning `json:"warnings"`
	Next     []Command `json:"next"`
}

// Kinds of verdict.
const (
	VerdictEmpty    = "empty"    // no record was counted
	VerdictUncoded  = "uncoded"  // records, but none names a result code
	VerdictSuccess  = "success"  // no error
	VerdictHarmless = "harmless" // errors by the documents' rule, none in fact
	VerdictErrors   = "errors"
)

// Verdict is the answer in short.
type Verdict struct {
	Kind     string     `json:"kind"`
	Text     string     `json:"text"`
	Key      string     `json:"key"`   // of the code it names, "" if none
	Share    float64    `json:"share"` // of that code among the errors that are not harmless
	Since    *time.Time `json:"since"`
	Acts     string     `json:"acts"`
	First    string     `json:"first"` // the first step to take
	Inferred bool       `json:"inferred"`
}

// TimeZone is the zone in which the report prints times.
type TimeZone struct {
	Offset   string `json:"offset"`
	Name     string `json:"name"`
	Source   string `json:"source"`
	TraceIDs int    `json:"trace_ids"`
}

// Input is one file that was read, or was to be read.
type Input struct {
	Path        string  `json:"path"`
	Format      string  `json:"format"`
	Compression string  `json:"compression"`
	Encoding    string  `json:"encoding"`
	Bytes       int64   `json:"bytes"`
	Lines       int64   `json:"lines"`
	Records     int64   `json:"records"`
	Coded       int64   `json:"coded"`
	Uncoded     int64   `json:"uncoded"`
	Skipped     int64   `json:"skipped_lines"`
	Error       *string `json:"error"`
	DuplicateOf string  `json:"duplicate_of"`

	Offset       string        `json:"offset"`
	OffsetSource string        `json:"offset_source"`
	From         *time.Time    `json:"from"`
	To           *time.Time    `json:"to"`
	FirstSkipped []SkippedLine `json:"first_skipped"`

	Cut           int64 `json:"cut_records"`
	FieldsMissing int64 `json:"fields_missing"`
	FieldsExtra   int64 `json:"fields_extra"`
	NULs          int64 `json:"nul_bytes"`
	Invalid       int64 `json:"invalid_bytes"`
	Recoded       int64 `json:"recoded_lines"`
	Disagree      int64 `json:"zone_disagreements"`
	Backwards     int64 `json:"clock_backwards"`
	Undated       int64 `json:"undated"`
}

// SkippedLine is a line that is part of no record.
type SkippedLine struct {
	Line   int64  `json:"line"` // 0 if it is not known
	Column int    `json:"column"`
	Reason string `json:"reason"`
	Text   string `json:"text"`
}

// Totals counts records, and skipped lines.
type Totals struct {
	Records      int64 `json:"records"`
	Coded        int64 `json:"coded"`
	Uncoded      int64 `json:"uncoded"`
	Success      int64 `json:"success"`
	Errors       int64 `json:"errors"`
	Harmless     int64 `json:"harmless"`
	Inferred     int64 `json:"inferred"`
	BeyondBound  int64 `json:"codes_beyond_bound"`
	Stress       int64 `json:"stress"`
	StressErrors int64 `json:"stress_errors"`
	Undated      int64 `json:"undated"`
	Filtered     int64 `json:"filtered"`
	FilteredNone int64 `json:"filtered_undated"`
	Skipped      int64 `json:"skipped_lines"`
}

// Outcomes of a code.
const (
	OutcomeSuccess  = "success"
	OutcomeHarmless = "harmless"
	OutcomeError    = "error"
)

// Code is one result code: what was counted of it, and what it means.
type Code struct {
	Code          int32   `json:"code"`
	Platform      string  `json:"platform"`
	Key           string  `json:"key"`
	Outcome       string  `json:"outcome"`
	Side          string  `json:"side"`
	Title         string  `json:"title"`
	Constant      string  `json:"constant"`
	Documented    bool    `json:"documented"`
	InCatalogue   bool    `json:"in_catalogue"`
	Count         int64   `json:"count"`
	Share         float64 `json:"share"`
	ShareOfErrors float64 `json:"share_of_errors"`

	Undated int64 `json:"undated"`

	First *time.Time `json:"first"`
	Last  *time.Time `json:"last"`
	Onset *time.Time `json:"onset"`

	Evidence Evidence `json:"evidence"`

	Cause   string   `json:"cause"`
	Remedy  []string `json:"remedy"`
	Acts    string   `json:"acts"`
	Look    []string `json:"look"`
	Notes   []string `json:"notes"`
	Sources []Source `json:"sources"`

	Latency *Quantiles `json:"latency"`
	Backend *Quantiles `json:"backend_latency"`

	Top     Top      `json:"top"`
	TopRest TopRest  `json:"top_rest"`
	Samples []Sample `json:"samples"`
}

// Evidence counts records by the rung of the ladder that gave their code.
type Evidence struct {
	Position  int64 `json:"position"`
	Field     int64 `json:"field"`
	Exception int64 `json:"exception"`
	Constant  int64 `json:"constant"`
	Memo      int64 `json:"memo"`
	Bracket   int64 `json:"bracket"`
	Cause     int64 `json:"cause"`
}

// Source is a document that a statement comes from.
type Source struct {
	Title string `json:"title"`
	Date  string `json:"date"`
	Page  string `json:"page"`
}

// Quantiles of durations.
type Quantiles struct {
	Count int64 `json:"count"`
	P50   int64 `json:"p50_ms"`
	P95   int64 `json:"p95_ms"`
	P99   int64 `json:"p99_ms"`
	Max   int64 `json:"max_ms"`
}

// Top holds the commonest values of each dimension.
type Top struct {
	OperationType []Value `json:"operation_type"`
	AppID         []Value `json:"app_id"`
	WorkspaceID   []Value `json:"workspace_id"`
	Host          []Value `json:"host"`
	File          []Value `json:"file"`
	Exception     []Value `json:"exception"`
}

// Value is one value of a dimension.
type Value struct {
	Value  string `json:"value"`
	Count  int64  `json:"count"`
	Missed int64  `json:"missed"`
}

// TopRest says, for each dimension, what its list does not hold.
type TopRest struct {
	OperationType Rest `json:"operation_type"`
	AppID         Rest `json:"app_id"`
	WorkspaceID   Rest `json:"workspace_id"`
	Host          Rest `json:"host"`
	File          Rest `json:"file"`
	Exception     Rest `json:"exception"`
}

// Rest is what a list of values does not hold.
type Rest struct {
	None   int64 `json:"none"`
	Other  int64 `json:"other"`
	Missed int64 `json:"missed"`
	Exact  bool  `json:"exact"`
}

// Sample is one record, as an example.
type Sample struct {
	File      string     `json:"file"`
	Line      int64      `json:"line"` // 0 if it is not known
	Time      *time.Time `json:"time"`
	Evidence  string     `json:"evidence"`
	TraceID   string     `json:"trace_id"`
	Operation string     `json:"operation_type"`
	Text      string     `json:"text"`
}

// Window is one time window that has records.
type Window struct {
	Start   time.Time        `json:"start"`
	Records int64            `json:"records"`
	Uncoded int64            `json:"uncoded"`
	Counts  map[string]int64 `json:"counts"`
}

// SideShare is the errors that arise on one side.
type SideShare struct {
	Side  string  `json:"side"`
	Count int64   `json:"count"`
	Share float64 `json:"share"`
}

// ActorShare is the errors that one party must act on.
type ActorShare struct {
	Acts  string  `json:"acts"`
	Count int64   `json:"count"`
	Share float64 `json:"share"`
}

// Breakdowns counts all coded records by dimension.
type Breakdowns struct {
	OperationType MeasuredBreakdown `json:"operation_type"`
	AppID         Breakdown         `json:"app_id"`
	WorkspaceID   Breakdown         `json:"workspace_id"`
	Host          Breakdown         `json:"host"`
}

// Breakdown counts records by the values of one dimension.
type Breakdown struct {
	Values []Counted `json:"values"`
	Rest
}

// MeasuredBreakdown is a Breakdown with durations.
type MeasuredBreakdown struct {
	Values []Measured `json:"values"`
	Rest
}

// Counted is one value of a dimension.
type Counted struct {
	Value  string `json:"value"`
	Count  int64  `json:"count"`
	Errors int64  `json:"errors"`
	Missed int64  `json:"missed"`
}

// Measured is one value of a dimension with what was measured of its records.
type Measured struct {
	Counted
	Latency *Quantiles `json:"latency"`
	Backend *Quantiles `json:"backend_latency"`
}

// Uncoded counts the records without a code that have one root exception.
type Uncoded struct {
	Exception string `json:"exception"`
	Count     int64  `json:"count"`
	Missed    int64  `json:"missed"`
}

// Gap is a stretch of windows without a record where records were to be
// expected.
type Gap struct {
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	Seconds int64     `json:"seconds"`
}

// Kinds of warning.
const (
	WarnInput     = "input-error"
	WarnDuplicate = "duplicate-input"
	WarnEmpty     = "no-records"
	WarnMixed     = "mixed-formats"
	WarnZone      = "zone-assumed"
	WarnZones     = "zones-differ"
	WarnOverlap   = "calls-counted-twice"
	WarnDisagree  = "zone-disagreement"
	WarnBackwards = "clock-backwards"
	WarnHosts     = "hosts-failed"
	WarnSkipped   = "skipped-lines"
	WarnCut       = "cut-records"
	WarnFields    = "irregular-digest"
	WarnNULs      = "nul-bytes"
	WarnInvalid   = "invalid-bytes"
	WarnRecoded   = "mixed-encodings"
	WarnWindow    = "window-widened"
	WarnCodes     = "too-many-codes"
	WarnFolded    = "folded"
	WarnStress    = "stress-left-out"
	WarnFiltered  = "filtered"
	WarnUndated   = "undated"
	WarnGaps      = "gaps"
)

// Warning is something that the reader of the numbers must know.
type Warning struct {
	Kind  string `json:"kind"`
	Input string `json:"input"` // the path, "" for the report as a whole
	Count int64  `json:"count"`
	Text  string `json:"text"`
}

// Command is a command to run next.
type Command struct {
	Command string `json:"command"`
	Why     string `json:"why"`
}
