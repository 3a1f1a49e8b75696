package disclosure_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"gongkai/services/chassis/kv"
	"gongkai/services/disclosure/ledger"
	"gongkai/services/law/form"
	"gongkai/services/law/workday"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"

	"go.etcd.io/bbolt"
	"google.golang.org/genproto/googleapis/type/date"
)

const (
	importedRows = 50_000
	importedEach = 1000 // a commit of an import
)

// BenchmarkImport imports a spreadsheet of 50,000 rows over gRPC on loopback, and publishes them. Beside it stand bare
// bbolt loops that put the same keys and values into an empty store, so many rows a commit: as many as the import
// takes, and as many as callers that publish at a time, 256 and 64.
func BenchmarkImport(b *testing.B) {
	file := bigLedger(b)
	for _, mode := range []disclosurev1.ImportMode{acceptedRows, disclosurev1.ImportMode_IMPORT_MODE_ALL_OR_NOTHING} {
		b.Run(mode.String(), func(b *testing.B) {
			cpu := time.Duration(0)
			for range b.N {
				b.StopTimer()
				e := newEnv(b)
				before := busy(b)
				b.StartTimer()
				importAll(b, e, mode, file)
				cpu += busy(b) - before
			}
			b.ReportMetric(float64(importedRows*b.N)/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(cpu.Seconds()/float64(b.N), "cpu-s/op")
		})
	}
	for _, each := range []int{importedEach, 256, callers} {
		b.Run(fmt.Sprintf("bbolt-%d-a-commit", each), func(b *testing.B) {
			e := newEnv(b)
			importAll(b, e, acceptedRows, file)
			rows := e.importWrites(importedRows)
			cpu := time.Duration(0)
			b.ResetTimer()
			for range b.N {
				b.StopTimer()
				raw, err := bbolt.Open(filepath.Join(b.TempDir(), "raw.db"), 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType, InitialMmapSize: 1 << 30})
				ok(b, err)
				before := busy(b)
				b.StartTimer()
				for stretch := range slices.Chunk(rows, each) {
					ok(b, raw.Update(func(tx *bbolt.Tx) error { return putWrites(tx, stretch) }))
				}
				b.StopTimer()
				cpu += busy(b) - before
				ok(b, raw.Close())
				b.StartTimer()
			}
			b.ReportMetric(float64(importedRows*b.N)/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(cpu.Seconds()/float64(b.N), "cpu-s/op")
		})
	}
}

// busy is the processor time that this process has used: unlike the time on the wall, it does not hang on what else the
// machine does.
func busy(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	ok(b, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// bigLedger is a spreadsheet as a township keeps it.
func bigLedger(b *testing.B) []byte {
	b.Helper()
	forms, err := form.Embedded()
	ok(b, err)
	var file bytes.Buffer
	w, err := ledger.NewWriter(&file, ledger.XLSX, "台账", forms)
	ok(b, err)
	for i := range importedRows {
		on := workday.Date{Year: 2018, Month: 1, Day: 1}.AddDays(i % 365)
		ok(b, w.Write(&ledger.Row{PublishedOn: on, Draft: &disclosureT{
			Title: fmt.Sprintf("关于做好第%d号工作的通知", i), Category: document, Content: "示例：本条为演示而编，不是该机关的真实信息。",
			DocumentNumber: fmt.Sprintf("某政发〔2018〕%d号", i+1), FormedOn: &date.Date{Year: int32(on.Year), Month: int32(on.Month), Day: int32(on.Day)},
			Channels: []disclosurev1.Channel{disclosurev1.Channel_CHANNEL_WEBSITE, disclosurev1.Channel_CHANNEL_NOTICE_BOARD}, Attribute: disclosurev1.Attribute_ATTRIBUTE_PROACTIVE,
		}}))
	}
	ok(b, w.Close())
	return file.Bytes()
}

func importAll(b *testing.B, e *env, mode disclosurev1.ImportMode, file []byte) {
	b.Helper()
	out, err := e.load(e.desk(town), &settings{Parent: town, FileName: "a.xlsx", Mode: mode, Publish: true}, file)
	ok(b, err)
	if out.GetPublishedCount() != importedRows {
		b.Fatal(said(out))
	}
}

// importWrites are what each row of an import has written, in the order in which it did.
func (e *env) importWrites(n int) [][]write {
	rows := make([][]write, n)
	for _, bucket := range []string{"disclosures.imports", "disclosures", "disclosures.publication", "disclosures.serials", "log.entries", "log.hashes"} {
		pairs := e.pairs(kv.Bucket{Name: bucket})
		switch bucket { // those in the order of their keys came in the order of the rows
		case "disclosures.imports", "disclosures.publication":
			slices.SortStableFunc(pairs, func(a, b kv.Pair) int { return bytes.Compare(idIn(a), idIn(b)) })
		}
		for i, p := range pairs {
			at := i * n / len(pairs)
			rows[at] = append(rows[at], write{bucket, p.Key, p.Value})
		}
		if bucket == "disclosures.serials" { // each row counted on
			for i := range rows {
				rows[i] = append(rows[i], write{bucket, pairs[0].Key, pairs[0].Value})
			}
		}
	}
	return rows
}

// idIn is the id of the record in an entry of an index.
func idIn(p kv.Pair) []byte {
	if len(p.Value) >= 16 {
		return p.Value[:16]
	}
	return p.Key[len(p.Key)-16:]
}

func putWrites(tx *bbolt.Tx, rows [][]write) error {
	for _, writes := range rows {
		for _, w := range writes {
			bucket, err := tx.CreateBucketIfNotExists([]byte(w.bucket))
			if err != nil {
				return err
			}
			if err := bucket.Put(w.key, w.value); err != nil {
				return err
			}
		}
	}
	return nil
}
