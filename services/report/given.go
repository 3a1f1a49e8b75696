package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/server"
	"gongkai/services/law"
	"gongkai/services/law/form"

	"google.golang.org/protobuf/types/known/timestamppb"
)

// CellFromRecords is the reason of a figure for a cell that records feed. Values: cell, cell_zh, cell_en.
const CellFromRecords law.Reason = "CELL_FROM_RECORDS"

// GiveFigures takes figures that another system knows. Errors: NOT_FOUND, INVALID_ARGUMENT naming the cell,
// FAILED_PRECONDITION for a period without a form.
func (s *Server) GiveFigures(ctx context.Context, in *reportv1.GiveFiguresRequest) (*reportv1.GivenFigures, error) {
	n, err := parseParts("period", access.OrganizationOf(in.GetParent()), in.GetPeriod())
	if err != nil {
		return nil, err
	}
	f, err := s.Forms.For(n.period)
	if err != nil {
		return nil, err
	}
	if err := checkGiven(f, in.GetFigures()); err != nil {
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
	load := func(r kv.Reader, name string) (*reportv1.GivenFigures, error) {
		at, err := parseName(name)
		if err != nil {
			return nil, err
		}
		return givenFigures(r, at)
	}
	return server.Write(ctx, s.DB, at.Stamp, in, load, func(tx kv.Tx) (*reportv1.GivenFigures, error) {
		all, err := givenFigures(tx, n)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = &reportv1.GivenFigures{Name: givenName(n)}
		}
		for _, figure := range in.GetFigures() {
			all.Figures = slices.DeleteFunc(all.GetFigures(), func(old *reportv1.Figure) bool { return old.GetCell() == figure.GetCell() })
			all.Figures = append(all.Figures, &reportv1.Figure{
				Cell: figure.GetCell(), Value: figure.GetValue(), Fen: figure.GetFen(), State: reportv1.FigureState_FIGURE_STATE_GIVEN,
				Source: in.GetSource(), Reason: figure.GetReason(),
			})
		}
		slices.SortFunc(all.Figures, func(a, b *reportv1.Figure) int { return cmp.Compare(a.GetCell(), b.GetCell()) })
		all.UpdateTime = timestamppb.New(at.At)
		return all, s.saveGiven(tx, at, n, all)
	})
}

// checkGiven refuses figures of cells that the form does not have, or that follow from others.
func checkGiven(f *form.Form, figures []*reportv1.Figure) error {
	var wrong []law.Violation
	for i, figure := range figures {
		field := fmt.Sprintf("figures[%d]", i)
		cell, known := f.Cell(figure.GetCell())
		switch {
		case !known:
			wrong = append(wrong, law.Violation{Field: field + ".cell", Reason: form.UnknownCell, Values: map[string]string{"cell": figure.GetCell(), "form": f.ID}})
		case len(cell.Sum) > 0:
			wrong = append(wrong, law.Violation{Field: field + ".cell", Reason: CellIsSum, Values: named(cell)})
		case !unrecorded(cell):
			wrong = append(wrong, law.Violation{Field: field + ".cell", Reason: CellFromRecords, Values: named(cell)})
		case valueOf(figure) < 0 && !cell.Signed:
			wrong = append(wrong, law.Violation{Field: field + ".value", Reason: form.NegativeFigure, Values: named(cell, "value", fmt.Sprint(valueOf(figure)))})
		}
	}
	if len(wrong) > 0 {
		return fault.Fields(wrong...)
	}
	return nil
}

// saveGiven stores the figures and logs them. The entry has no facts: they count once they are in an accepted report.
func (s *Server) saveGiven(tx kv.Tx, at stamp, n reportName, all *reportv1.GivenFigures) error {
	value, err := put(tx, givens, periodKey(n.organization, n.period), all)
	if err != nil {
		return err
	}
	return s.logBeside(tx, at, given, all.GetName(), 0, value, all)
}

// givenFigures are the figures that other systems gave for a period; nil if there are none.
func givenFigures(r kv.Reader, n reportName) (*reportv1.GivenFigures, error) {
	all := &reportv1.GivenFigures{}
	found, err := get(r, givens, periodKey(n.organization, n.period), all)
	if err != nil || !found {
		return nil, err
	}
	return all, nil
}

func givenName(n reportName) string { return n.beside(given) }

// GetGivenFigures gets the figures that other systems gave for a period. Errors: NOT_FOUND.
func (s *Server) GetGivenFigures(ctx context.Context, in *reportv1.GetGivenFiguresRequest) (*reportv1.GivenFigures, error) {
	n, err := parseName(in.GetName())
	if err != nil {
		return nil, err
	}
	var all *reportv1.GivenFigures
	err = s.DB.View(ctx, func(r kv.Reader) (err error) {
		all, err = givenFigures(r, n)
		return err
	})
	if err == nil && all == nil {
		err = fault.NotFound(in.GetName())
	}
	return all, err
}
