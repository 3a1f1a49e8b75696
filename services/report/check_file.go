package report

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/law"
	"gongkai/services/law/form"
	"gongkai/services/law/form/check"
	reading "gongkai/services/report/published"
)

// fileTime is the time in which a file has to be read.
const fileTime = 30 * time.Second

// CheckReportFile checks a published report as the file that it is. It needs neither store nor records. Errors:
// INVALID_ARGUMENT naming the file that cannot be read as a report.
func (s *Server) CheckReportFile(ctx context.Context, in *reportv1.CheckReportFileRequest) (*reportv1.CheckReportFileResponse, error) {
	select { // reading takes time and memory: as many at once as there are processors
	case s.readers <- struct{}{}:
		defer func() { <-s.readers }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	report, err := s.readFile(ctx, "file", in.GetFile())
	if err != nil {
		return nil, err
	}
	input := check.Input{Report: report.Checked(), Forms: s.Forms}
	if input.Previous, err = s.readFiles(ctx, "previous", in.GetPrevious()); err != nil {
		return nil, err
	}
	below, err := s.readFiles(ctx, "below", in.GetBelow())
	if err != nil {
		return nil, err
	}
	if below != nil {
		input.Below = &check.Below{Children: below, Whole: in.GetComplete()}
	}
	found := findingMessages(report.Check(input), nil)
	return &reportv1.CheckReportFileResponse{Findings: found.GetFindings(), Blocking: found.GetBlocking(), Report: fileMessage(report, input.Report)}, nil
}

func (s *Server) readFiles(ctx context.Context, field string, files []*reportv1.ReportFile) ([]check.Report, error) {
	var all []check.Report
	for i, f := range files {
		r, err := s.readFile(ctx, fmt.Sprintf("%s[%d]", field, i), f)
		if err != nil {
			return nil, err
		}
		one := r.Checked()
		one.Narratives = nil
		all = append(all, one)
	}
	return all, nil
}

// readFile reads one file. What is wrong with it is told of its field.
func (s *Server) readFile(ctx context.Context, field string, f *reportv1.ReportFile) (*reading.Report, error) {
	ctx, cancel := context.WithTimeout(ctx, fileTime)
	defer cancel()
	hints := reading.Hints{Form: strings.TrimPrefix(f.GetForm(), "reportForms/"), Year: int(f.GetYear())}
	content := f.GetContent()
	r, err := reading.ReadFile(ctx, bytes.NewReader(content), int64(len(content)), f.GetName(), s.Forms, hints)
	var broken *law.Breach
	if !errors.As(err, &broken) {
		return r, err
	}
	found := slices.Clone(broken.Violations)
	for i := range found {
		found[i].Field = field
	}
	return nil, fault.Fields(found...)
}

// fileMessage is what a file was read as.
func fileMessage(r *reading.Report, c check.Report) *reportv1.CheckedReport {
	out := &reportv1.CheckedReport{Form: "reportForms/" + r.Form.ID, OrganizationName: clipName(r.Organization), Published: true}
	if c.Period.Kind() != 0 {
		out.Period = c.Period.String()
	}
	for _, id := range slices.Sorted(maps.Keys(c.Figures)) {
		f := c.Figures[id]
		if f.State == form.Unknown || f.State == form.Unfilled {
			continue
		}
		m := &reportv1.Figure{Cell: id, Value: count(f.Value), State: figureStates[f.State], Text: f.Text}
		if int64(m.GetValue()) != f.Value {
			m.Fen = f.Value
		}
		out.Figures = append(out.Figures, m)
	}
	return out
}

func clipName(name string) string {
	if r := []rune(name); len(r) > 200 {
		return string(r[:200])
	}
	return name
}
