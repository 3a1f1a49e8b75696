package disclosure_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/disclosure/ledger"

	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
)

type (
	settings = disclosurev1.ImportSettings
	imported = disclosurev1.ImportDisclosuresResponse
)

const (
	acceptedRows = disclosurev1.ImportMode_IMPORT_MODE_ACCEPTED_ROWS
	head         = "索引号,标题,类别,文号,成文日期,公开日期,公开渠道,公开属性\n"
)

// send sends messages and closes.
func (e *env) send(ctx context.Context, messages ...*disclosurev1.ImportDisclosuresRequest) (*imported, error) {
	e.t.Helper()
	stream, err := e.ImportDisclosures(ctx)
	ok(e.t, err)
	for _, m := range messages {
		if err := stream.Send(m); err != nil && err != io.EOF { // EOF: the answer is there already
			return nil, err
		}
	}
	return stream.CloseAndRecv()
}

func begin(in *settings) *disclosurev1.ImportDisclosuresRequest {
	return &disclosurev1.ImportDisclosuresRequest{Part: &disclosurev1.ImportDisclosuresRequest_Settings{Settings: in}}
}

func chunk(data []byte) *disclosurev1.ImportDisclosuresRequest {
	return &disclosurev1.ImportDisclosuresRequest{Part: &disclosurev1.ImportDisclosuresRequest_Chunk{Chunk: data}}
}

// load imports a file in pieces.
func (e *env) load(ctx context.Context, in *settings, file []byte) (*imported, error) {
	e.t.Helper()
	if in.FileName == "" {
		in.FileName = "台账.csv"
	}
	messages := []*disclosurev1.ImportDisclosuresRequest{begin(in)}
	for piece := 0; piece < len(file); piece += 100_000 {
		messages = append(messages, chunk(file[piece:min(piece+100_000, len(file))]))
	}
	return e.send(ctx, messages...)
}

// loaded imports a file and tells what came of it: counts, and the findings as row:column reason.
func (e *env) loaded(in *settings, file string) string {
	e.t.Helper()
	out, err := e.load(e.desk(in.GetParent()), in, []byte(file))
	if err != nil {
		return refusal(err)
	}
	return said(out)
}

func said(out *imported) string {
	s := fmt.Sprintf("read %d, made %d, published %d, unchanged %d, refused %d, applied %v",
		out.GetReadCount(), out.GetCreatedCount(), out.GetPublishedCount(), out.GetUnchangedCount(), out.GetRefusedCount(), out.GetApplied())
	for _, f := range out.GetFindings() {
		s += fmt.Sprintf("; %d:%s %s", f.GetRow(), f.GetColumn(), f.GetReason())
	}
	return s
}

func equal(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func (e *env) list(organization string) []*disclosurev1.Disclosure {
	e.t.Helper()
	out, err := e.ListDisclosures(e.desk(organization), &disclosurev1.ListDisclosuresRequest{Parent: organization, PageSize: 1000})
	ok(e.t, err)
	return out.GetDisclosures()
}

func TestImport(t *testing.T) {
	e := newEnv(t)
	const file = head +
		"旧001,关于春耕的通知,政府文件,某政发[2018]8号,2018年3月1日,2018-3-5,网站、公开栏,主动公开\n" +
		",年度工作总结,工作报告,,,2018/12/30,,\n" +
		",草稿一则,其他,,,,,\n"
	equal(t, e.loaded(&settings{Parent: town, Publish: true, DryRun: true}, file),
		"read 3, made 3, published 2, unchanged 0, refused 0, applied false; 2:D DOCUMENT_NUMBER_NORMALIZED")
	if e.size() != 0 {
		t.Fatal("a dry run wrote")
	}
	equal(t, e.loaded(&settings{Parent: town, Publish: true}, file),
		"read 3, made 3, published 2, unchanged 0, refused 0, applied true; 2:D DOCUMENT_NUMBER_NORMALIZED")
	records := e.list(town)
	if len(records) != 3 || e.size() != 3 {
		t.Fatalf("%d records, %d entries", len(records), e.size())
	}
	d := records[2]
	want := &disclosurev1.Disclosure{
		Name: d.GetName(), Title: "关于春耕的通知", Category: document, DocumentNumber: "某政发〔2018〕8号", Attribute: disclosurev1.Attribute_ATTRIBUTE_PROACTIVE,
		FormedOn: day("2018-03-01"), PublishedOn: day("2018-03-05"), State: disclosurev1.State_STATE_PUBLISHED,
		Channels:    []disclosurev1.Channel{disclosurev1.Channel_CHANNEL_WEBSITE, disclosurev1.Channel_CHANNEL_NOTICE_BOARD},
		IndexNumber: "652701201/2018-00001", SourceIndexNumber: "旧001", Etag: "1", CreateTime: d.GetCreateTime(), UpdateTime: d.GetUpdateTime(),
	}
	if !proto.Equal(d, want) {
		t.Errorf("got %v\nwant %v", d, want)
	}
	entries, public := e.entries(0)
	if entries[0].GetKind() != "disclosure.published" || !public[0] || len(entries[0].GetAfter()) != 1 || entries[0].GetAuthority() != "reviewer@organizations/652701201" {
		t.Errorf("the entry is %v", entries[0])
	}
	if entries[2].GetKind() != "disclosure.created" || public[2] || len(entries[2].GetAfter()) != 0 {
		t.Errorf("the entry is %v", entries[2])
	}
}

// TestImport_Again repeats an import of a file, and of the same file after it was changed.
func TestImport_Again(t *testing.T) {
	e := newEnv(t)
	in := func() *settings { return &settings{Parent: town, Publish: true} }
	first, second, twice := "A1,甲,其他,,,2018-3-5,,\n", ",乙,其他,,,2018-3-6,,\n", ",丙,其他,,,2018-3-7,,\n"
	equal(t, e.loaded(in(), head+first+second+twice+twice), "read 4, made 4, published 4, unchanged 0, refused 0, applied true")
	size := e.size()
	for _, c := range []struct{ name, file, want string }{
		{"the same", first + second + twice + twice, "read 4, made 0, published 0, unchanged 4, refused 0, applied true"},
		{"another order", twice + second + first + twice, "read 4, made 0, published 0, unchanged 4, refused 0, applied true"},
		{"a row less", second + twice, "read 2, made 0, published 0, unchanged 2, refused 0, applied true"},
		{"corrected, with an index number", "A1,甲改,其他,,,2018-3-5,,\n" + second, "read 2, made 0, published 0, unchanged 1, refused 1, applied false; 2: RECORD_DIFFERS"},
	} {
		if got := e.loaded(in(), head+c.file); got != c.want || e.size() != size {
			t.Errorf("%s: %s, want %s (%d entries, were %d)", c.name, got, c.want, e.size(), size)
		}
	}
	equal(t, e.loaded(in(), head+twice+twice+twice), "read 3, made 1, published 1, unchanged 2, refused 0, applied true")
	equal(t, e.loaded(in(), head+",乙改,其他,,,2018-3-6,,\n"), "read 1, made 1, published 1, unchanged 0, refused 0, applied true")
	equal(t, e.loaded(&settings{Parent: other, Publish: true}, head+first), "read 1, made 1, published 1, unchanged 0, refused 0, applied true")
}

// TestImport_DraftThenPublish: what was imported as drafts is published by importing it again so.
func TestImport_DraftThenPublish(t *testing.T) {
	e := newEnv(t)
	const file = head + ",甲,其他,,,2018-3-5,,\n,乙,其他,,,2018-3-6,,\n,丙,其他,,,,,\n"
	equal(t, e.loaded(&settings{Parent: town}, file),
		"read 3, made 3, published 0, unchanged 0, refused 0, applied true; 2:F PUBLICATION_DATE_NOT_IMPORTED")
	equal(t, e.loaded(&settings{Parent: town, Publish: true}, file), "read 3, made 0, published 2, unchanged 1, refused 0, applied true")
	if d := e.list(town)[1]; d.GetState() != disclosurev1.State_STATE_PUBLISHED || d.GetEtag() != "2" || d.GetIndexNumber() == "" {
		t.Errorf("%v", d)
	}
	equal(t, e.loaded(&settings{Parent: town, Publish: true}, file), "read 3, made 0, published 0, unchanged 3, refused 0, applied true")
}

// TestImport_Modes: of a file with good and bad rows, nothing is written, or the good ones.
func TestImport_Modes(t *testing.T) {
	e := newEnv(t)
	file := head +
		",好,其他,,,2018-3-5,,\n" +
		",,其他,,,2018-3-5,,\n" + // no title
		",未来,其他,,,2019-1-1,,\n" + // today is 2018-12-31
		",倒,其他,,2018-3-6,2018-3-5,,\n" +
		",依申请,其他,,,2018-3-5,,依申请公开\n" +
		"B,重号,其他,,,2018-3-5,,\nB,重号二,其他,,,2018-3-5,,\n" +
		",类别,没有,,,2018-3-5,鸽子,\n" +
		",日期,其他,,,2018-13-5,,\n"
	const findings = "; 3:B CELL_REQUIRED; 4:F PUBLISH_DATE_IN_FUTURE; 5:F PUBLISHED_BEFORE_FORMED; 6:H NOT_FOR_DISCLOSURE; 8:A INDEX_NUMBER_TWICE; 9:G CHANNEL_UNKNOWN; 9:C VALUE_UNKNOWN; 10:F DATE_UNREADABLE"
	equal(t, e.loaded(&settings{Parent: town, Publish: true}, file), "read 9, made 2, published 2, unchanged 0, refused 7, applied false"+findings)
	if e.size() != 0 {
		t.Fatal("all or nothing wrote something")
	}
	equal(t, e.loaded(&settings{Parent: town, Publish: true, Mode: acceptedRows, DryRun: true}, file), "read 9, made 2, published 2, unchanged 0, refused 7, applied false"+findings)
	equal(t, e.loaded(&settings{Parent: town, Publish: true, Mode: acceptedRows}, file), "read 9, made 2, published 2, unchanged 0, refused 7, applied true"+findings)
	if n := e.size(); n != 2 {
		t.Fatalf("%d entries", n)
	}
	// Once what was refused is corrected, it alone is new.
	file = strings.NewReplacer(",,其他", ",补标题,其他", "2019-1-1", "2018-12-31", "2018-3-6,2018-3-5", "2018-3-5,2018-3-6", "依申请公开", "主动公开",
		"B,重号二", "C,重号二", "没有", "其他", "鸽子", "网站", "2018-13-5", "2018-12-5").Replace(file)
	equal(t, e.loaded(&settings{Parent: town, Publish: true}, file), "read 9, made 7, published 7, unchanged 2, refused 0, applied true")
}

// TestImport_Texts: a finding says in both languages where it is and what to do.
func TestImport_Texts(t *testing.T) {
	e := newEnv(t)
	file := []byte(head + ",甲,其他,,,2018-13-5,,\n")
	for language, want := range map[string]string{
		"zh": `错误 台账.csv 2 F 公开日期 published_on DATE_UNREADABLE “公开日期”的“2018-13-5”不是有效日期；请写成 2018-03-05 或 2018年3月5日。`,
		"en": `错误 台账.csv 2 F 公开日期 published_on DATE_UNREADABLE "2018-13-5" in 公开日期 is no date; write 2018-03-05 or 2018年3月5日.`,
	} {
		md, _ := metadata.FromOutgoingContext(e.desk(town))
		md.Set("accept-language", language)
		out, err := e.load(metadata.NewOutgoingContext(context.Background(), md), &settings{Parent: town}, file)
		ok(t, err)
		f := out.GetFindings()[0]
		severity := map[disclosurev1.ImportFinding_Severity]string{disclosurev1.ImportFinding_SEVERITY_ERROR: "错误"}[f.GetSeverity()]
		equal(t, fmt.Sprint(severity, " ", f.GetSheet(), " ", f.GetRow(), " ", f.GetColumn(), " ", f.GetHeader(), " ", f.GetField(), " ", f.GetReason(), " ", f.GetMessage()), want)
	}
}

// TestImport_ManyFindings: an answer has the first thousand, and counts all.
func TestImport_ManyFindings(t *testing.T) {
	e := newEnv(t)
	out, err := e.load(e.desk(town), &settings{Parent: town}, []byte(head+strings.Repeat(",甲,其他,号[2018]1号,,,,\n", 1500)+strings.Repeat(",乙,没有,,,,,\n", 1200)))
	ok(t, err)
	if out.GetFindingCount() != 2700 || len(out.GetFindings()) != 1000 || out.GetRefusedCount() != 1200 || out.GetFindings()[0].GetRow() != 1502 {
		t.Errorf("%d findings, %d told, %d refused, the first is %v", out.GetFindingCount(), len(out.GetFindings()), out.GetRefusedCount(), out.GetFindings()[0])
	}
}

func TestImport_Organization(t *testing.T) {
	e := newEnv(t)
	file := head + ",甲,其他,,,2018-6-30,,\n,乙,其他,,,2018-7-1,,\n"
	equal(t, e.loaded(&settings{Parent: merged, Publish: true, Mode: acceptedRows}, file), "NotFound NOT_FOUND") // it is no more, and has no records
	equal(t, e.loaded(&settings{Parent: founded, Publish: true, Mode: acceptedRows}, file),
		"read 2, made 1, published 1, unchanged 0, refused 1, applied true; 2:F ORGANIZATION_NOT_ON_DATE")
	equal(t, e.loaded(&settings{Parent: nowhere}, file), "NotFound NOT_FOUND")
}

// TestImport_Access: where one imports is checked once that is known.
func TestImport_Access(t *testing.T) {
	e := newEnv(t)
	file := []byte(head + ",甲,其他,,,2018-3-5,,\n")
	for _, c := range []struct {
		name    string
		ctx     context.Context
		publish bool
		want    string
	}{
		{"nobody", context.Background(), false, "Unauthenticated UNAUTHENTICATED"},
		{"another township's clerk", e.desk(other), false, "PermissionDenied PERMISSION_DENIED"},
		{"the city's office", e.as("organizations/652701", access.Supervisor), false, "PermissionDenied PERMISSION_DENIED"},
		{"a reviewer", e.as(town, access.Reviewer), true, "PermissionDenied PERMISSION_DENIED"},
		{"a clerk who publishes", e.as(town, access.Clerk), true, "PermissionDenied PERMISSION_DENIED"},
		{"a clerk", e.as(town, access.Clerk), false, ""},
		{"a system", e.as("organizations/652701", access.System), true, ""},
	} {
		_, err := e.load(c.ctx, &settings{Parent: town, Publish: c.publish}, file)
		if got := refusal(err); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestImport_Bad gives streams and files that are none.
func TestImport_Bad(t *testing.T) {
	e := newEnv(t)
	desk := e.desk(town)
	good := begin(&settings{Parent: town, FileName: "a.xlsx"})
	for _, c := range []struct {
		name     string
		messages []*disclosurev1.ImportDisclosuresRequest
		want     string
	}{
		{"nothing", nil, "InvalidArgument INVALID_FIELD settings=REQUIRED"},
		{"an empty message", []*disclosurev1.ImportDisclosuresRequest{{}}, "InvalidArgument INVALID_FIELD part=REQUIRED"},
		{"a file without settings", []*disclosurev1.ImportDisclosuresRequest{chunk([]byte(head))}, "InvalidArgument INVALID_FIELD settings=REQUIRED"},
		{"settings twice", []*disclosurev1.ImportDisclosuresRequest{good, good}, "InvalidArgument INVALID_FIELD settings=BAD_FORMAT"},
		{"a bad parent", []*disclosurev1.ImportDisclosuresRequest{begin(&settings{Parent: "x"})}, "InvalidArgument INVALID_FIELD settings.parent=BAD_FORMAT"},
		{"a bad mode", []*disclosurev1.ImportDisclosuresRequest{begin(&settings{Parent: town, Mode: 9})}, "InvalidArgument INVALID_FIELD settings.mode=NOT_IN_LIST"},
		{"a long piece", []*disclosurev1.ImportDisclosuresRequest{good, chunk(make([]byte, 1<<20+1))}, "InvalidArgument INVALID_FIELD chunk=TOO_LONG"},
		{"no file", []*disclosurev1.ImportDisclosuresRequest{good}, "InvalidArgument INVALID_FIELD file=LEDGER_FORMAT_UNKNOWN"},
		{"a picture", []*disclosurev1.ImportDisclosuresRequest{good, chunk([]byte("\x89PNG"))}, "InvalidArgument INVALID_FIELD file=LEDGER_FORMAT_UNKNOWN"},
		{"half an archive", []*disclosurev1.ImportDisclosuresRequest{good, chunk([]byte("PK\x03\x04"))}, "InvalidArgument INVALID_FIELD file=LEDGER_DAMAGED"},
		{"no header", []*disclosurev1.ImportDisclosuresRequest{begin(&settings{Parent: town, FileName: "a.csv"}), chunk([]byte("a,b\n1,2\n"))}, "InvalidArgument INVALID_FIELD file=LEDGER_WITHOUT_HEADER"},
	} {
		_, err := e.send(desk, c.messages...)
		if got := refusal(err); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	equal(t, e.loaded(&settings{Parent: town, Mode: acceptedRows}, "标题,文号\n甲,乙\n"), "read 0, made 0, published 0, unchanged 0, refused 0, applied true; 1: COLUMN_MISSING")
}

func TestImport_TooLarge(t *testing.T) {
	e := newEnv(t)
	messages := []*disclosurev1.ImportDisclosuresRequest{begin(&settings{Parent: town, FileName: "a.csv"})}
	piece := chunk(bytes.Repeat([]byte("甲,乙\n"), 100_000))
	for range ledger.MaxBytes/len(piece.GetChunk()) + 1 {
		messages = append(messages, piece)
	}
	_, err := e.send(e.desk(town), messages...)
	equal(t, refusal(err), "InvalidArgument INVALID_FIELD file=LEDGER_TOO_LARGE")
}

// manyRows is a .csv file of so many rows.
func manyRows(n int) string {
	var b strings.Builder
	b.WriteString(head)
	for i := range n {
		fmt.Fprintf(&b, ",第%d条信息,工作动态,,,2018-%d-%d,公开栏,\n", i, i%12+1, i%28+1)
	}
	return b.String()
}

// TestImport_BrokenOff breaks an import off after its first commit, and repeats it: what was missing is written, and
// nothing twice.
func TestImport_BrokenOff(t *testing.T) {
	e := newEnv(t)
	const rows = 6000
	ctx, cancel := context.WithCancel(e.desk(town))
	changed := e.db.Changed()
	go func() {
		<-changed
		cancel()
	}()
	_, err := e.load(ctx, &settings{Parent: town, Publish: true}, []byte(manyRows(rows)))
	written := e.size()
	if err == nil || written == 0 || written >= rows {
		t.Fatalf("it was not broken off: %v, %d entries", err, written)
	}
	out, err := e.load(e.desk(town), &settings{Parent: town, Publish: true}, []byte(manyRows(rows)))
	ok(t, err)
	if out.GetCreatedCount()+out.GetUnchangedCount() != rows || out.GetUnchangedCount() < int32(written) || e.size() != rows {
		t.Errorf("%s; %d entries before, %d after", said(out), written, e.size())
	}
}

// TestImport_Together: of two imports of a file at a time, each row is written by one.
func TestImport_Together(t *testing.T) {
	e := newEnv(t)
	const rows = 3000
	var made [2]int32
	var group sync.WaitGroup
	for i := range made {
		group.Go(func() {
			out, err := e.load(e.desk(town), &settings{Parent: town, Publish: true}, []byte(manyRows(rows)))
			if err != nil {
				t.Error(err)
			}
			made[i] = out.GetCreatedCount()
		})
	}
	group.Wait()
	if made[0]+made[1] != rows || e.size() != rows {
		t.Errorf("made %v, %d entries", made, e.size())
	}
}

// export reads an export whole.
func (e *env) export(ctx context.Context, in *disclosurev1.ExportDisclosuresRequest) (file []byte, name string, err error) {
	e.t.Helper()
	stream, err := e.ExportDisclosures(ctx, in)
	ok(e.t, err)
	for {
		m, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return file, name, nil
		}
		if err != nil {
			return nil, "", err
		}
		name += m.GetFileName()
		file = append(file, m.GetChunk()...)
	}
}

// TestExport_ImportedBack: what is exported in any format is known when it is imported again, and makes the same records
// elsewhere.
func TestExport_ImportedBack(t *testing.T) {
	e := newEnv(t)
	equal(t, e.loaded(&settings{Parent: town, Publish: true}, manyRows(1500)), "read 1500, made 1500, published 1500, unchanged 0, refused 0, applied true")
	e.published(town, "  =1+1 的 通知 ", document, "2018-05-05")
	e.draft(town, "草稿", document)
	size := e.size()
	for _, format := range []disclosurev1.ExportFormat{0, 2, 3} {
		file, name, err := e.export(e.desk(town), &disclosurev1.ExportDisclosuresRequest{Parent: town, Format: format})
		ok(t, err)
		out, err := e.load(e.desk(town), &settings{Parent: town, FileName: name, Publish: true}, file)
		ok(t, err)
		if said(out) != "read 1502, made 0, published 0, unchanged 1502, refused 0, applied true" || e.size() != size {
			t.Errorf("%s: %s", name, said(out))
		}
	}
	file, _, err := e.export(e.desk(town), &disclosurev1.ExportDisclosuresRequest{Parent: town})
	ok(t, err)
	out, err := e.load(e.desk(other), &settings{Parent: other, FileName: "a.xlsx", Publish: true}, file)
	ok(t, err)
	equal(t, said(out), "read 1502, made 1502, published 1501, unchanged 0, refused 0, applied true")
	if d := e.list(other)[1]; !strings.HasPrefix(d.GetSourceIndexNumber(), "652701201/2018-") || !strings.HasPrefix(d.GetIndexNumber(), "652701202/2018-") {
		t.Errorf("%v", d)
	}
}

// TestExport_Changed: a row of an export that was changed in the file, or whose record was, is told and changes nothing.
func TestExport_Changed(t *testing.T) {
	e := newEnv(t)
	e.published(town, "甲", document, "2018-05-05")
	gone := e.published(town, "乙", document, "2018-05-06")
	file, _, err := e.export(e.desk(town), &disclosurev1.ExportDisclosuresRequest{Parent: town, Format: 2})
	ok(t, err)
	_, err = e.WithdrawDisclosure(e.desk(town), &disclosurev1.WithdrawDisclosureRequest{Name: gone.GetName(), Reason: "误发"})
	ok(t, err)
	equal(t, e.loaded(&settings{Parent: town, Publish: true, Mode: acceptedRows}, strings.Replace(string(file), "甲", "甲改", 1)),
		"read 2, made 0, published 0, unchanged 1, refused 1, applied true; 3: RECORD_DIFFERS")
	file, _, err = e.export(e.desk(town), &disclosurev1.ExportDisclosuresRequest{Parent: town, Format: 2})
	ok(t, err)
	equal(t, e.loaded(&settings{Parent: town, Publish: true}, string(file)), "read 2, made 0, published 0, unchanged 2, refused 0, applied true")
	equal(t, e.loaded(&settings{Parent: other, Publish: true, Mode: acceptedRows}, string(file)),
		"read 2, made 1, published 1, unchanged 0, refused 1, applied true; 2:J ROW_WITHDRAWN")
}

// TestExport_WhoSees: an export shows what a list shows.
func TestExport_WhoSees(t *testing.T) {
	e := newEnv(t)
	e.published(town, "公开的通知", document, "2018-05-05")
	e.published(town, "工作动态", "work_update", "2018-05-06")
	e.draft(town, "未公开的草稿", document)
	for _, c := range []struct {
		name   string
		ctx    context.Context
		parent string
		filter string
		want   string
	}{
		{"the desk", e.desk(town), town, "", "草稿 动态 通知"},
		{"nobody", context.Background(), town, "", "动态 通知"},
		{"another desk", e.desk(other), town, "", "动态 通知"},
		{"filtered", e.desk(town), town, `category = "government_document"`, "草稿 通知"},
		{"nothing", e.desk(other), other, "", ""},
		{"a bad filter", e.desk(town), town, "x", "InvalidArgument INVALID_FILTER filter=INVALID_FILTER"},
		{"no organisation", e.desk(town), nowhere, "", "NotFound NOT_FOUND"},
		{"a bad name", e.desk(town), "x", "", "InvalidArgument INVALID_FIELD parent=BAD_FORMAT"},
	} {
		file, _, err := e.export(c.ctx, &disclosurev1.ExportDisclosuresRequest{Parent: c.parent, Filter: c.filter, Format: 2})
		var got []string
		for _, word := range []string{"草稿,", "动态,", "通知,"} {
			if bytes.Contains(file, []byte(word)) {
				got = append(got, strings.TrimSuffix(word, ","))
			}
		}
		if err != nil {
			got = []string{refusal(err)}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %q, want %q", c.name, s, c.want)
		}
	}
}

func TestImportTemplate(t *testing.T) {
	e := newEnv(t)
	out, err := e.GetImportTemplate(context.Background(), &disclosurev1.GetImportTemplateRequest{})
	ok(t, err)
	in, err := e.load(e.desk(town), &settings{Parent: town, FileName: out.GetFileName()}, out.GetContent())
	ok(t, err)
	equal(t, said(in), "read 0, made 0, published 0, unchanged 0, refused 0, applied true")
	_, err = e.GetImportTemplate(context.Background(), &disclosurev1.GetImportTemplateRequest{Year: 10000})
	equal(t, refusal(err), "InvalidArgument INVALID_FIELD year=OUT_OF_BOUNDS")
}
