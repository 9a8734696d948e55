package main

import (
	"io"
	"slices"
	"strconv"
)

// screen is a terminal with a status below all that has been printed. What was
// printed scrolls away as ever and stays in the terminal's history.
//
// Between two frames the cursor stands at the beginning of the status, not
// below it. So the status is erased by erasing all from the cursor on, however
// many rows it takes by now: a terminal that was made narrower may have wrapped
// its lines, and moves the cursor with the character on which it stands. To
// count those rows would be to guess what the terminal has done. And a program
// that is killed leaves a shell prompt over the status and nothing hidden.
//
// It takes a handful of sequences that every terminal has known since the
// VT100, so no library writes them. A terminal that does not, TERM=dumb, is not
// for a screen.
type screen struct {
	w io.Writer
	// size returns the columns and rows of the terminal, 0 for those not known.
	size func() (width, height int)

	status        []string // that is shown
	width, height int      // of the terminal when it was shown
	buf           []byte
}

const (
	// eraseBelow goes to the beginning of the row and erases all from there on.
	eraseBelow = "\r\x1b[J"
	// Between these, what is too long for a row is cut and not wrapped: a
	// status takes as many rows as it has lines, even if the terminal was made
	// narrower since its size was asked for.
	wrapOff = "\x1b[?7l"
	wrapOn  = "\x1b[?7h"
)

func newScreen(w io.Writer, size func() (width, height int)) *screen {
	return &screen{w: w, size: size}
}

// Print prints lines, each with its line end, and shows the status below them,
// one string a row, in one Write. Rows that the terminal has no room for, one row
// for the lines left, are not shown. If nothing has changed, nothing is written.
func (s *screen) Print(lines []byte, status []string) error {
	width, height := s.size()
	if height > 0 {
		status = status[:min(len(status), height-1)]
	}
	if len(lines) == 0 && slices.Equal(status, s.status) && width == s.width && height == s.height {
		return nil
	}
	b := s.buf[:0]
	if len(s.status) > 0 {
		b = append(b, eraseBelow...)
	}
	b = append(b, lines...)
	if len(lines) > 0 && lines[len(lines)-1] != '\n' {
		b = append(b, '\n')
	}
	if len(status) > 0 {
		b = append(b, wrapOff...)
		for i, line := range status {
			if i > 0 {
				b = append(b, '\n')
			}
			b = append(b, line...)
		}
		b = append(b, '\r')
		if up := len(status) - 1; up > 0 {
			b = append(b, "\x1b["...)
			b = strconv.AppendInt(b, int64(up), 10)
			b = append(b, 'A')
		}
		b = append(b, wrapOn...)
	}
	s.buf, s.width, s.height = b, width, height
	s.status = append(s.status[:0], status...)
	_, err := s.w.Write(b)
	return err
}

// Clear takes the status away. The cursor stands at the beginning of a row below
// all that was printed, as for a program that has no status.
func (s *screen) Clear() error {
	if len(s.status) == 0 {
		return nil
	}
	s.status = s.status[:0]
	_, err := io.WriteString(s.w, eraseBelow)
	return err
}
