package layout

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"mgslog/parser"
)

// beside are what a sample may state beside the fields that a layout names.
var beside = []string{"evidence", "exception", "lines"}

// yieldNames returns all that a sample may state.
func yieldNames() []string { return slices.Concat(parser.LayoutFields(), beside) }

// timeForms are the ways in which a sample may state a time.
var timeForms = []string{"2006-01-02T15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999999"}

// parseTime reads a sample's time, in zone unless it names its offset.
func parseTime(text string, zone *time.Location) (time.Time, error) {
	for _, form := range timeForms {
		if t, err := time.ParseInLocation(form, text, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time: want 2026-11-20T02:13:05.123+08:00 or 2026-11-20 02:13:05.123", text)
}

// valueOf returns what a record says, "" if nothing.
func valueOf(r *parser.Record, field string, zone *time.Location) string {
	switch field {
	case "time":
		return time.UnixMilli(r.Time).In(zone).Format("2006-01-02T15:04:05.000Z07:00")
	case "code":
		if r.Code == parser.NoCode {
			return ""
		}
		return strconv.Itoa(int(r.Code))
	case "trace_id":
		return string(r.TraceID)
	case "operation_type":
		return string(r.OperationType)
	case "app_id":
		return string(r.AppID)
	case "workspace_id":
		return string(r.WorkspaceID)
	case "message":
		return string(r.Message)
	case "level":
		return string(r.Level)
	case "client_ip":
		return string(r.ClientIP)
	case "user_id":
		return string(r.UserID)
	case "device_id":
		return string(r.DeviceID)
	case "client_version":
		return string(r.ClientVersion)
	case "client_os":
		return string(r.ClientOS)
	case "latency_ms":
		return millis(r.LatencyMS)
	case "backend_ms":
		return millis(r.BackendMS)
	case "memo":
		return string(r.Memo)
	case "stress":
		return strconv.FormatBool(r.Stress)
	case "host":
		return string(r.Host)
	case "evidence":
		return r.Evidence.String()
	case "exception":
		if root := r.Root(); root != nil {
			return string(root.Class)
		}
	case "lines":
		return strconv.FormatInt(r.Lines, 10)
	}
	return ""
}

func millis(ms int64) string {
	if ms < 0 {
		return ""
	}
	return strconv.FormatInt(ms, 10)
}
