package calculator

import (
	"context"

	calculatorv1 "gongkai/proto/gongkai/calculator/v1"
	"gongkai/services/law/appeal"
	"gongkai/services/law/explanation"
)

// FindAppealBody finds where to turn to over an answer. Errors: FAILED_PRECONDITION with the broken rules.
func (s *Server) FindAppealBody(_ context.Context, in *calculatorv1.FindAppealBodyRequest) (*calculatorv1.AppealBody, error) {
	var d dates
	on := d.or("on", in.GetOn(), s.today())
	if err := d.err(); err != nil {
		return nil, err
	}
	organ := appeal.Organ{Kind: appeal.Kind(in.GetKind()), Level: appeal.Level(in.GetLevel())}
	a, err := explanation.AppealOver(organ, on, in.GetOutcome())
	if err != nil {
		return nil, err
	}
	return answer(&calculatorv1.AppealBody{}, a, a.Explanation())
}
