package catalog

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"

	"mgslog/parser"
)

// index is the whole catalogue, built on first use.
type index struct {
	entries    []Entry // by platform, then code
	byKey      map[parser.Key]int
	byConstant map[string][]int // key in upper case
	ranged     []int            // the entries that describe ranges
	lexicon    *parser.Lexicon
}

var theIndex = sync.OnceValue(func() *index {
	return newIndex(slices.Concat(
		gatewayEntries(), serviceEntries(),
		androidEntries(), iosEntries(), securityGuardEntries(),
		sdkEntries(),
	))
})

func newIndex(entries []Entry) *index {
	slices.SortStableFunc(entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Code, b.Code))
	})
	codes := 0
	for i := range entries {
		codes++
		for _, r := range entries[i].Ranges {
			codes += int(r.Last - r.First + 1)
		}
	}
	x := &index{
		entries:    entries,
		byKey:      make(map[parser.Key]int, len(entries)),
		byConstant: make(map[string][]int, len(entries)),
		lexicon: &parser.Lexicon{
			Constants:  make(map[string]parser.Key, len(entries)),
			Documented: make(map[parser.Key]bool, codes),
		},
	}
	for i := range entries {
		e := &entries[i]
		if e.Ranges != nil {
			x.ranged = append(x.ranged, i)
		} else {
			x.byKey[e.Key()] = i
		}
		if e.Constant != "" {
			name := strings.ToUpper(e.Constant)
			x.byConstant[name] = append(x.byConstant[name], i)
		}
		x.learn(e)
	}
	return x
}

// learn adds to the lexicon what a log may say of e.
func (x *index) learn(e *Entry) {
	// OK is the constant of 1000 and an everyday word: finding it in a line
	// proves nothing.
	if e.Constant != "" && e.Constant != "OK" {
		x.lexicon.Constants[e.Constant] = e.Key()
	}
	for _, m := range e.Memos {
		x.lexicon.Memos = append(x.lexicon.Memos, parser.Memo{Text: m.Text, Key: e.Key(), NamedOnly: m.NamedOnly})
	}
	if e.Ranges == nil {
		x.lexicon.Documented[e.Key()] = e.Documented
	}
	for _, r := range e.Ranges {
		for c := r.First; c <= r.Last; c++ {
			x.lexicon.Documented[parser.Key{Platform: e.Platform, Code: c}] = e.Documented
		}
	}
}

// find returns the place of key's entry.
func (x *index) find(key parser.Key) (int, bool) {
	if i, ok := x.byKey[key]; ok {
		return i, true
	}
	for _, i := range x.ranged {
		if x.entries[i].Platform == key.Platform && x.entries[i].holds(key.Code) {
			return i, true
		}
	}
	return 0, false
}

// holds reports whether one of e's ranges holds c.
func (e *Entry) holds(c parser.Code) bool {
	for _, r := range e.Ranges {
		if r.First <= c && c <= r.Last {
			return true
		}
	}
	return false
}

// Lookup returns the entry of key, be it the entry of that one code or of a
// range that holds it. An entry of a single code goes before one of a range.
//
// The entry's slices belong to the catalogue and must not be changed.
func Lookup(key parser.Key) (Entry, bool) {
	x := theIndex()
	i, ok := x.find(key)
	if !ok {
		return Entry{}, false
	}
	return x.entries[i], true
}

// All returns every entry, by platform and then by code. Entries of ranges
// stand at the first code of their first range.
func All() iter.Seq[Entry] {
	return slices.Values(theIndex().entries)
}

// Find returns the entries that a user may mean by query, in the order of
// [All]. A number gives its meanings on all platforms: 3003 is a gateway code
// and an iOS code. A constant gives its entry, in whatever case it is
// written. Find returns nil if nothing matches; for a number [Implied] then
// still says what its range tells.
func Find(query string) []Entry {
	x := theIndex()
	query = strings.TrimSpace(query)
	n, err := strconv.ParseUint(query, 10, 31)
	if err != nil {
		var found []Entry
		for _, i := range x.byConstant[strings.ToUpper(query)] {
			found = append(found, x.entries[i])
		}
		return found
	}
	var found []Entry
	for _, p := range parser.Platforms() {
		if i, ok := x.find(parser.Key{Platform: p, Code: parser.Code(n)}); ok {
			found = append(found, x.entries[i])
		}
	}
	return found
}

// SideOf returns the part of the system on which key arises. A key without
// an entry gets the side of its range: on the server 1000 to 5999 and 7000 to
// 7999 belong to the gateway by the documents, and 6000 to 6999 to the
// business system by all the codes that are documented there. On the other
// platforms every code is the client's own.
func SideOf(key parser.Key) Side {
	x := theIndex()
	if i, ok := x.find(key); ok {
		return x.entries[i].Side
	}
	return sideByRange(key)
}

func sideByRange(key parser.Key) Side {
	c := key.Code
	switch {
	case c < 0: // parser.NoCode
		return SideUnknown
	case key.Platform != parser.Server:
		return Client
	case 1000 <= c && c <= 5999, 7000 <= c && c <= 7999, c == 8002:
		return Gateway
	case 6000 <= c && c <= 6999:
		return Service
	}
	return SideUnknown
}

// ActorOf returns who must act on key. It reports false for a key without an
// entry, since a range alone does not tell that.
func ActorOf(key parser.Key) (Actor, bool) {
	e, ok := Lookup(key)
	return e.Acts, ok
}

// IsSuccess reports whether key is the one code of success, 1000 on the
// server. The documents know no other.
func IsSuccess(key parser.Key) bool {
	return key == parser.Key{Platform: parser.Server, Code: 1000}
}

// IsFailure reports whether key counts as a failure by the documents' literal
// rule: every code other than 1000 is an error. That includes the codes that
// are [Harmless]; it does not include [parser.NoCode], which says nothing.
func IsFailure(key parser.Key) bool {
	return key.Code >= 0 && !IsSuccess(key)
}

// Harmless reports whether key is a failure by the literal rule although
// nothing went wrong: 8002 answers a browser's CORS preflight request, and
// 8001 (named by the SDK only) tells the client that its cached data are
// still good, which the client counts as success.
func Harmless(key parser.Key) bool {
	return key.Platform == parser.Server && (key.Code == 8001 || key.Code == 8002)
}

// Lexicon returns what the parser must know about codes to find them in a
// log. It is built once; all callers share it and none may change it.
//
// Constants holds all names but OK. Memos holds the texts that come with one
// code only. Documented holds the keys with an official description, those
// inside ranges one by one.
func Lexicon() *parser.Lexicon { return theIndex().lexicon }

// ParseLang returns the language that the environment asks for: the first of
// LC_ALL, LC_MESSAGES and LANG that is not empty decides. Every Chinese
// locale (zh, zh_CN.UTF-8, zh-Hans) means ZH and all others mean EN. env is
// os.Getenv or the like.
func ParseLang(env func(string) string) Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		locale := env(name)
		if locale == "" {
			continue
		}
		if i := strings.IndexAny(locale, "_-.@"); i >= 0 {
			locale = locale[:i]
		}
		if strings.EqualFold(locale, "zh") {
			return ZH
		}
		return EN
	}
	return EN
}
