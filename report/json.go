package report

import (
	"bytes"
	_ "embed" // the schema
	"encoding/json"
	"io"
	"slices"
)

//go:embed schema/report.v1.json
var schema []byte

// Schema returns the JSON Schema (2020-12) of the report's JSON form.
func Schema() []byte { return slices.Clone(schema) }

// JSON writes the report in the form that Schema describes.
func (r *Report) JSON(w io.Writer) error { return writeJSON(w, r) }

// writeJSON writes v indented, in UTF-8, with everything escaped that would
// not be shown as it is. Invalid UTF-8 becomes U+FFFD.
func writeJSON(w io.Writer, v any) error {
	var doc bytes.Buffer
	enc := json.NewEncoder(&doc)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(escapeJSON(doc.Bytes()))
	return err
}
