package report

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"mgslog/analyze/catalog"
)

// rendered returns the JSON form of every fixture in both languages.
func rendered(t *testing.T) map[string][]byte {
	t.Helper()
	docs := map[string][]byte{}
	for name, s := range fixtures(t) {
		for _, lang := range []catalog.Lang{catalog.EN, catalog.ZH} {
			var out bytes.Buffer
			if err := Build(s, options(name, s, lang)).JSON(&out); err != nil {
				t.Fatal(err)
			}
			docs[name+"."+lang.String()] = out.Bytes()
		}
	}
	return docs
}

func compile(t *testing.T, schema []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("report.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("report.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func decode(t *testing.T, doc []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSchemaHolds(t *testing.T) {
	schema := compile(t, Schema())
	for name, doc := range rendered(t) {
		if err := schema.Validate(decode(t, doc)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		checkPrintable(t, strings.ReplaceAll(string(doc), "\n", ""))
	}
	// It can fail.
	doc := rendered(t)["success.en"]
	for what, change := range map[string]func(map[string]any){
		"a key too many":    func(m map[string]any) { m["x"] = 1 },
		"a key too few":     func(m map[string]any) { delete(m, "codes") },
		"null for a list":   func(m map[string]any) { m["gaps"] = nil },
		"a time without T":  func(m map[string]any) { m["from"] = "2026-11-20 02:00:00" },
		"a key of no code":  func(m map[string]any) { m["windows"].([]any)[0].(map[string]any)["counts"] = map[string]any{"x": 1} },
		"a share of 80":     func(m map[string]any) { m["codes"].([]any)[0].(map[string]any)["share"] = 80 },
		"another's schema":  func(m map[string]any) { m["schema"] = "mgslog/report/v2" },
		"a number in words": func(m map[string]any) { m["totals"].(map[string]any)["records"] = "600" },
	} {
		m := decode(t, doc).(map[string]any)
		change(m)
		if schema.Validate(m) == nil {
			t.Errorf("valid with %s", what)
		}
	}
}

// TestSchemaDescribes wants a description for every property, and no property
// that the reports never fill.
func TestSchemaDescribes(t *testing.T) { checkDescribes(t, Schema(), rendered(t)) }

// checkDescribes holds a schema against documents in its form, which fill all
// properties but those unfilled.
func checkDescribes(t *testing.T, schema []byte, docs map[string][]byte, unfilled ...string) {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal(schema, &doc); err != nil {
		t.Fatal(err)
	}
	filled := map[string]bool{}
	for _, text := range docs {
		collect(decode(t, text), "", filled)
	}
	defs := doc["$defs"].(map[string]any)
	used := map[string]bool{} // properties, by their place in the schema
	var walk func(node map[string]any, place, path string)
	walk = func(node map[string]any, place, path string) {
		if ref, ok := node["$ref"].(string); ok {
			walk(defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any), ref, path)
			return
		}
		if one, ok := node["oneOf"].([]any); ok {
			walk(one[0].(map[string]any), place, path)
			return
		}
		if items, ok := node["items"].(map[string]any); ok {
			walk(items, place+"[]", path+"[]")
		}
		props, _ := node["properties"].(map[string]any)
		if props != nil && node["additionalProperties"] != false {
			t.Errorf("%s may have any property", place)
		}
		for name := range props {
			prop := props[name].(map[string]any)
			if d, _ := prop["description"].(string); d == "" {
				t.Errorf("%s.%s has no description", place, name)
			}
			used[place+"."+name] = used[place+"."+name] || filled[path+"."+name]
			walk(prop, place+"."+name, path+"."+name)
		}
	}
	walk(doc, "#", "")
	for _, place := range slices.Sorted(maps.Keys(used)) {
		if !used[place] && !slices.Contains(unfilled, place) {
			t.Errorf("%s is never filled by the fixtures", place)
		}
	}
}

// collect notes which properties have a value that says something.
func collect(v any, path string, filled map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for name, x := range v {
			p := path + "." + name
			switch x := x.(type) {
			case nil:
			case []any:
				filled[p] = filled[p] || len(x) > 0
			case string:
				filled[p] = filled[p] || x != ""
			case json.Number:
				filled[p] = filled[p] || x != "0"
			case bool:
				filled[p] = filled[p] || x
			default:
				filled[p] = true
			}
			collect(x, p, filled)
		}
	case []any:
		for _, x := range v {
			collect(x, path+"[]", filled)
		}
	}
}
