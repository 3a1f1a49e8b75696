package report

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strconv"

	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/server"
	"gongkai/services/law"
	"gongkai/services/law/deadline"
	"gongkai/services/law/workday"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// SetDueDates sets the dates by which the reports of a year are due in a leading group's area. Source: R2019 arts. 46,
// 49. Errors: NOT_FOUND, ABORTED (old etag), INVALID_ARGUMENT for a kind named twice, FAILED_PRECONDITION naming each
// date that is later than the law's or lies within the year.
func (s *Server) SetDueDates(ctx context.Context, in *reportv1.SetDueDatesRequest) (*reportv1.DueDates, error) {
	n, err := parseName(in.GetName())
	if err != nil {
		return nil, err
	}
	set, err := settings(n.period, in)
	if err != nil {
		return nil, err
	}
	if err := s.meet(ctx, n.organization); err != nil {
		return nil, err
	}
	at := s.stamp(ctx)
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.existed(n); err != nil {
		return nil, err
	}
	return server.Write(ctx, s.DB, at.Stamp, in, loadDueDates, func(tx kv.Tx) (*reportv1.DueDates, error) {
		all, err := findDueDates(tx, n)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = &reportv1.DueDates{Name: in.GetName(), Etag: "0"}
		}
		if err := server.MatchEtag(all, all.GetEtag(), in.GetEtag()); err != nil {
			return nil, err
		}
		for _, dated := range set {
			all.Dates = slices.DeleteFunc(all.GetDates(), func(old *reportv1.DueDate) bool { return old.GetKind() == dated.GetKind() })
			if dated.GetDueOn() != nil {
				dated.SetTime = timestamppb.New(at.At)
				all.Dates = append(all.Dates, dated)
			}
		}
		slices.SortFunc(all.Dates, func(a, b *reportv1.DueDate) int { return cmp.Compare(a.GetKind(), b.GetKind()) })
		return all, s.saveDueDates(tx, at, n, all)
	})
}

// settings are the dates that a request sets, each with the one of the law.
func settings(p workday.Period, in *reportv1.SetDueDatesRequest) ([]*reportv1.DueDate, error) {
	var set []*reportv1.DueDate
	var wrong law.Breach
	seen := make(map[reportv1.ReporterKind]bool)
	for i, dated := range in.GetDates() {
		field := fmt.Sprintf("dates[%d]", i)
		if seen[dated.GetKind()] {
			return nil, fault.Field(field+".kind", "NOT_UNIQUE")
		}
		seen[dated.GetKind()] = true
		var on workday.Date
		if dated.GetDueOn() != nil {
			on = day(dated.GetDueOn())
		}
		due, err := deadline.ReportDue(reporters[dated.GetKind()], p, on)
		var breach *law.Breach
		switch {
		case errors.As(err, &breach):
			for _, v := range breach.Violations {
				v.Field = field + ".due_on"
				wrong.Violations = append(wrong.Violations, v)
			}
		case err != nil:
			return nil, err
		default:
			set = append(set, &reportv1.DueDate{
				Kind: dated.GetKind(), DueOn: dated.GetDueOn(), DueByLaw: dateOf(due.ByLaw), SetBy: in.GetSetBy(), Reason: in.GetReason(),
			})
		}
	}
	if len(wrong.Violations) > 0 {
		return nil, &wrong
	}
	return set, nil
}

// saveDueDates stores the dates and logs them.
func (s *Server) saveDueDates(tx kv.Tx, at stamp, n reportName, all *reportv1.DueDates) error {
	revision, err := strconv.ParseInt(all.GetEtag(), 10, 64)
	if err != nil {
		return fmt.Errorf("read revision of %s: %w", all.GetName(), err)
	}
	all.Etag, all.UpdateTime = fmt.Sprint(revision+1), timestamppb.New(at.At)
	value, err := put(tx, dueSettings, periodKey(n.organization, n.period), all)
	if err != nil {
		return err
	}
	return s.logBeside(tx, at, dueSet, all.GetName(), revision+1, value, all)
}

// logBeside logs something that is kept beside the reports, and has no facts.
func (s *Server) logBeside(tx kv.Tx, at stamp, kind, name string, revision int64, value []byte, m proto.Message) error {
	state, err := anypb.New(m)
	if err != nil {
		return fmt.Errorf("log %s: %w", name, err)
	}
	hash := sha256.Sum256(value)
	entry := &logv1.Entry{
		Kind: kind, Resource: name, Revision: revision, HappenedOn: dateOf(workday.On(at.At)), RecordedAt: timestamppb.New(at.At),
		Actor: at.Actor, Authority: at.Authority, ContentSha256: hash[:], State: state,
	}
	if err := s.Log.Append(tx, entry, at.salt, false); err != nil {
		return fmt.Errorf("log %s: %w", name, err)
	}
	return nil
}

// findDueDates are the dates that an organisation's leading group has set for a period; nil if it has set none.
func findDueDates(r kv.Reader, n reportName) (*reportv1.DueDates, error) {
	all := &reportv1.DueDates{}
	found, err := get(r, dueSettings, periodKey(n.organization, n.period), all)
	if err != nil || !found {
		return nil, err
	}
	return all, nil
}

func loadDueDates(r kv.Reader, name string) (*reportv1.DueDates, error) {
	n, err := parseName(name)
	if err != nil {
		return nil, err
	}
	all, err := findDueDates(r, n)
	if err == nil && all == nil {
		err = fault.NotFound(name)
	}
	return all, err
}

// GetDueDates gets the dates that an organisation's leading group has set for the reports of a year. Errors: NOT_FOUND.
func (s *Server) GetDueDates(ctx context.Context, in *reportv1.GetDueDatesRequest) (*reportv1.DueDates, error) {
	var all *reportv1.DueDates
	err := s.DB.View(ctx, func(r kv.Reader) (err error) {
		all, err = loadDueDates(r, in.GetName())
		return err
	})
	return all, err
}
