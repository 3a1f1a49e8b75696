package report_test

import (
	"bytes"
	"strings"
	"testing"

	reportv1 "gongkai/proto/gongkai/report/v1"
)

// narrative is a published report of a year in text, with so many disclosures, of which so many are documents.
func narrative(name, year, total, documents string) []byte {
	return []byte(name + year + "年政府信息公开工作年度报告\n一、概述\n示例文字。\n二、主动公开政府信息情况\n" + year + "年主动公开政府信息" + total + "条，其中政府文件" + documents +
		"条，工作报告1条。\n三、依申请公开政府信息情况\n收到申请两件，予以公开两件。\n四、收费及减免情况\n无\n五、行政复议、行政诉讼情况\n无\n六、主要问题及改进情况\n示例文字。\n")
}

// A published report is checked as the file that it is, with others beside it; what cannot be read is named.
func TestCheckReportFile(t *testing.T) {
	e := start(t)
	file := func(name string, content []byte) *reportv1.ReportFile {
		return &reportv1.ReportFile{Name: name, Content: content}
	}
	good := func(year string) *reportv1.ReportFile {
		return file("年报.txt", narrative("甲镇人民政府", year, "25", "24"))
	}
	for _, c := range []struct {
		name string
		in   *reportv1.CheckReportFileRequest
		want string // the checks of errors and hints, or the reason and the field
	}{
		{"right", &reportv1.CheckReportFileRequest{File: good("2018")}, ""},
		{"a sum", &reportv1.CheckReportFileRequest{File: file("年报.txt", narrative("甲镇人民政府", "2018", "20", "24"))}, "sum.cell"},
		{"the year before", &reportv1.CheckReportFileRequest{File: good("2018"), Previous: []*reportv1.ReportFile{good("2016")}}, "years.previous"},
		{"the level below", &reportv1.CheckReportFileRequest{File: good("2018"), Below: []*reportv1.ReportFile{file("", narrative("乙村", "2018", "30", "29"))}}, "levels.sum levels.sum"},
		{"a form that does not fit", &reportv1.CheckReportFileRequest{File: &reportv1.ReportFile{Name: "a.txt", Content: narrative("甲镇", "2018", "2", "1"), Form: "reportForms/2007", Year: 2023}}, "who.form_fits_year"},
		{"no report", &reportv1.CheckReportFileRequest{File: file("a.txt", []byte("示例"))}, "InvalidArgument INVALID_FIELD file=PUBLISHED_NO_REPORT"},
		{"old format", &reportv1.CheckReportFileRequest{File: good("2018"), Previous: []*reportv1.ReportFile{good("2017"), file("a.doc", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))}}, "InvalidArgument INVALID_FIELD previous[1]=DOCUMENT_OLD_FORMAT"},
		{"damaged", &reportv1.CheckReportFileRequest{File: good("2018"), Below: []*reportv1.ReportFile{file("a.docx", []byte("PK\x03\x04"))}}, "InvalidArgument INVALID_FIELD below[0]=DOCUMENT_DAMAGED"},
		{"a form that is none", &reportv1.CheckReportFileRequest{File: &reportv1.ReportFile{Content: good("2018").GetContent(), Form: "reportForms/1999"}}, "InvalidArgument INVALID_FIELD file=PUBLISHED_FORM_UNKNOWN"},
		{"empty", &reportv1.CheckReportFileRequest{File: file("a.txt", nil)}, "InvalidArgument INVALID_FIELD file.content=REQUIRED"},
		{"too large", &reportv1.CheckReportFileRequest{File: file("a.txt", bytes.Repeat([]byte("年"), 12<<20/3+1))}, "InvalidArgument INVALID_FIELD file.content=TOO_LONG"},
		{"none", &reportv1.CheckReportFileRequest{}, "InvalidArgument INVALID_FIELD file=REQUIRED"},
	} {
		out, err := e.CheckReportFile(t.Context(), c.in)
		var got []string
		for _, f := range out.GetFindings() {
			if f.GetSeverity() < reportv1.Severity_SEVERITY_SOFT {
				got = append(got, f.GetCheck())
			}
		}
		if err != nil {
			got = append(got, refusal(err))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %q (%v)", c.name, got, c.want, err)
		}
	}
	out, err := e.CheckReportFile(t.Context(), &reportv1.CheckReportFileRequest{File: good("2018")})
	must(t, err)
	if r := out.GetReport(); r.GetForm() != "reportForms/2007" || r.GetPeriod() != "2018" || r.GetOrganizationName() != "甲镇人民政府" || len(r.GetFigures()) < 10 || out.GetBlocking() != 0 {
		t.Errorf("it was read as %v", out)
	}
}
