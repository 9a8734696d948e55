package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"mgslog/analyze/catalog"
	"mgslog/parser"
)

func TestExplainGolden(t *testing.T) {
	for _, query := range []string{"7014", "3003", "450", "7011", "8002"} {
		entries := catalog.Find(query)
		if len(entries) == 0 {
			t.Fatalf("no entry for %s", query)
		}
		for _, lang := range []catalog.Lang{catalog.EN, catalog.ZH} {
			name := fmt.Sprintf("explain-%s.%s.80.txt", query, lang)
			var out bytes.Buffer
			if err := Explain(&out, slices.Values(entries), nil, CodesOptions{Lang: lang}); err != nil {
				t.Fatal(err)
			}
			golden(t, name, out.Bytes())
			checkWidth(t, out.String(), 80)
		}
	}
	var out bytes.Buffer
	if err := Explain(&out, slices.Values([]catalog.Entry(nil)), []parser.Code{4999}, CodesOptions{}); err != nil {
		t.Fatal(err)
	}
	golden(t, "explain-4999.en.80.txt", out.Bytes())
}

// TestExplainAll holds every entry in both languages against the width.
func TestExplainAll(t *testing.T) {
	for _, lang := range []catalog.Lang{catalog.EN, catalog.ZH} {
		for _, width := range []int{60, 80, 120} {
			var out bytes.Buffer
			opt := CodesOptions{Lang: lang, TextOptions: TextOptions{Width: width}}
			if err := Explain(&out, catalog.All(), nil, opt); err != nil {
				t.Fatal(err)
			}
			checkWidth(t, out.String(), width)
			out.Reset()
			if err := Codes(&out, catalog.All(), opt); err != nil {
				t.Fatal(err)
			}
			if width >= 80 {
				checkWidth(t, out.String(), width)
			}
			if width == 80 {
				golden(t, "codes."+lang.String()+".80.txt", out.Bytes())
			}
		}
	}
}

func TestExplainJSON(t *testing.T) {
	var out bytes.Buffer
	if err := ExplainJSON(&out, catalog.All(), nil, catalog.ZH); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "null") {
		t.Error("a list is null")
	}
	var got CodeList
	dec := json.NewDecoder(&out)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&got); err != nil {
		t.Fatal(err)
	}
	if got.Schema != CodesSchemaName || got.Language != "zh" {
		t.Errorf("schema %q, language %q", got.Schema, got.Language)
	}
	i := 0
	for e := range catalog.All() {
		if x := got.Codes[i]; x.Code != int32(e.Code) || x.Platform != e.Platform.String() || x.Title != e.Title.ZH || len(x.Remedy) != len(e.Remedy) {
			t.Errorf("entry %d is %s, want %d of %s", i, x.Key, e.Code, e.Platform)
		}
		i++
	}
	if i != len(got.Codes) {
		t.Errorf("%d entries, want %d", len(got.Codes), i)
	}
	out.Reset()
	if err := ExplainJSON(&out, slices.Values([]catalog.Entry(nil)), []parser.Code{500}, catalog.EN); err != nil || !strings.Contains(out.String(), `"codes": []`) || !strings.Contains(out.String(), `"code": 500`) {
		t.Errorf("no entries: %v, %s", err, out.String())
	}
}
