package report

import (
	"context"
	"strings"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/fault"
)

// GetReportForm gets a report form. Errors: NOT_FOUND.
func (s *Server) GetReportForm(_ context.Context, in *reportv1.GetReportFormRequest) (*reportv1.ReportForm, error) {
	f, ok := s.Forms.Get(strings.TrimPrefix(in.GetName(), "reportForms/"))
	if !ok {
		return nil, fault.NotFound(in.GetName())
	}
	return formMessage(f), nil
}

// ListReportForms lists the report forms, the oldest first.
func (s *Server) ListReportForms(context.Context, *reportv1.ListReportFormsRequest) (*reportv1.ListReportFormsResponse, error) {
	out := &reportv1.ListReportFormsResponse{}
	for i := range s.Forms {
		out.ReportForms = append(out.ReportForms, formMessage(&s.Forms[i]))
	}
	return out, nil
}
