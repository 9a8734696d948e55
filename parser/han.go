package parser

import (
	"bytes"
	"encoding/binary"
	"slices"
	"unicode"
	"unicode/utf8"
)

// hanAt reports whether b starts with a Han character.
func hanAt(b []byte) bool {
	r, _ := utf8.DecodeRune(b)
	return unicode.Is(unicode.Han, r)
}

// hasHan reports whether b has a character that is not ASCII, as all Han
// characters are.
func hasHan(b []byte) bool {
	for ; len(b) >= 8; b = b[8:] {
		if binary.LittleEndian.Uint64(b)&everyHigh != 0 {
			return true
		}
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// hanBefore reports whether b ends with a Han character.
func hanBefore(b []byte) bool {
	r, _ := utf8.DecodeLastRune(b)
	return unicode.Is(unicode.Han, r)
}

// hanWord looks at the run of characters at text[i:], which is not ASCII, in
// the line text[from:to], and returns where to read on.
func (s *scan) hanWord(i, from, to int) int {
	t := s.text
	if r, size := utf8.DecodeRune(t[i:to]); !hanFirst[r] {
		return i + size
	}
	for _, n := range hanNames {
		if bytes.HasPrefix(t[i:to], []byte(n.text)) {
			j := i + len(n.text)
			s.codeWord(name{kind: codeName, strength: n.strength}, t[i:j], i, j, from, to)
			return j
		}
	}
	if i >= s.bodyEnd {
		if stress := []byte("压测"); bytes.HasPrefix(t[i:to], stress) {
			j := i + len(stress)
			for _, sep := range []string{"：", ":", "="} {
				if v, ok := bytes.CutPrefix(t[j:to], []byte(sep)); ok {
					v = bytes.TrimLeft(v, " ")
					s.fields[fieldStress] = v[:min(len(v), yesLength(v))]
					break
				}
			}
			return j
		}
		for _, n := range hanBodies {
			if !bytes.HasPrefix(t[i:to], []byte(n.text)) {
				continue
			}
			j := i + len(n.text)
			for k := 0; k < 6 && j < to && hanAt(t[j:]); k++ {
				if hanSeparator(t[j:to]) > 0 {
					break
				}
				j += len("汉")
			}
			// 请求结果码 is no body but a name.
			for _, name := range hanNames {
				if bytes.HasSuffix(t[i:j], []byte(name.text)) {
					return j - len(name.text)
				}
			}
			s.openBody(j, n.kind, namesBody(t[i:j]))
			return j
		}
	}
	_, size := utf8.DecodeRune(t[i:to])
	return i + size
}

// namesBody reports whether a label says that a body follows, so that a brace
// behind it begins one: 请求报文 {…}, but not 请求失败 {…}.
func namesBody(label []byte) bool {
	return slices.Contains([]string{
		"报文", "入参", "出参", "请求报文", "请求参数", "请求数据", "请求内容", "请求体",
		"响应报文", "响应数据", "响应内容", "响应体", "返回报文", "返回数据", "返回内容",
	}, string(label))
}

// hanFirst holds the characters with which the words looked for begin.
var hanFirst = func() map[rune]bool {
	first := map[rune]bool{'压': true}
	for _, n := range hanNames {
		r, _ := utf8.DecodeRuneInString(n.text)
		first[r] = true
	}
	for _, n := range hanBodies {
		r, _ := utf8.DecodeRuneInString(n.text)
		first[r] = true
	}
	return first
}()

// yesLength returns the length of the word for yes at the start of b, 0 if
// there is none.
func yesLength(b []byte) int {
	for _, yes := range []string{"是", "true", "T", "Y"} {
		if bytes.HasPrefix(b, []byte(yes)) {
			return len(yes)
		}
	}
	return 0
}
