package main

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"gongkai/services/law"
	"gongkai/services/law/form"
	"gongkai/services/law/form/check"
	"gongkai/services/report/published"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// severityNames are what the severities are called on the command line and in JSON.
var severityNames = map[check.Severity]string{check.Hard: "hard", check.Cross: "cross", check.Soft: "soft", check.Note: "note"}

// teller prints what was found, file by file. It keeps nothing of them but a line each.
type teller interface {
	tell(r checked) error
	end() error
}

// teller is for text, with a summary at the end, or for JSON.
func (c *reportCheckCommand) teller(w io.Writer) teller {
	pick := func(l law.Label) string { return l.Zh }
	if c.Lang == "en" {
		pick = func(l law.Label) string { return l.En }
	}
	if c.Output == "json" {
		return &toldJSON{c: c, w: w, pick: pick}
	}
	p := &told{c: c, w: w, words: checkChinese(), pick: pick}
	if c.Lang == "en" {
		p.words = checkEnglish()
	}
	p.summary = p.words.table()
	return p
}

// least is the least severity that is told.
func (c *reportCheckCommand) least() check.Severity {
	for s, name := range severityNames {
		if name == c.Least {
			return s
		}
	}
	return check.Soft
}

// told prints lines. It keeps the first error.
type told struct {
	c       *reportCheckCommand
	w       io.Writer
	words   checkWords
	pick    func(law.Label) string
	err     error
	summary table.Writer // one line a file

	files, passed, failed, unreadable int
}

func (p *told) tell(r checked) error {
	if p.files > 0 {
		p.line("")
	}
	p.report(r)
	p.summarize(r)
	return p.err
}

func (p *told) end() error {
	if p.files > 1 {
		p.line("")
		p.line(p.summary.Render())
		p.line(fmt.Sprintf(p.words.total, p.files, p.passed, p.failed, p.unreadable))
	}
	return p.err
}

func (p *told) line(s string) {
	if p.err == nil {
		_, p.err = fmt.Fprintln(p.w, s)
	}
}

// report prints what was found in one file.
func (p *told) report(r checked) {
	if r.err != nil {
		p.line(filepath.Base(r.file))
		p.line("  " + p.words.unreadable + strings.ReplaceAll(p.c.refused(r.err).Error(), "\n", "; "))
		return
	}
	p.line(fmt.Sprintf(p.words.title, filepath.Base(r.file), or(r.report.Organization, "?"), year(r.report), r.report.Form.ID))
	for _, f := range r.findings {
		if f.Severity <= p.c.least() {
			p.finding(f)
		}
	}
	counts := count(r.findings)
	p.line(fmt.Sprintf(p.words.counts, counts[check.Hard], counts[check.Cross], counts[check.Soft], counts[check.Note]))
}

// finding prints one finding: what it is and where, the figures, what to do, and what it rests on.
func (p *told) finding(f check.Finding) {
	p.line(fmt.Sprintf("  %s  %s  [%s]", p.pick(f.Severity.Label()), p.pick(f.Text), f.Check))
	if place := p.place(f); place != "" {
		p.line("      " + p.words.where + place)
	}
	if f.Expected != "" || f.Found != "" {
		var figures []string
		if f.Expected != "" {
			figures = append(figures, p.words.expected+f.Expected)
		}
		if f.Found != "" {
			figures = append(figures, p.words.found+f.Found)
		}
		p.line("      " + strings.Join(figures, p.words.comma))
	}
	if remedy := p.pick(f.Remedy); remedy != "" {
		p.line("      " + p.words.remedy + remedy)
	}
	if basis := p.basis(f); basis != "" {
		p.line("      " + p.words.basis + basis)
	}
}

// place is where a finding is: table, row, column.
func (p *told) place(f check.Finding) string {
	var parts []string
	for _, l := range []law.Label{f.Table, f.Row, f.Column} {
		if s := p.pick(l); s != "" && (len(parts) == 0 || parts[len(parts)-1] != s) {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " ▸ ")
}

// basis is what a finding rests on: the place in the law, or that it is arithmetic or a reading.
func (p *told) basis(f check.Finding) string {
	s := p.pick(f.Source.Label())
	kind := map[form.Basis]string{form.Printed: p.words.printed, form.Arithmetic: p.words.arithmetic, form.Reading: p.words.reading}[f.Basis]
	switch {
	case s == "":
		return kind
	case kind == "":
		return s
	}
	return s + p.words.comma + kind
}

// table is the summary, empty.
func (w checkWords) table() table.Writer {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{w.file, w.organ, w.year, w.form, w.hard, w.cross, w.soft, w.result})
	t.SetColumnConfigs([]table.ColumnConfig{
		{Number: 1, WidthMax: 40, WidthMaxEnforcer: text.WrapHard},
		{Number: 2, WidthMax: 30, WidthMaxEnforcer: text.WrapHard},
		{Number: 5, Align: text.AlignRight},
		{Number: 6, Align: text.AlignRight},
		{Number: 7, Align: text.AlignRight},
	})
	return t
}

// summarize adds a file to the summary. Its strings are copied, as they may be parts of the whole document.
func (p *told) summarize(r checked) {
	p.files++
	file := filepath.Base(r.file)
	if r.err != nil {
		p.unreadable++
		p.summary.AppendRow(table.Row{file, "", "", "", "", "", "", p.words.notRead})
		return
	}
	counts, result := count(r.findings), p.words.passed
	if counts[check.Hard] > 0 {
		p.failed++
		result = p.words.failed
	} else {
		p.passed++
	}
	organ := strings.Clone(r.report.Organization)
	p.summary.AppendRow(table.Row{file, organ, year(r.report), r.report.Form.ID, counts[check.Hard], counts[check.Cross], counts[check.Soft], result})
}

func count(findings []check.Finding) map[check.Severity]int {
	counts := map[check.Severity]int{}
	for _, f := range findings {
		counts[f.Severity]++
	}
	return counts
}

func year(r *published.Report) string {
	if r.Year == 0 {
		return "?"
	}
	return strconv.Itoa(r.Year)
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// checkWords are what the checker says in one language.
type checkWords struct {
	unreadable, title, counts, where, expected, found, remedy, basis, comma     string
	printed, arithmetic, reading                                                string
	file, organ, year, form, hard, cross, soft, result, passed, failed, notRead string
	total                                                                       string
}

func checkChinese() checkWords {
	return checkWords{
		unreadable: "不能识别为年度报告：", title: "%s：%s，%s年度，%s年格式", counts: "  错误 %d，不一致 %d，提示 %d，说明 %d",
		where: "位置：", expected: "应为 ", found: "实为 ", remedy: "处理：", basis: "依据：", comma: "，",
		printed: "格式中载明", arithmetic: "计算关系", reading: "本系统的理解",
		file: "文件", organ: "单位", year: "年度", form: "格式", hard: "错误", cross: "不一致", soft: "提示", result: "结果",
		passed: "通过", failed: "有错误", notRead: "不能识别", total: "共 %d 个文件：通过 %d，有错误 %d，不能识别 %d",
	}
}

func checkEnglish() checkWords {
	return checkWords{
		unreadable: "not readable as an annual report: ", title: "%s: %s, %s, form %s", counts: "  %d errors, %d mismatches, %d hints, %d notes",
		where: "at ", expected: "expected ", found: "found ", remedy: "to do: ", basis: "basis: ", comma: ", ",
		printed: "printed on the form", arithmetic: "arithmetic", reading: "our reading",
		file: "File", organ: "Organisation", year: "Year", form: "Form", hard: "Errors", cross: "Mismatches", soft: "Hints", result: "Result",
		passed: "passed", failed: "errors", notRead: "not read", total: "%d files: %d passed, %d with errors, %d not readable",
	}
}

// checkedJSON is what came of one file, in JSON.
type checkedJSON struct {
	File         string                `json:"file"`
	Error        []errorJSON           `json:"error,omitempty"`
	Organization string                `json:"organization,omitempty"`
	Year         int                   `json:"year,omitempty"`
	Form         string                `json:"form,omitempty"`
	Counts       map[string]int        `json:"counts,omitempty"`
	Findings     []findingJSON         `json:"findings,omitempty"`
	Figures      map[string]figureJSON `json:"figures,omitempty"`
}

type errorJSON struct {
	Reason string `json:"reason,omitempty"`
	Text   string `json:"text"`
}

type findingJSON struct {
	Check    string `json:"check"`
	Severity string `json:"severity"`
	Part     string `json:"part,omitempty"`
	Table    string `json:"table,omitempty"`
	Row      string `json:"row,omitempty"`
	Column   string `json:"column,omitempty"`
	Cell     string `json:"cell,omitempty"`
	Expected string `json:"expected,omitempty"`
	Found    string `json:"found,omitempty"`
	Basis    string `json:"basis,omitempty"`
	Source   string `json:"source,omitempty"`
	Text     string `json:"text"`
	Remedy   string `json:"remedy,omitempty"`
}

// figureJSON is a figure as it was read: a count, or fen.
type figureJSON struct {
	Value int64  `json:"value"`
	State string `json:"state"`
	Raw   string `json:"raw"`
	Note  string `json:"note,omitempty"`
}

// toldJSON prints {"reports": […]}, one after the other.
type toldJSON struct {
	c     *reportCheckCommand
	w     io.Writer
	pick  func(law.Label) string
	files int
}

func (p *toldJSON) tell(r checked) error {
	before := ",\n  "
	if p.files == 0 {
		before = "{\"reports\": [\n  "
	}
	p.files++
	if _, err := io.WriteString(p.w, before); err != nil {
		return err
	}
	e := json.NewEncoder(p.w)
	e.SetEscapeHTML(false)
	e.SetIndent("  ", "  ")
	return e.Encode(p.c.json(r, p.pick))
}

func (p *toldJSON) end() error {
	_, err := io.WriteString(p.w, "]}\n") // there is one file at least
	return err
}

func (c *reportCheckCommand) json(r checked, pick func(law.Label) string) checkedJSON {
	out := checkedJSON{File: r.file}
	if r.err != nil {
		for _, text := range strings.Split(c.refused(r.err).Error(), "\n") {
			out.Error = append(out.Error, errorJSON{Text: text})
		}
		for i, reason := range law.Reasons(r.err) {
			out.Error[i].Reason = string(reason)
		}
		return out
	}
	out.Organization, out.Year, out.Form, out.Counts = r.report.Organization, r.report.Year, r.report.Form.ID, map[string]int{}
	for s, n := range count(r.findings) {
		out.Counts[severityNames[s]] = n
	}
	for _, f := range r.findings {
		if f.Severity > c.least() {
			continue
		}
		out.Findings = append(out.Findings, findingJSON{
			Check: f.Check, Severity: severityNames[f.Severity], Part: f.Part, Table: pick(f.Table), Row: pick(f.Row), Column: pick(f.Column), Cell: f.Cell,
			Expected: f.Expected, Found: f.Found, Basis: string(f.Basis), Source: pick(f.Source.Label()), Text: pick(f.Text), Remedy: pick(f.Remedy),
		})
	}
	if c.Figures {
		out.Figures = map[string]figureJSON{}
		for id, f := range r.report.Figures {
			out.Figures[id] = figureJSON{f.Value, f.State.String(), f.Raw, f.Note}
		}
	}
	return out
}
