package report

import (
	"fmt"
)

// NoticeKind is what happened to a file that is followed.
type NoticeKind uint8

// The kinds, in the order of those of parser/source.
const (
	NoticeWaiting   NoticeKind = iota // there is no such file yet
	NoticeOpened                      // File is read from here on
	NoticeRotated                     // another file has the name now
	NoticeTruncated                   // File was cut, when it had been read up to From
	NoticeRecovered                   // what Path had held was found in File
	NoticeGap                         // the bytes From to To of File are lost
	NoticeTrouble                     // Err keeps File from being read
	NoticeLate                        // From lines of File belong to a record that was shown without them
)

// LiveNotice tells what happened to a file.
type LiveNotice struct {
	Kind NoticeKind
	Path string // as it is followed
	File string // that it is about: Path, or a file beside it
	From int64
	To   int64 // -1 if it is not known
	Err  error // of NoticeTrouble
}

// Notice shows what happened at now.
func (l *Live) Notice(b []byte, n LiveNotice, now int64) []byte {
	m, text, style := l.m, "", l.p.dim
	switch n.Kind {
	case NoticeWaiting:
		text = fmt.Sprintf(m.waiting, n.Path)
	case NoticeOpened:
		text = fmt.Sprintf(m.opened, n.File)
	case NoticeRotated:
		text = fmt.Sprintf(m.rotated, n.File)
	case NoticeTruncated:
		text = fmt.Sprintf(m.truncated, n.File)
		if n.From > 0 {
			text = fmt.Sprintf(m.truncatedAt, n.File, comma(n.From))
		}
	case NoticeRecovered:
		text = fmt.Sprintf(m.recovered, n.Path, n.File)
	case NoticeGap:
		style = l.p.red
		text = fmt.Sprintf(m.gapFrom, n.File, comma(n.From))
		if n.To >= 0 {
			text = fmt.Sprintf(m.gapTo, n.File, comma(n.From), comma(n.To))
		}
	case NoticeTrouble:
		style = l.p.yellow
		text = fmt.Sprintf(m.trouble, n.File, n.Err)
	case NoticeLate:
		style = l.p.yellow
		text = fmt.Sprintf(m.late, n.File, comma(n.From))
	}
	l.p.text(0, 2, l.clock(now)+" -- "+text, style)
	return l.take(b)
}
