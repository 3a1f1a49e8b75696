package report

import (
	"context"
	"fmt"
	"slices"

	apiv1 "gongkai/proto/gongkai/api/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/server"
	"gongkai/services/law"
	"gongkai/services/law/form"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"

	"google.golang.org/protobuf/types/known/timestamppb"
)

// CompileReport compiles a report from the records as they are now: a new draft, or a draft or returned
// report anew. Source: R2007 art. 31; R2019 art. 49. Errors: NOT_FOUND, ABORTED (old etag),
// INVALID_ARGUMENT naming the field, FAILED_PRECONDITION with the broken rule.
func (s *Server) CompileReport(ctx context.Context, in *reportv1.CompileReportRequest) (*reportv1.Report, error) {
	n, err := parseParts("period", access.OrganizationOf(in.GetParent()), in.GetPeriod())
	if err != nil {
		return nil, err
	}
	f, err := s.Forms.For(n.period)
	if err != nil {
		return nil, err
	}
	if err := s.catchUp(ctx); err != nil {
		return nil, err
	}
	report, err := s.compile(ctx, n, f, in)
	return s.dated(ctx, report, err)
}

func (s *Server) compile(ctx context.Context, n reportName, f *form.Form, in *reportv1.CompileReportRequest) (*reportv1.Report, error) {
	at := s.stamp(ctx)
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.existed(n); err != nil {
		return nil, err
	}
	return server.Write(ctx, s.DB, at.Stamp, in, s.load, func(tx kv.Tx) (*reportv1.Report, error) {
		stored, err := findReport(tx, n)
		if err != nil {
			return nil, err
		}
		if stored == nil {
			stored = &storev1.StoredReport{Report: &reportv1.Report{Name: n.String(), CreateTime: timestamppb.New(at.At)}}
		}
		report := stored.GetReport()
		if err := server.MatchEtag(report, report.GetEtag(), in.GetEtag()); err != nil {
			return nil, err
		}
		if err := mayCompile(report.GetState()); err != nil {
			return nil, err
		}
		if err := s.fill(tx, n, f, report, in); err != nil {
			return nil, err
		}
		return report, s.save(tx, at, n, stored, compiled)
	})
}

// fill fills a report from the totals and from what the organisation adds to them.
func (s *Server) fill(tx kv.Tx, n reportName, f *form.Form, report *reportv1.Report, in *reportv1.CompileReportRequest) error {
	measures, err := s.ownMeasures(tx, n, f, true)
	if err != nil {
		return err
	}
	others, err := givenFigures(tx, n)
	if err != nil {
		return err
	}
	figures, err := figuresOf(f, measures, others.GetFigures(), in.GetTypedFigures(), in.GetStatedNone(), s.organ(n))
	if err != nil {
		return err
	}
	narratives, err := mergeNarratives(f, givenTexts(report), in.GetNarratives())
	if err != nil {
		return err
	}
	basis, err := positions(tx)
	if err != nil {
		return err
	}
	if in.GetScope() != reportv1.RollupScope_ROLLUP_SCOPE_UNSPECIFIED {
		report.Scope = in.GetScope()
	}
	report.Form = "reportForms/" + f.ID
	report.State = reportv1.ReportState_REPORT_STATE_DRAFT
	report.Figures = figureMessages(f, figures, slices.Concat(others.GetFigures(), in.GetTypedFigures()))
	report.Narratives = narratives
	report.CompiledFrom = basis
	if err := s.widen(tx, n, f, report); err != nil {
		return err
	}
	return s.tellFigures(tx, n, f, report)
}

// ownMeasures are an organisation's own totals of a period, with the stocks that the form asks for, in which the requests
// of predecessors are: in a report also of those that ended in the period. It must be called with s.mu held.
func (s *Server) ownMeasures(r kv.Reader, n reportName, f *form.Form, reporting bool) (map[string]int64, error) {
	measures := make(map[string]int64)
	if err := s.ownFlows(r, n, measures); err != nil || !hasStocks(f) {
		return measures, err
	}
	predecessors, err := s.predecessors(r, n, reporting)
	if err != nil {
		return nil, err
	}
	return measures, addOwnStocks(r, n, predecessors, measures)
}

// ownFlows adds what an organisation's own facts count in a period: the sum of at most twelve months, or, of one with
// nobody below it, what its subtree counts, in a row a measure.
func (s *Server) ownFlows(r kv.Reader, n reportName, into map[string]int64) error {
	if len(s.tree.ChildrenIn(n.organization, n.period)) > 0 {
		return sumMonths(r, ownTotals, n.organization, n.period, into)
	}
	return sum(r, recordTotals, n.organization, n.period, into)
}

// SubmitReport submits a draft. Source: R2007 art. 31; R2019 arts. 49, 50. Errors: NOT_FOUND, ABORTED (old
// etag), FAILED_PRECONDITION naming every broken rule.
func (s *Server) SubmitReport(ctx context.Context, in *reportv1.SubmitReportRequest) (*reportv1.Report, error) {
	s.mu.RLock()
	report, err := s.submit(ctx, in)
	s.mu.RUnlock()
	return s.dated(ctx, report, err)
}

// submit submits a draft that passes the checks. It must be called with s.mu held for reading.
func (s *Server) submit(ctx context.Context, in *reportv1.SubmitReportRequest) (*reportv1.Report, error) {
	today := workday.On(s.Now())
	return s.transition(ctx, in, submit, func(tx kv.Tx, n reportName, report *reportv1.Report, at *stamp) error {
		if err := maySubmit(report.GetState(), n.period, today); err != nil {
			return err
		}
		f, err := s.Forms.For(n.period)
		if err != nil {
			return err
		}
		if err := f.Check(figuresIn(report), narrativesIn(report)); err != nil {
			return err
		}
		if err := s.passes(tx, n, f, report); err != nil {
			return err
		}
		report.State = reportv1.ReportState_REPORT_STATE_SUBMITTED
		report.Version++
		report.SubmitTime = timestamppb.New(at.At)
		return nil
	})
}

// ReturnReport returns a submitted report with reasons. Source: R2019 art. 47. Errors: NOT_FOUND, ABORTED
// (old etag), INVALID_ARGUMENT for a reason about a cell that the form does not have, FAILED_PRECONDITION
// if it is not submitted.
func (s *Server) ReturnReport(ctx context.Context, in *reportv1.ReturnReportRequest) (*reportv1.Report, error) {
	return s.change(ctx, in, returned, func(_ kv.Tx, n reportName, report *reportv1.Report, _ *stamp) error {
		if err := mayJudge(report.GetState()); err != nil {
			return err
		}
		f, err := s.Forms.For(n.period)
		if err != nil {
			return err
		}
		if err := checkReasons(f, in.GetReasons()); err != nil {
			return err
		}
		report.State = reportv1.ReportState_REPORT_STATE_RETURNED
		report.ReturnReasons = in.GetReasons()
		return nil
	})
}

func checkReasons(f *form.Form, reasons []*reportv1.ReturnReason) error {
	var wrong []law.Violation
	for i, r := range reasons {
		_, cell := f.Cell(r.GetCell())
		_, part := f.Part(r.GetCell())
		if r.GetCell() != "" && !cell && !part {
			wrong = append(wrong, law.Violation{
				Field: fmt.Sprintf("reasons[%d].cell", i), Reason: form.UnknownCell, Values: map[string]string{"cell": r.GetCell(), "form": f.ID},
			})
		}
	}
	if len(wrong) > 0 {
		return fault.Fields(wrong...)
	}
	return nil
}

// AcceptReport accepts a submitted report and seals its period: from now on, facts of the period are late.
// Its figures join the submitted totals of everything above it, in the same transaction. Errors:
// NOT_FOUND, ABORTED (old etag), FAILED_PRECONDITION if it is not submitted.
func (s *Server) AcceptReport(ctx context.Context, in *reportv1.AcceptReportRequest) (*reportv1.Report, error) {
	report, err := s.accept(ctx, in)
	return s.dated(ctx, report, err)
}

func (s *Server) accept(ctx context.Context, in *reportv1.AcceptReportRequest) (*reportv1.Report, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.transition(ctx, in, accepted, func(tx kv.Tx, n reportName, report *reportv1.Report, at *stamp) error {
		if err := mayJudge(report.GetState()); err != nil {
			return err
		}
		basis, err := positions(tx)
		if err != nil {
			return err
		}
		report.State = reportv1.ReportState_REPORT_STATE_ACCEPTED
		report.AcceptTime = timestamppb.New(at.At)
		report.Seal = &reportv1.Seal{Feeds: basis}
		if err := putSeal(tx, n.organization, n.period, report.GetSeal()); err != nil {
			return err
		}
		path := s.tree.PathIn(n.organization, n.period)
		for _, fact := range reportFacts(n, report) {
			if err := addAlong(tx, submitted, path, n.period, fact.GetMeasure(), fact.GetValue()); err != nil {
				return err
			}
		}
		return nil
	})
}

// verb is a request that takes one report to its next state.
type verb interface {
	server.Mutation
	GetName() string
	GetEtag() string
}

// change takes a report through one verb, and says when it is due.
func (s *Server) change(ctx context.Context, in verb, kind string, rule func(kv.Tx, reportName, *reportv1.Report, *stamp) error) (*reportv1.Report, error) {
	report, err := s.transition(ctx, in, kind, rule)
	return s.dated(ctx, report, err)
}

// transition is one verb: load, rule, save.
func (s *Server) transition(ctx context.Context, in verb, kind string, rule func(kv.Tx, reportName, *reportv1.Report, *stamp) error) (*reportv1.Report, error) {
	n, err := parseName(in.GetName())
	if err != nil {
		return nil, err
	}
	at := s.stamp(ctx)
	return server.Write(ctx, s.DB, at.Stamp, in, s.load, func(tx kv.Tx) (*reportv1.Report, error) {
		stored, err := getReport(tx, n)
		if err != nil {
			return nil, err
		}
		report := stored.GetReport()
		if err := server.MatchEtag(report, report.GetEtag(), in.GetEtag()); err != nil {
			return nil, err
		}
		at := at // the function may run again
		if err := rule(tx, n, report, &at); err != nil {
			return nil, err
		}
		return report, s.save(tx, at, n, stored, kind)
	})
}

// load reads a report by its name, for a call that is repeated.
func (s *Server) load(r kv.Reader, name string) (*reportv1.Report, error) {
	n, err := parseName(name)
	if err != nil {
		return nil, err
	}
	stored, err := getReport(r, n)
	return stored.GetReport(), err
}

// GetReport gets a report; the public sees an accepted one only. Errors: NOT_FOUND.
func (s *Server) GetReport(ctx context.Context, in *reportv1.GetReportRequest) (*reportv1.Report, error) {
	n, err := parseName(in.GetName())
	if err != nil {
		return nil, err
	}
	all, err := seesAll(ctx, string(n.organization))
	if err != nil {
		return nil, err
	}
	var stored *storev1.StoredReport
	err = s.DB.View(ctx, func(r kv.Reader) (err error) {
		if in.GetVersion() > 0 {
			stored, err = getVersion(r, n, in.GetVersion())
		} else {
			stored, err = getReport(r, n)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if !all && !isAccepted(stored.GetReport()) {
		return nil, fault.NotFound(in.GetName())
	}
	return s.dated(ctx, shown(stored.GetReport(), all), nil)
}

// ListReports lists an organisation's reports by period; the public sees accepted ones only. Errors:
// INVALID_ARGUMENT for a page token of another query.
func (s *Server) ListReports(ctx context.Context, in *reportv1.ListReportsRequest) (*reportv1.ListReportsResponse, error) {
	after, size, err := server.Page(in, 50, 1000)
	if err != nil {
		return nil, err
	}
	id, err := organ.ParseID(access.OrganizationOf(in.GetParent()))
	if err != nil {
		return nil, fault.Field("parent", "BAD_FORMAT")
	}
	if err := s.meet(ctx, id); err != nil {
		return nil, err
	}
	if !s.knows(id) {
		return nil, fault.NotFound(in.GetParent())
	}
	all, err := seesAll(ctx, string(id))
	if err != nil {
		return nil, err
	}
	out := &reportv1.ListReportsResponse{}
	err = s.DB.View(ctx, func(r kv.Reader) error {
		var last []byte
		for stored, err := range reportsOf(r, id, after) {
			if err != nil {
				return err
			}
			report := stored.GetReport()
			if !all && !isAccepted(report) {
				continue
			}
			if len(out.GetReports()) == size {
				out.NextPageToken, err = server.NextPage(in, last)
				return err
			}
			out.Reports = append(out.Reports, shown(report, all))
			at, err := parseName(report.GetName())
			if err != nil {
				return err
			}
			last = periodKey(at.organization, at.period)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, s.date(ctx, out.GetReports()...)
}

// shown is a report as the caller sees it.
func shown(r *reportv1.Report, all bool) *reportv1.Report {
	if !all {
		r = forAll(r)
	}
	r.AcceptedOnly = !all
	return r
}

// forAll leaves out what only the organisation and its supervisors see.
func forAll(r *reportv1.Report) *reportv1.Report {
	r.ReturnReasons, r.Verdicts, r.NarrativeTemplates, r.SignedCopies = nil, nil, nil, acceptedCopies(r)
	if r.GetBelow() != nil {
		r.Below.Missing, r.Below.MissingOrganizations = 0, nil
	}
	return r
}

// seesAll tells whether the caller sees more of an organisation's reports than those that are accepted.
func seesAll(ctx context.Context, organization string) (bool, error) {
	return holdsOne(ctx, organization, apiv1.Permission_PERMISSION_READ, apiv1.Permission_PERMISSION_SUPERVISE, apiv1.Permission_PERMISSION_AUDIT)
}

// holdsOne tells whether the caller holds one of several permissions in an organisation.
func holdsOne(ctx context.Context, organization string, permissions ...apiv1.Permission) (bool, error) {
	for _, p := range permissions {
		if ok, err := access.Allows(ctx, p, organization); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

// knows tells whether the directory has ever had an organisation.
func (s *Server) knows(id organ.ID) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, known := s.tree.Get(id)
	return known
}

// existed refuses a report of an organisation that is unknown, or had no place in the period.
func (s *Server) existed(n reportName) error {
	o, ok := s.tree.Get(n.organization)
	if !ok || len(o.Versions) == 0 {
		return fault.NotFound("organizations/" + string(n.organization))
	}
	_, standing := o.At(n.period.Last())
	broken := law.Under(source(n.period))
	broken.If(!standing && !s.tree.EndedIn(n.organization, n.period), AbsentInPeriod, "period",
		"organization", "organizations/"+string(n.organization), "period", n.period.String())
	return broken.Err()
}

func (s *Server) stamp(ctx context.Context) stamp {
	return stamp{Stamp: server.NewStamp(ctx, s.Now()), salt: eventlog.NewSalt()}
}
