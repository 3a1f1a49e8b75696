package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/law/deadline"
	"gongkai/services/law/workday"

	"github.com/jedib0t/go-pretty/v6/table"
	"google.golang.org/genproto/googleapis/type/date"
)

// reportDueCommand shows the dates by which the reports of a year are due in a leading group's area, or sets them.
type reportDueCommand struct {
	remote
	Organization string `required:"" placeholder:"CODE" help:"Organisation whose leading group sets the dates. (机关代码)"`
	Year         string `required:"" placeholder:"YEAR" help:"Year reported on. (报告年度)"`
	Department   string `placeholder:"DATE" help:"Date for departments of governments at county level and above, as 2024-01-26; none: the law's again. (县级以上部门)"`
	Government   string `placeholder:"DATE" help:"Date for governments at county level and above. (县级以上政府)"`
	Township     string `placeholder:"DATE" help:"Date for townships and sub-district offices. (乡镇、街道)"`
	By           string `placeholder:"NAME" help:"Who sets the dates. (设定人)"`
	Reason       string `placeholder:"TEXT" help:"Document that they stand in. (依据)"`
}

// reporterKinds are the kinds of organ that the dates tell apart.
var reporterKinds = []struct {
	kind reportv1.ReporterKind
	law  deadline.Reporter
	flag func(*reportDueCommand) string
}{
	{reportv1.ReporterKind_REPORTER_KIND_DEPARTMENT, deadline.Department, func(c *reportDueCommand) string { return c.Department }},
	{reportv1.ReporterKind_REPORTER_KIND_GOVERNMENT, deadline.Government, func(c *reportDueCommand) string { return c.Government }},
	{reportv1.ReporterKind_REPORTER_KIND_TOWNSHIP, deadline.Township, func(c *reportDueCommand) string { return c.Township }},
}

// Run sets the dates that were given, and shows all.
func (c *reportDueCommand) Run(s streams) error {
	year, err := workday.ParsePeriod(c.Year)
	if err != nil || year.Kind() != workday.Year {
		return fmt.Errorf("--year %q is no year, as 2023 (年度有误)", c.Year)
	}
	in := &reportv1.SetDueDatesRequest{SetBy: c.By, Reason: c.Reason}
	for _, k := range reporterKinds {
		text := k.flag(c)
		if text == "" {
			continue
		}
		dated := &reportv1.DueDateSetting{Kind: k.kind}
		if text != "none" {
			on, err := workday.Parse(text)
			if err != nil {
				return fmt.Errorf("%q is no date, as 2024-01-26 (日期有误)", text)
			}
			dated.DueOn = &date.Date{Year: int32(on.Year), Month: int32(on.Month), Day: int32(on.Day)}
		}
		in.Dates = append(in.Dates, dated)
	}
	if len(in.GetDates()) > 0 && c.By == "" {
		return errors.New("--by: name who sets the dates (请用 --by 写明设定人)")
	}
	ctx, stop := interrupted()
	defer stop()
	path, out := "/v1/organizations/"+url.PathEscape(c.Organization)+"/dueDates/"+c.Year, &reportv1.DueDates{}
	if len(in.GetDates()) > 0 {
		err = c.ask(ctx, http.MethodPost, path+":set", in, out)
	} else {
		err = c.ask(ctx, http.MethodGet, path, nil, out)
	}
	var refused declined
	if err != nil && !(len(in.GetDates()) == 0 && errors.As(err, &refused) && refused.code == http.StatusNotFound) { // nothing is set: the law's hold
		return err
	}
	return c.print(s.out, year, out)
}

// print writes the dates of each kind of organ: the one that holds, the law's, who has set it and why.
func (c *reportDueCommand) print(w io.Writer, year workday.Period, dates *reportv1.DueDates) error {
	set := make(map[reportv1.ReporterKind]*reportv1.DueDate)
	for _, d := range dates.GetDates() {
		set[d.GetKind()] = d
	}
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	header := table.Row{"机关类别", "报送期限", "法定期限", "设定人", "依据"}
	if c.Lang == "en" {
		header = table.Row{"Kind of organ", "Due", "By law", "Set by", "Reason"}
	}
	t.AppendHeader(header)
	for _, k := range reporterKinds {
		due, err := deadline.ReportDue(k.law, year, workday.Date{})
		if err != nil {
			return err
		}
		kind := k.law.Label().Zh
		if c.Lang == "en" {
			kind = k.law.Label().En
		}
		d := set[k.kind]
		t.AppendRow(table.Row{kind, cmp.Or(writtenDate(d.GetDueOn()), due.On.String()), due.ByLaw, d.GetSetBy(), d.GetReason()})
	}
	_, err := fmt.Fprintln(w, t.Render())
	return err
}

// writtenDate is a date as 2024-01-26; empty for none.
func writtenDate(d *date.Date) string {
	if d == nil {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.GetYear(), d.GetMonth(), d.GetDay())
}
