package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"mgslog/analyze/catalog"
)

func TestAckList(t *testing.T) {
	t.Parallel()
	china := time.FixedZone("+08:00", 8*3600)
	at := time.Date(2026, 11, 1, 20, 0, 0, 0, time.UTC) // the 2nd in China
	now := time.Date(2026, 11, 21, 0, 0, 0, 0, china)
	end := time.Date(2026, 11, 20, 23, 59, 59, 0, china).UTC()
	later := end.AddDate(0, 0, 10)
	acks := []Ack{
		{Key: "4001", Note: "load test", By: "alice", At: at, Until: &end},
		{Key: "android:2", Note: "旧版客户端，10.2 修复；" + strings.Repeat("说明 ", 20), By: "李四", At: at, Until: &later},
		{Key: "e1-3f2a9c0b1d22", Note: "\x1b[2J" + wipe + reverse, By: strings.Repeat("x", 40) + "\x1b", At: at},
	}
	for _, lang := range []catalog.Lang{catalog.EN, catalog.ZH} {
		var out bytes.Buffer
		if err := BuildAckList(acks, now, china, lang).Text(&out, TextOptions{Width: 80}); err != nil {
			t.Fatal(err)
		}
		golden(t, "acks."+lang.String()+".80.txt", out.Bytes())
		checkWidth(t, out.String(), 80)
		for line := range strings.Lines(out.String()) {
			checkPrintable(t, strings.TrimSuffix(line, "\n"))
		}
		out.Reset()
		if err := BuildAckList(nil, now, china, lang).Text(&out, TextOptions{}); err != nil || out.String() != stateMessagesFor(lang).noAcks+"\n" {
			t.Errorf("none: %q, %v", out.String(), err)
		}
	}
	// The last second of the day is in force, the next is not.
	for _, tc := range []struct {
		now  time.Time
		over bool
	}{{now.Add(-time.Second), false}, {now, true}} {
		l := BuildAckList(acks[:1], tc.now, china, catalog.EN)
		if l.Acks[0].Over != tc.over {
			t.Errorf("%s: over %v", tc.now, l.Acks[0].Over)
		}
	}
	var out bytes.Buffer
	if err := BuildAckList(acks, now, china, catalog.EN).JSON(&out); err != nil {
		t.Fatal(err)
	}
	checkPrintable(t, strings.ReplaceAll(out.String(), "\n", ""))
	var got AckList
	dec := json.NewDecoder(&out)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&got); err != nil || got.Schema != AcksSchemaName || len(got.Acks) != 3 || got.Acks[2].Key != "4001" || !got.Acks[2].Over ||
		got.Acks[1].Until != nil || got.Acks[1].Note != acks[2].Note || !got.Acks[2].Until.Equal(end) {
		t.Errorf("%v: %+v", err, got)
	}
	out.Reset()
	if err := BuildAckList(nil, now, china, catalog.EN).JSON(&out); err != nil || !strings.Contains(out.String(), `"acks": []`) {
		t.Errorf("none: %s, %v", out.String(), err)
	}
	if err := BuildAckList(acks, now, china, catalog.EN).Text(failing{}, TextOptions{}); !errors.Is(err, errFull) {
		t.Errorf("a writer that fails: %v", err)
	}
}
