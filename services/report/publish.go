package report

import (
	"context"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/kv"
	"gongkai/services/law/form"
	"gongkai/services/law/workday"

	"google.golang.org/protobuf/types/known/timestamppb"
)

// PublishReport notes that an accepted report is published. Source: R2007 art. 31; R2019 art. 49. Errors: NOT_FOUND,
// ABORTED (old etag), FAILED_PRECONDITION if it is not accepted.
func (s *Server) PublishReport(ctx context.Context, in *reportv1.PublishReportRequest) (*reportv1.Report, error) {
	on, today := in.GetPublishedOn(), workday.On(s.Now())
	if on == nil {
		on = dateOf(today)
	}
	return s.change(ctx, in, published, func(_ kv.Tx, n reportName, report *reportv1.Report, at *stamp) error {
		if err := mayPublish(report.GetState(), n.period, day(on), today); err != nil {
			return err
		}
		report.State = reportv1.ReportState_REPORT_STATE_PUBLISHED
		report.PublishTime, report.PublishedOn = timestamppb.New(at.At), on
		return nil
	})
}

// CorrectReport makes a new version of a published report; the one before stays readable. The submitted totals follow
// in the same transaction. Source: R2019 art. 6(2). Errors: NOT_FOUND, ABORTED (old etag), INVALID_ARGUMENT naming the
// field, FAILED_PRECONDITION if it is not published or does not pass the checks.
func (s *Server) CorrectReport(ctx context.Context, in *reportv1.CorrectReportRequest) (*reportv1.Report, error) {
	s.mu.RLock()
	report, err := s.correct(ctx, in)
	s.mu.RUnlock()
	return s.dated(ctx, report, err)
}

func (s *Server) correct(ctx context.Context, in *reportv1.CorrectReportRequest) (*reportv1.Report, error) {
	return s.transition(ctx, in, corrected, func(tx kv.Tx, n reportName, report *reportv1.Report, at *stamp) error {
		if err := mayCorrect(report.GetState()); err != nil {
			return err
		}
		f, err := s.Forms.For(n.period)
		if err != nil {
			return err
		}
		at.before = reportFacts(n, report)
		if err := amend(f, report, in); err != nil {
			return err
		}
		if err := s.widen(tx, n, f, report); err != nil {
			return err
		}
		if err := s.tellFigures(tx, n, f, report); err != nil {
			return err
		}
		if err := f.Check(figuresIn(report), narrativesIn(report)); err != nil {
			return err
		}
		if err := s.passes(tx, n, f, report); err != nil {
			return err
		}
		report.Version++
		report.Corrections = append(report.Corrections, &reportv1.Correction{
			Version: report.GetVersion(), Reason: in.GetReason(), CorrectedBy: in.GetCorrectedBy(), CorrectTime: timestamppb.New(at.At),
		})
		deltas := make(map[string]int64)
		for _, fact := range at.before {
			deltas[fact.GetMeasure()] -= fact.GetValue()
		}
		for _, fact := range reportFacts(n, report) {
			deltas[fact.GetMeasure()] += fact.GetValue()
		}
		path := s.tree.PathIn(n.organization, n.period)
		for cell, delta := range deltas {
			if err := addAlong(tx, submitted, path, n.period, cell, delta); err != nil {
				return err
			}
		}
		return nil
	})
}

// amend puts corrected figures and texts into a report, of which the organisation's own figures are left. Sums follow,
// and what is carried forward.
func amend(f *form.Form, report *reportv1.Report, in *reportv1.CorrectReportRequest) error {
	own := ownFigures(report)
	figures := formFigures(own)
	if err := typeIn(f, figures, in.GetTypedFigures()); err != nil {
		return err
	}
	narratives, err := mergeNarratives(f, givenTexts(report), in.GetNarratives())
	if err != nil {
		return err
	}
	said := append(own, in.GetTypedFigures()...)
	report.Figures, report.Narratives = figureMessages(f, figures, said), narratives
	return nil
}
