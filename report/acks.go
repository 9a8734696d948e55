package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"time"

	"mgslog/analyze/catalog"
	"mgslog/parser"
)

// AcksSchemaName is the name of the JSON contract of AckList, see SchemaName.
const AcksSchemaName = "mgslog/ack-list/v1"

// AckList shows known noise, what is over after what is in force.
type AckList struct {
	Schema   string      `json:"schema"`
	Language string      `json:"language"`
	Acks     []ListedAck `json:"acks"`
}

// ListedAck is an Ack as it is listed. Times have the offset of the list's zone.
type ListedAck struct {
	Key   string     `json:"key"`
	Note  string     `json:"note"`
	By    string     `json:"by"`
	At    time.Time  `json:"at"`
	Until *time.Time `json:"until"` // the last second in which it holds; null: for good
	Over  bool       `json:"over"`
}

// KeyName returns the name by which reports know a code: 4001, android:2.
func KeyName(k parser.Key) string { return keyName(k) }

// BuildAckList decides what an AckList says at the time now, in zone loc.
func BuildAckList(acks []Ack, now time.Time, loc *time.Location, lang catalog.Lang) *AckList {
	l := &AckList{Schema: AcksSchemaName, Language: lang.String(), Acks: []ListedAck{}}
	for _, a := range acks {
		x := ListedAck{Key: a.Key, Note: a.Note, By: a.By, At: a.At.In(loc)}
		if a.Until != nil {
			until := a.Until.In(loc)
			x.Until, x.Over = &until, now.After(until)
		}
		l.Acks = append(l.Acks, x)
	}
	slices.SortStableFunc(l.Acks, func(a, b ListedAck) int {
		if a.Over != b.Over {
			if a.Over {
				return 1
			}
			return -1
		}
		return cmp.Compare(a.Key, b.Key)
	})
	return l
}

// Write writes the list in one of the Formats.
func (l *AckList) Write(w io.Writer, format string, opt TextOptions) error {
	return writeAs(w, l, format, opt)
}

// JSON writes the list as data.
func (l *AckList) JSON(w io.Writer) error { return writeJSON(w, l) }

// maxBy is how many columns a name gets.
const maxBy = 16

// Text writes the list for people to read.
func (l *AckList) Text(w io.Writer, opt TextOptions) error {
	lang := catalog.EN
	if l.Language == catalog.ZH.String() {
		lang = catalog.ZH
	}
	p, m := newPage(opt), stateMessagesFor(lang)
	if len(l.Acks) == 0 {
		p.text(0, 0, m.noAcks, plain)
		return p.flush(w)
	}
	var rows [][]string
	for _, a := range l.Acks {
		until := m.forGood
		if a.Until != nil {
			until = a.Until.Format(time.DateOnly)
		}
		if a.Over {
			until = fmt.Sprintf(m.over, until)
		}
		rows = append(rows, []string{a.Key, until, p.cut(a.By, maxBy), a.At.Format(time.DateOnly), a.Note})
	}
	p.rows([]column{
		{head: m.ackKey}, {head: m.ackUntil}, {head: m.ackBy}, {head: m.ackAt}, {head: m.ackNote, flex: true},
	}, rows, nil)
	return p.flush(w)
}
