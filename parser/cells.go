package parser

import "bytes"

// A head is often a row of cells, in brackets or between bars or commas. What
// a cell holds can be told from its shape where its name is not given.

// cellEnds holds the characters between cells, and ' ' for blanks.
var cellEnds = [256]byte{
	'[': 1, ']': 1, '(': 1, ')': 1, '|': 1, ',': 1, '{': 1, '}': 1, ';': 1, ' ': ' ', '\t': ' ',
}

// maxCells bounds the part of a head that is looked at for cells, in bytes.
const maxCells = 1024

// cells calls yield with each cell of a head until it returns true. Blanks
// part cells too unless they are kept.
func cells(head []byte, keepBlanks bool, yield func(cell []byte) bool) {
	head = head[:min(len(head), maxCells)]
	from := 0
	for i := 0; i <= len(head); i++ {
		if i < len(head) && (cellEnds[head[i]] == 0 || cellEnds[head[i]] == ' ' && keepBlanks) {
			continue
		}
		if cell := bytes.TrimSpace(head[from:i]); len(cell) > 0 && yield(cell) {
			return
		}
		from = i + 1
	}
}

// tellCells fills in what the cells of the head tell of an operationType and a
// client address, if the record names none.
//
// The first is the first cell that has the shape of one: a dotted name of
// three or more parts, none of which begins with a capital letter (a class
// does) or is a number, and which is no host's or file's name. Inferred from
// the operationTypes in the vendor's samples. The second is the first IPv4
// address, plain or masked (223.104.XXX.XXX).
func (l *ladder) tellCells(r *Record) {
	if r.OperationType != nil && (r.ClientIP != nil || l.lean) {
		return
	}
	switch s := &l.scan; {
	case s.headKnown:
		if r.OperationType == nil {
			r.OperationType = s.cellsTell[0]
		}
		if r.ClientIP == nil && !l.lean {
			r.ClientIP = s.cellsTell[1]
		}
	case s.headMarked:
		markedCells(l.head, r.Head[s.cellsFrom:min(len(r.Head), maxCells)], r, !l.lean)
	default:
		cells(r.Head, false, func(cell []byte) bool { return tellCell(r, cell, !l.lean) })
	}
}

// tellCell is tellCells for one cell; of addresses, only if they are asked for.
// It reports whether there is nothing left to be told.
func tellCell(r *Record, cell []byte, addresses bool) bool {
	switch c := cell[0]; {
	case r.OperationType == nil && c-'a' <= 'z'-'a' && isOperationType(cell):
		r.OperationType = cell
	case addresses && r.ClientIP == nil && isDigit(c) && isAddress(cell):
		r.ClientIP = cell
	}
	return r.OperationType != nil && (r.ClientIP != nil || !addresses)
}

// markedCells is tellCells for a head of which there are marks.
func markedCells(m marks, head []byte, r *Record, addresses bool) {
	// What tells something has dots or colons. All white space ends a cell,
	// see marks, so that there is none to be trimmed.
	for to := 0; ; {
		dot := m.next(dotMark, to, len(head))
		if dot == len(head) {
			return
		}
		from := m.last(cellMark, dot) + 1
		to = m.next(cellMark, dot, len(head))
		if head[from]-'a' <= 'z'-'a' {
			// Of the dotted names, most are those of classes.
			last := m.last(dotMark, to)
			if last == dot || last+1 == to || head[last+1]-'a' > 'z'-'a' {
				continue
			}
		}
		if tellCell(r, head[from:to], addresses) {
			return
		}
	}
}

func isOperationType(cell []byte) bool {
	parts, start := 0, 0
	for i := 0; i <= len(cell); i++ {
		if i < len(cell) && cell[i] != '.' {
			if !isWordByte(cell[i]) {
				return false
			}
			continue
		}
		if i == start || cell[start]-'a' > 'z'-'a' {
			return false
		}
		parts++
		start = i + 1
	}
	if parts < 3 {
		return false
	}
	switch string(cell[bytes.LastIndexByte(cell, '.')+1:]) {
	case "com", "cn", "net", "org", "io", "local", "log", "htm", "html", "json", "xml", "java", "class", "properties", "jar":
		return false
	}
	return true
}

// isAddress reports whether b is an IPv4 address, plain or masked, or an IPv6
// address.
func isAddress(b []byte) bool {
	if bytes.Count(b, []byte{':'}) >= 2 && len(b) <= 45 {
		for _, c := range b {
			if !isDigit(c) && c|0x20-'a' > 'f'-'a' && c != ':' && c != '.' && c != '%' {
				return false
			}
		}
		return true
	}
	parts, digits := 1, 0
	for _, c := range b {
		switch {
		case c == '.':
			if digits == 0 || digits > 3 {
				return false
			}
			parts, digits = parts+1, 0
		case isDigit(c), c == 'X', c == 'x', c == '*':
			digits++
		default:
			return false
		}
	}
	return parts == 4 && digits > 0 && digits <= 3 && isDigit(b[0])
}

// requestTag is the tag of what logs a request.
const requestTag = "request"

// hasTag reports whether a word stands alone in brackets or as a cell among
// the first cells of a head: the detail log marks its records [request] and
// [response].
func hasTag(head []byte, tag string) bool {
	n, found := 0, false
	if !maybeTag(head[:min(len(head), maxCells)], tag) {
		return false
	}
	cells(head, true, func(cell []byte) bool {
		n++
		found = string(cell) == tag
		return found || n == 8
	})
	return found
}

// maybeTag reports whether tag is in head, and not in the midst of other words.
// It spares most heads with a word that is a tag elsewhere the search for cells.
func maybeTag(head []byte, tag string) bool {
	for from := 0; ; {
		i := bytes.Index(head[from:], []byte(tag))
		if i < 0 {
			return false
		}
		i += from
		from = i + len(tag)
		before, after := bytes.TrimRight(head[:i], " \t"), bytes.TrimLeft(head[from:], " \t")
		if (len(before) == 0 || !isWordByte(before[len(before)-1])) && (len(after) == 0 || !isWordByte(after[0])) {
			return true
		}
	}
}
