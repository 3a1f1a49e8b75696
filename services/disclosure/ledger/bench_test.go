package ledger_test

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"testing"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/disclosure/ledger"
	"gongkai/services/law/workday"

	"github.com/xuri/excelize/v2"
	"google.golang.org/genproto/googleapis/type/date"
)

// manyRows are rows as a township has them.
func manyRows(n int) []*ledger.Row {
	rows := make([]*ledger.Row, n)
	for i := range rows {
		on := workday.Date{Year: 2018, Month: 1, Day: 1}.AddDays(i % 365)
		rows[i] = &ledger.Row{PublishedOn: on, Draft: &disclosurev1.Disclosure{
			Title: fmt.Sprintf("关于做好第%d号工作的通知", i), Category: "government_document", Content: "示例：本条为演示而编，不是该机关的真实信息。",
			DocumentNumber: fmt.Sprintf("某政发〔2018〕%d号", i+1), FormedOn: &date.Date{Year: int32(on.Year), Month: int32(on.Month), Day: int32(on.Day)},
			Channels: []disclosurev1.Channel{disclosurev1.Channel_CHANNEL_WEBSITE, disclosurev1.Channel_CHANNEL_NOTICE_BOARD}, Attribute: disclosurev1.Attribute_ATTRIBUTE_PROACTIVE,
		}}
	}
	return rows
}

// shared writes the rows with shared strings, as spreadsheet programs do.
func shared(t testing.TB, rows []*ledger.Row) []byte {
	t.Helper()
	all := [][]any{{"标题", "信息类别", "文号", "形成日期", "公开日期", "公开渠道", "公开属性", "内容"}}
	for _, r := range rows {
		all = append(all, []any{r.Draft.GetTitle(), "政府文件", r.Draft.GetDocumentNumber(), r.PublishedOn.String(), r.PublishedOn.String(), "政府网站、公开栏", "主动公开", r.Draft.GetContent()})
	}
	return workbook(t, nil, table{"台账", all})
}

func BenchmarkRead(b *testing.B) {
	rows := manyRows(50_000)
	for _, c := range []struct {
		name, file string
		data       []byte
	}{
		{"xlsx", "a.xlsx", write(b, ledger.XLSX, rows...)},
		{"xlsx-shared", "a.xlsx", shared(b, rows)},
		{"csv", "a.csv", write(b, ledger.CSV, rows...)},
		{"jsonl", "a.jsonl", write(b, ledger.JSONL, rows...)},
	} {
		b.Run(c.name, func(b *testing.B) {
			categories := forms(b)
			for b.Loop() {
				f, err := ledger.Open(bytes.NewReader(c.data), int64(len(c.data)), c.file, categories)
				ok(b, err)
				n := 0
				for r, err := range f.Rows() {
					ok(b, err)
					if !r.Refused() {
						n++
					}
				}
				ok(b, f.Close())
				if n != len(rows) {
					b.Fatalf("%d rows", n)
				}
			}
			b.ReportMetric(float64(len(rows)*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
	b.Run("excelize", func(b *testing.B) { // for orientation: another reader's rows, without making disclosures of them
		data := shared(b, rows)
		for b.Loop() {
			f, err := excelize.OpenReader(bytes.NewReader(data))
			ok(b, err)
			in, err := f.Rows("台账")
			ok(b, err)
			for in.Next() {
				_, err := in.Columns()
				ok(b, err)
			}
			ok(b, in.Close())
			ok(b, f.Close())
		}
		b.ReportMetric(float64(len(rows)*b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}

// TestRead_Memory: what reading holds does not grow with the rows, but for four bytes a shared string.
func TestRead_Memory(t *testing.T) {
	if os.Getenv("BRIEF") != "" {
		t.Skip("it reads very many rows")
	}
	held := func(rows int) uint64 {
		data := shared(t, manyRows(rows))
		f, err := ledger.Open(bytes.NewReader(data), int64(len(data)), "a.xlsx", forms(t))
		ok(t, err)
		defer func() { ok(t, f.Close()) }()
		var least, most runtime.MemStats
		collect := func(into *runtime.MemStats) {
			runtime.GC() // twice: what a pool lets go of survives the first
			runtime.GC()
			runtime.ReadMemStats(into)
		}
		collect(&least)
		n, peak := 0, least.HeapAlloc
		for _, err := range f.Rows() {
			ok(t, err)
			if n++; n%(rows/4) == 0 {
				collect(&most)
				peak = max(peak, most.HeapAlloc)
			}
		}
		runtime.KeepAlive(data)
		return peak - least.HeapAlloc
	}
	const perRow = 64 // bytes: where each shared string begins, in a slice that grows by doubling; never the row itself
	few, many := held(1_000), held(20_000)
	if many > few+19_000*perRow {
		t.Errorf("1,000 rows hold %d bytes, 20,000 rows %d", few, many)
	}
}
