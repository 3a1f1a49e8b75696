package demo_test

import (
	"bytes"
	"flag"
	"os"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/protobuf/proto"

	"gongkai/deploy/demo"
	"gongkai/services/disclosure/ledger"
	"gongkai/services/law/form"
	"gongkai/services/law/workday"
)

var writeLedger = flag.Bool("write-ledger", false, "write the spreadsheet of the demo anew")

// rowsOf reads a ledger, as the suite does.
func rowsOf(file []byte) ([]*ledger.Row, error) {
	forms, err := form.Embedded()
	if err != nil {
		return nil, err
	}
	open, err := ledger.Open(bytes.NewReader(file), int64(len(file)), "a.xlsx", forms)
	if err != nil {
		return nil, err
	}
	defer open.Close()
	var rows []*ledger.Row
	for r, err := range open.Rows() {
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// TestLedger: the spreadsheet holds the organisation's records, and nothing else.
func TestLedger(t *testing.T) {
	var want []*ledger.Row
	for _, r := range load(t).Records {
		if r.Organization == demo.LedgerID {
			want = append(want, &ledger.Row{Draft: r.Draft, PublishedOn: civil(r.PublishedOn)})
		}
	}
	if *writeLedger {
		var b bytes.Buffer
		forms, err := form.Embedded()
		if err != nil {
			t.Fatal(err)
		}
		w, err := ledger.NewWriter(&b, ledger.XLSX, "台账", forms)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range want {
			if err := w.Write(r); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("data/ledger-"+demo.LedgerID+"-"+demo.Period+".xlsx", b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		t.Skip("written; the next build embeds it")
	}
	got, err := rowsOf(load(t).Ledger)
	if err != nil || len(got) != len(want) {
		t.Fatalf("%d rows, want %d: %v", len(got), len(want), err)
	}
	for i, r := range got {
		if !proto.Equal(r.Draft, want[i].Draft) || r.PublishedOn != want[i].PublishedOn || len(r.Findings) > 0 {
			t.Errorf("row %d is %v of %s, want %v of %s", r.Number, r.Draft, r.PublishedOn, want[i].Draft, want[i].PublishedOn)
		}
	}
}

func civil(d *date.Date) workday.Date {
	return workday.Date{Year: int(d.GetYear()), Month: time.Month(d.GetMonth()), Day: int(d.GetDay())}
}
