package calculator

import (
	"context"

	calculatorv1 "gongkai/proto/gongkai/calculator/v1"
	"gongkai/services/law/explanation"
	"gongkai/services/law/fee"
	"gongkai/services/law/workday"
)

// AddWorkdays counts working days after a date. Errors: FAILED_PRECONDITION outside the calendar.
func (s *Server) AddWorkdays(_ context.Context, in *calculatorv1.AddWorkdaysRequest) (*calculatorv1.WorkdayCount, error) {
	var d dates
	from := d.read("from", in.GetFrom())
	if err := d.err(); err != nil {
		return nil, err
	}
	return count(explanation.CountAfter(from, workday.WorkingDays(in.GetDays()), s.days))
}

// CountWorkdays counts the working days between two dates. Errors: FAILED_PRECONDITION outside the calendar.
func (s *Server) CountWorkdays(_ context.Context, in *calculatorv1.CountWorkdaysRequest) (*calculatorv1.WorkdayCount, error) {
	var d dates
	from, to := d.read("from", in.GetFrom()), d.read("to", in.GetTo())
	if err := d.err(); err != nil {
		return nil, err
	}
	return count(explanation.CountBetween(from, to, s.days))
}

func count(c explanation.Count, err error) (*calculatorv1.WorkdayCount, error) {
	if err != nil {
		return nil, err
	}
	return answer(&calculatorv1.WorkdayCount{}, c, c.Explanation())
}

// GetWorkday tells whether a day is a working day. Errors: FAILED_PRECONDITION outside the calendar.
func (s *Server) GetWorkday(_ context.Context, in *calculatorv1.GetWorkdayRequest) (*calculatorv1.Workday, error) {
	var d dates
	on := d.read("date", in.GetDate())
	if err := d.err(); err != nil {
		return nil, err
	}
	day, err := explanation.DayOn(on, s.days)
	if err != nil {
		return nil, err
	}
	return answer(&calculatorv1.Workday{}, day, day.Explanation())
}

// ComputeFee computes the fee of a request. Errors: FAILED_PRECONDITION with the broken rule.
func (s *Server) ComputeFee(_ context.Context, in *calculatorv1.ComputeFeeRequest) (*calculatorv1.Fee, error) {
	var d dates
	received := d.or("received_on", in.GetReceivedOn(), s.today())
	if err := d.err(); err != nil {
		return nil, err
	}
	f, err := charge(received, in)
	if err != nil {
		return nil, err
	}
	if in.GetOutcome() != "" && f.Regime == fee.Processing {
		if err := fee.Fits(f.Schedule, received, in.GetOutcome(), fee.Given(in.GetGiven())); err != nil {
			return nil, err
		}
	}
	return answer(&calculatorv1.Fee{}, f, explanation.Fee(f))
}

func charge(received workday.Date, in *calculatorv1.ComputeFeeRequest) (fee.Fee, error) {
	if _, byPage := in.GetSchedule().(*calculatorv1.ComputeFeeRequest_Pages); byPage {
		return fee.ByPage(received, int(in.GetPages()))
	}
	return fee.ByItem(received, int(in.GetAlready()), int(in.GetItems()))
}

// ListGrounds lists the outcomes of a request received on a day with their grounds. Errors: FAILED_PRECONDITION before
// there was a Regulation.
func (s *Server) ListGrounds(_ context.Context, in *calculatorv1.ListGroundsRequest) (*calculatorv1.ListGroundsResponse, error) {
	var d dates
	on := d.or("on", in.GetOn(), s.today())
	if err := d.err(); err != nil {
		return nil, err
	}
	grounds, err := explanation.GroundsOn(on)
	if err != nil {
		return nil, err
	}
	return answer(&calculatorv1.ListGroundsResponse{}, grounds, grounds.Explanation())
}
