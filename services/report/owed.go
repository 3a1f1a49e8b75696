package report

import (
	"context"
	"slices"

	apiv1 "gongkai/proto/gongkai/api/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/server"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"
)

// maxWalked is the most organisations that a list looks at for one page.
const maxWalked = 5000

// ListOwedReports lists who owes a report of a period, in an organisation and everything below it. Source: R2019 arts.
// 46, 47. Errors: NOT_FOUND, INVALID_ARGUMENT for a page token of another query, PERMISSION_DENIED.
func (s *Server) ListOwedReports(ctx context.Context, in *reportv1.ListOwedReportsRequest) (*reportv1.ListOwedReportsResponse, error) {
	after, size, err := server.Page(in, 100, 1000)
	if err != nil {
		return nil, err
	}
	n, err := parseName(in.GetName())
	if err != nil {
		return nil, err
	}
	if err := mayOversee(ctx, n.organization); err != nil {
		return nil, err
	}
	if err := s.meet(ctx, n.organization); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.existed(n); err != nil {
		return nil, err
	}
	within := s.within(n)
	begin, _ := slices.BinarySearch(within, organ.ID(after)+"\x00")
	out := &reportv1.ListOwedReportsResponse{}
	err = s.DB.View(ctx, func(r kv.Reader) error {
		dates := newDueDates(r, s.tree)
		for i, id := range within[begin:] {
			owed, err := s.owed(r, reportName{id, n.period}, dates)
			if err != nil {
				return err
			}
			if wanted(owed, in) {
				out.OwedReports = append(out.OwedReports, owed)
			}
			if more := begin+i+1 < len(within); more && (len(out.GetOwedReports()) == size || i+1 == maxWalked) {
				out.NextPageToken, err = server.NextPage(in, []byte(id))
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// mayOversee refuses who does not supervise or audit an organisation.
func mayOversee(ctx context.Context, id organ.ID) error {
	ok, err := oversees(ctx, id)
	if err == nil && !ok {
		err = fault.Denied(apiv1.Permission_PERMISSION_SUPERVISE, string(id))
	}
	return err
}

// oversees tells whether the caller supervises or audits an organisation.
func oversees(ctx context.Context, id organ.ID) (bool, error) {
	return holdsOne(ctx, string(id), apiv1.Permission_PERMISSION_SUPERVISE, apiv1.Permission_PERMISSION_AUDIT)
}

// within are an organisation and everything below it in a period, sorted. It must be called with s.mu held.
func (s *Server) within(n reportName) []organ.ID {
	seen := map[organ.ID]bool{n.organization: true}
	all := []organ.ID{n.organization}
	for i := 0; i < len(all); i++ {
		for _, child := range s.tree.ChildrenIn(all[i], n.period) {
			if !seen[child] {
				seen[child] = true
				all = append(all, child)
			}
		}
	}
	slices.Sort(all)
	return all
}

// owed is where an organisation stands that owes a report or has made one, nil for another. It must be called with s.mu
// held.
func (s *Server) owed(r kv.Reader, n reportName, dates *dueDates) (*reportv1.OwedReport, error) {
	l, err := s.standing(r, n, dates)
	if err != nil || l.status() == reportv1.RollupStatus_ROLLUP_STATUS_NOT_OWED {
		return nil, err
	}
	out := &reportv1.OwedReport{
		Organization: "organizations/" + string(n.organization), DisplayName: l.displayName, Status: l.status(), Version: l.report.GetVersion(),
		DueOn: l.due.on, DueByLaw: l.due.byLaw, DueSetBy: l.due.setBy, DaysLate: l.due.daysLate, ReturnReasons: l.report.GetReturnReasons(),
	}
	if path := s.tree.PathIn(n.organization, n.period); len(path) > 1 {
		out.Above = "organizations/" + string(path[1])
	}
	return out, nil
}

// standing is the part of a line that says who it is and where its report stands. It must be called with s.mu held.
func (s *Server) standing(r kv.Reader, n reportName, dates *dueDates) (line, error) {
	l := line{organization: n.organization, displayName: s.nameIn(n), ended: s.tree.EndedIn(n.organization, n.period)}
	o, _ := s.tree.Get(n.organization)
	if v := lastVersion(o, n); v != nil {
		l.owes, l.noReport = v.OwesReport, v.NoReportReason
	}
	stored, err := findReport(r, n)
	if err != nil {
		return line{}, err
	}
	l.report = stored.GetReport()
	if l.owes {
		l.due, err = dates.of(n, l.report, workday.On(s.Now()))
	}
	return l, err
}

func wanted(owed *reportv1.OwedReport, in *reportv1.ListOwedReportsRequest) bool {
	return owed != nil && (len(in.GetStatuses()) == 0 || slices.Contains(in.GetStatuses(), owed.GetStatus())) && (!in.GetLate() || owed.GetDaysLate() > 0)
}
