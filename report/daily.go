package report

import (
	"time"

	"mgslog/analyze"
	"mgslog/analyze/catalog"
	"mgslog/analyze/change"
)

// DailyInput is what a daily summary is made of.
type DailyInput struct {
	Lang      catalog.Lang
	Generator string
	// Label names the period: 2026-11-20, 2026-W47, 2026-11. From and To are its
	// bounds in the log's zone, [From, To); Days is how many days it has.
	Label    string
	From, To time.Time
	Days     int
	Hosts    []string // whose logs it is of, sorted
	// Now is when the summary is made.
	Now time.Time

	Summary *analyze.Summary // with its Detail
	// Earlier are the periods to set the totals against, in this order: the one
	// before, and for a day the same day a week before. Summary is nil where
	// nothing is known of it.
	Earlier []EarlierPeriod
	// Compared names the days that Findings were compared with, CommonHours how
	// many hours of the day could be compared.
	Compared    []string
	CommonHours int
	Findings    []change.Finding
	FindingsCut int // findings beyond those, the least important
	// FalseDiscoveryRate is the level at which Findings were looked for, as a
	// fraction; it is told with the method.
	FalseDiscoveryRate float64
	// FirstSeen are the names that no day on record has, of SeenDays days; none
	// are told if that is 0.
	FirstSeen []FirstSeen
	SeenDays  int
	Acks      []Ack
	Coverage  Coverage
	// Files are the inputs as the user named them, and Flags those that tell how
	// to read them, for suggested commands.
	Files, Flags []string
}

// EarlierPeriod is a period to compare with.
type EarlierPeriod struct {
	Label   string
	Summary *analyze.Summary
}

// FirstSeen is a name that has not occurred before.
type FirstSeen struct {
	Kind  string // code, operation_type, client_version, exception
	Value string // for an exception, the fingerprint
	Label string // of an exception: class and method; else ""
	Count int64  // records with it
}

// Ack is known noise: a code or a fingerprint that somebody has looked at.
type Ack struct {
	Key   string // 4001, android:2, or a fingerprint
	Note  string
	By    string
	At    time.Time
	Until *time.Time // the last second in which it holds; nil: for good
}

// Coverage says how much of the period the logs hold.
type Coverage struct {
	NotOver     bool       // the period goes on after Now
	BeginsLate  *time.Time // the logs begin in the period; nil if they reach back before it
	EndsEarly   *time.Time // the logs end in the period; nil if they go on behind it
	MissingDays []string   // days of the period of which nothing is known
	PartDays    []string   // days of the period, that are over, of which only a part was read
	UnreadDays  []string   // days of which the state has a file that cannot be read; they count for nothing
	FromState   []string   // days that were taken from the state, since the logs no longer have them
	// SilentHours are hours of a day without a record in which the days compared
	// with have some: "2026-11-20 03:00".
	SilentHours []string
	// MissingHosts have records in the days compared with and none now.
	MissingHosts []string
	// NamesCut tells that the lists of names of a day had to be cut, so that of
	// all but codes it is not known which are seen first.
	NamesCut bool
	// Notes are further sentences that the reader must know, in Lang.
	Notes []string
}
