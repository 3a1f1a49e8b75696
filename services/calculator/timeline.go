package calculator

import (
	"context"
	"errors"
	"fmt"
	"slices"

	calculatorv1 "gongkai/proto/gongkai/calculator/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/law"
	"gongkai/services/law/deadline"
	"gongkai/services/law/explanation"
)

// ComputeTimeline counts the time of a case. Errors: FAILED_PRECONDITION with every broken rule.
func (s *Server) ComputeTimeline(_ context.Context, in *calculatorv1.ComputeTimelineRequest) (*calculatorv1.Timeline, error) {
	var d dates
	c := readCase(&d, in.GetCase())
	if err := d.err(); err != nil {
		return nil, err
	}
	t, err := deadline.Of(c, s.days)
	if err != nil {
		return nil, within("case", err)
	}
	return answer(&calculatorv1.Timeline{}, t, explanation.Timeline(t, say))
}

// within puts the path of a message before the fields of a breach; any other error stays as it is.
func within(path string, err error) error {
	var breach *law.Breach
	if !errors.As(err, &breach) {
		return err
	}
	found := slices.Clone(breach.Violations)
	for i := range found {
		if found[i].Field != "" {
			found[i].Field = path + "." + found[i].Field
		}
	}
	return &law.Breach{Violations: found}
}

// say is what users read of a broken rule.
func say(v law.Violation) law.Label {
	return law.Label{Zh: fault.Text(v, fault.Chinese), En: fault.Text(v, fault.English)}
}

func readCase(d *dates, in *calculatorv1.Case) deadline.Case {
	c := deadline.Case{
		ReceivedOn: d.read("case.received_on", in.GetReceivedOn()), Receipt: readReceipt(d, in.GetReceipt()), AsOf: d.read("case.as_of", in.GetAsOf()),
	}
	for i, e := range in.GetEvents() {
		c.Events = append(c.Events, readEvent(d, fmt.Sprintf("case.events[%d].", i), e))
	}
	return c
}

func readReceipt(d *dates, in *calculatorv1.Receipt) deadline.Receipt {
	const path = "case.receipt."
	return deadline.Receipt{
		Channel:     deadline.ReceiptChannel(in.GetChannel()),
		SubmittedOn: d.read(path+"submitted_on", in.GetSubmittedOn()), ArrivedOn: d.read(path+"arrived_on", in.GetArrivedOn()),
		ConfirmedOn:       d.read(path+"confirmed_on", in.GetConfirmedOn()),
		SystemConfirmedOn: d.read(path+"system_confirmed_on", in.GetSystemConfirmedOn()),
	}
}

func readEvent(d *dates, path string, in *calculatorv1.Event) deadline.Event {
	return deadline.Event{
		Kind: deadline.EventKind(in.GetKind()), On: d.read(path+"on", in.GetOn()), Party: in.GetParty(),
		Until: d.read(path+"until", in.GetUntil()), Days: int(in.GetDays()), Unit: deadline.Unit(in.GetUnit()),
		AgreedBy: in.GetAgreedBy(), GoodReason: in.GetGoodReason(), ByCourt: in.GetByCourt(),
		Procedural: in.GetProcedural(), Outcome: in.GetOutcome(), Article: in.GetArticle(),
		Delivery: deadline.Delivery{
			Channel: deadline.DeliveryChannel(in.GetDelivery().GetChannel()),
			SentOn:  d.read(path+"delivery.sent_on", in.GetDelivery().GetSentOn()), SignedOn: d.read(path+"delivery.signed_on", in.GetDelivery().GetSignedOn()),
		},
	}
}
