package calculator

import (
	"context"
	"fmt"

	calculatorv1 "gongkai/proto/gongkai/calculator/v1"
	"gongkai/services/law/deadline"
	"gongkai/services/law/explanation"
)

// ComputeAppealLimits counts the limits of an appeal. Errors: FAILED_PRECONDITION with every broken rule.
func (s *Server) ComputeAppealLimits(_ context.Context, in *calculatorv1.ComputeAppealLimitsRequest) (*calculatorv1.AppealLimits, error) {
	var d dates
	a := readAppeal(&d, in.GetAppeal())
	if err := d.err(); err != nil {
		return nil, err
	}
	l, err := a.Limits(s.days)
	if err != nil {
		return nil, within("appeal", err)
	}
	return answer(&calculatorv1.AppealLimits{}, l, explanation.Limits(l, say))
}

func readAppeal(d *dates, in *calculatorv1.Appeal) deadline.Appeal {
	var a deadline.Appeal
	if act := in.GetAct(); act != nil {
		const path = "appeal.act."
		a.Act = &deadline.Act{
			On: d.read(path+"on", act.GetOn()), NoAnswer: act.GetNoAnswer(), RecordCorrection: act.GetRecordCorrection(),
			KnownOn: d.read(path+"known_on", act.GetKnownOn()), RightsNotTold: act.GetRightsNotTold(),
			RightsKnownOn: d.read(path+"rights_known_on", act.GetRightsKnownOn()), Obstacles: readSpans(d, path+"obstacles", act.GetObstacles()),
			RealEstate: act.GetRealEstate(),
		}
	}
	if r := in.GetReconsideration(); r != nil {
		const path = "appeal.reconsideration."
		a.Reconsideration = &deadline.Reconsideration{
			AppliedOn: d.read(path+"applied_on", r.GetAppliedOn()), CorrectionToldOn: d.read(path+"correction_told_on", r.GetCorrectionToldOn()),
			CorrectedOn: d.read(path+"corrected_on", r.GetCorrectedOn()), AcceptedOn: d.read(path+"accepted_on", r.GetAcceptedOn()),
			Procedure: deadline.Procedure(r.GetProcedure()), TurnedOrdinaryOn: d.read(path+"turned_ordinary_on", r.GetTurnedOrdinaryOn()),
			CopyReceivedOn: d.read(path+"copy_received_on", r.GetCopyReceivedOn()), ExtendedDays: int(r.GetExtendedDays()),
			Suspensions: readSpans(d, path+"suspensions", r.GetSuspensions()), DecisionKnownOn: d.read(path+"decision_known_on", r.GetDecisionKnownOn()),
			OpinionOn: d.read(path+"opinion_received_on", r.GetOpinionReceivedOn()), RightsNotTold: r.GetRightsNotTold(),
			RightsKnownOn: d.read(path+"rights_known_on", r.GetRightsKnownOn()),
		}
	}
	if l := in.GetLitigation(); l != nil {
		const path = "appeal.litigation."
		a.Litigation = &deadline.Litigation{
			FiledOn: d.read(path+"filed_on", l.GetFiledOn()), DocketedOn: d.read(path+"docketed_on", l.GetDocketedOn()),
			Procedure: deadline.Procedure(l.GetProcedure()), CopyReceivedOn: d.read(path+"copy_received_on", l.GetCopyReceivedOn()),
			JudgmentServedOn: d.read(path+"judgment_served_on", l.GetJudgmentServedOn()), RulingServedOn: d.read(path+"ruling_served_on", l.GetRulingServedOn()),
			AppealReceivedOn: d.read(path+"appeal_received_on", l.GetAppealReceivedOn()), Suspensions: readSpans(d, path+"suspensions", l.GetSuspensions()),
		}
	}
	return a
}

func readSpans(d *dates, path string, in []*calculatorv1.Span) []deadline.Obstacle {
	var spans []deadline.Obstacle
	for i, s := range in {
		spans = append(spans, deadline.Obstacle{
			From: d.read(fmt.Sprintf("%s[%d].from", path, i), s.GetFrom()), To: d.read(fmt.Sprintf("%s[%d].to", path, i), s.GetTo()),
		})
	}
	return spans
}
