package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"time"

	"mgslog/analyze/catalog"
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
	for _, a := range l.Acks {
		until, style := m.forGood, plain
		if a.Until != nil {
			until = fmt.Sprintf(m.until, a.Until.Format(time.DateOnly))
		}
		if a.Over {
			until, style = until+m.comma+m.over, p.dim
		}
		p.text(0, 2, a.Key+m.colon+until+fmt.Sprintf(m.parens, Printable(a.By)+m.comma+a.At.Format(time.DateOnly)), style)
		p.text(2, 0, a.Note, style)
	}
	return p.flush(w)
}
