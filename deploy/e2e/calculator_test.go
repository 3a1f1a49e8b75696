package e2e_test

import (
	calculatorv1 "gongkai/proto/gongkai/calculator/v1"

	"google.golang.org/grpc/codes"
)

// calculations are what the calculator refuses. Anyone may ask it.
func calculations(e *env) []provocation {
	const broken = codes.FailedPrecondition
	items := func(n int32) *calculatorv1.ComputeFeeRequest {
		return &calculatorv1.ComputeFeeRequest{Schedule: &calculatorv1.ComputeFeeRequest_Items{Items: n}}
	}
	unfit := &calculatorv1.ComputeFeeRequest{
		ReceivedOn: "2024-02-05", Outcome: "denied_state_secret", Given: "nothing",
		Schedule: &calculatorv1.ComputeFeeRequest_Pages{Pages: 40},
	}
	return []provocation{
		{"DATE_OUTSIDE_CALENDAR", broken, e.calling("", &calculatorv1.AddWorkdaysRequest{From: "2000-01-01", Days: 1}), ""},
		{"APPEAL_ORGAN_UNKNOWN", broken, e.calling("", &calculatorv1.FindAppealBodyRequest{Kind: "court", On: "2024-02-05"}), ""},
		{"APPEAL_BEFORE_LAW", broken, e.calling("", &calculatorv1.FindAppealBodyRequest{Kind: "ministry", On: "1999-09-30"}), ""},
		{"FEE_COUNT_OUT_OF_RANGE", broken, e.calling("", items(-1)), ""},
		{"FEE_SCHEDULE_DOES_NOT_FIT", broken, e.calling("", unfit), ""},
	}
}
