package report

import (
	"bytes"
	_ "embed" // the schema
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

//go:embed schema/report.v1.json
var schema []byte

// Schema returns the JSON Schema (2020-12) of the report's JSON form.
func Schema() []byte { return slices.Clone(schema) }

// Formats lists the names of the outputs that Write knows.
func Formats() []string { return []string{"text", "json"} }

// ErrFormat is returned by Write for an output that is not in Formats.
var ErrFormat = errors.New("report: no such output format")

// Write writes the report in one of the Formats.
func (r *Report) Write(w io.Writer, format string, opt TextOptions) error {
	return writeAs(w, r, format, opt)
}

// Write writes the check in one of the Formats.
func (c *Check) Write(w io.Writer, format string, opt TextOptions) error {
	return writeAs(w, c, format, opt)
}

// writeAs writes a model in one of the Formats.
func writeAs(w io.Writer, model interface {
	Text(io.Writer, TextOptions) error
	JSON(io.Writer) error
}, format string, opt TextOptions,
) error {
	switch format {
	case "text":
		return model.Text(w, opt)
	case "json":
		return model.JSON(w)
	}
	return fmt.Errorf("%w: %q", ErrFormat, format)
}

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
