package request

import (
	"context"
	"fmt"
	"strconv"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/kv"
	"gongkai/services/law"
	"gongkai/services/law/fee"
	"gongkai/services/law/workday"

	"google.golang.org/protobuf/types/known/timestamppb"
)

// Reasons of fees, with the values that their texts name.
const (
	FeeNotCharged  law.Reason = "FEE_NOT_CHARGED"     // received_on
	FeeNothingDue  law.Reason = "FEE_NOTHING_DUE"     //
	AmountDiffers  law.Reason = "FEE_AMOUNT_DIFFERS"  // amount, billed
	PaymentDiffers law.Reason = "FEE_PAYMENT_DIFFERS" // paid, billed
)

// IssueFeeNotice sends the fee notice (收费通知). Source: R2019 art. 42; Measures on Information Processing Fees. Errors:
// NOT_FOUND, ABORTED (old etag), FAILED_PRECONDITION with the broken rule.
func (s *Server) IssueFeeNotice(ctx context.Context, in *requestv1.IssueFeeNoticeRequest) (*requestv1.InformationRequest, error) {
	return s.take(ctx, in, "request.fee_notice_sent", "sent_on", in.GetSentOn(), func(c *call) error {
		if err := checkOpen(c.request()); err != nil {
			return err
		}
		step, err := s.charge(c, in)
		if err != nil {
			return err
		}
		if _, err := s.add(c, step, in.GetReason()); err != nil {
			return err
		}
		if in.GetReceivedOn() == nil {
			return nil
		}
		c.on, c.field = civil(in.GetReceivedOn()), "received_on"
		_, err = s.add(c, &requestv1.Step{Kind: requestv1.StepKind_STEP_KIND_FEE_NOTICE_RECEIVED}, "")
		return err
	})
}

// charge computes the fee of a request: by page those of the request, by item those that the same applicant asked this
// organ for in the month of receipt. The schedule must fit what the answer is to give (Measures art. 5), and another amount
// than it sets is refused.
func (s *Server) charge(c *call, in *requestv1.IssueFeeNoticeRequest) (*requestv1.Step, error) {
	schedule, count := in.GetSchedule(), max(1, in.GetCount())
	received := civil(c.request().GetReceivedOn())
	regime, at := fee.RegimeOn(received)
	broken := law.Under(at)
	broken.If(regime != fee.Processing, FeeNotCharged, "", "received_on", received.String())
	if err := broken.Err(); err != nil {
		return nil, err
	}
	if err := fits(in, received); err != nil {
		return nil, err
	}
	step := &requestv1.Step{Kind: requestv1.StepKind_STEP_KIND_FEE_NOTICE_SENT, Schedule: schedule, Count: count, Given: in.GetGiven()}
	var f fee.Fee
	var err error
	if schedule == requestv1.FeeSchedule_FEE_SCHEDULE_PAGE {
		f, err = fee.ByPage(received, int(count))
	} else {
		if step.CountedRequests, err = s.before(c.tx, c.record); err != nil {
			return nil, err
		}
		step.Already = int32(len(step.GetCountedRequests()))
		f, err = fee.ByItem(received, int(step.GetAlready()), int(count))
	}
	if err != nil {
		return nil, c.refield(err)
	}
	broken = law.Under(f.Citation)
	broken.If(f.Amount == 0, FeeNothingDue, "count")
	broken.If(f.Amount != 0 && in.GetAmountFen() != 0 && in.GetAmountFen() != int64(f.Amount), AmountDiffers, "amount_fen", "amount", f.Amount.Yuan(), "billed", yuan(in.GetAmountFen()))
	step.AmountFen = int64(f.Amount)
	return step, broken.Err()
}

// fits tells whether the schedule of a notice fits the answer that it announces. By page, where that is not said, is by
// itself a statement that information is given.
func fits(in *requestv1.IssueFeeNoticeRequest, received workday.Date) error {
	schedule := fee.Item
	if in.GetSchedule() == requestv1.FeeSchedule_FEE_SCHEDULE_PAGE {
		schedule = fee.Page
	}
	outcome, given := in.GetOutcome(), fee.Given(value(in.GetGiven().String(), "FEE_GIVEN_"))
	if outcome == "" {
		outcome = "granted"
	}
	if in.GetGiven() == requestv1.FeeGiven_FEE_GIVEN_UNSPECIFIED {
		given = fee.Paper
	}
	return fee.Fits(schedule, received, outcome, given)
}

// before are the requests that the same applicant sent to the same organ in the month of receipt before this one, the
// earliest first. Those that were linked or split do not count: the others, and the items, do.
func (s *Server) before(r kv.Reader, of *record) (names []string, err error) {
	q := of.request()
	if q.GetPersonalDataState() != requestv1.PersonalDataState_PERSONAL_DATA_STATE_KEPT {
		return nil, nil
	}
	data, err := s.open(r, of)
	if err != nil {
		return nil, unreadable(err)
	}
	received := civil(q.GetReceivedOn())
	month := workday.Date{Year: received.Year, Month: received.Month, Day: 1}
	err = s.scanSame(r, of, data, sameApplicant, month, func(other *record) (more bool, err error) {
		o := other.request()
		on := civil(o.GetReceivedOn())
		if on.After(received) || other.name == of.name {
			return false, nil
		}
		if o.GetState() != requestv1.RequestState_REQUEST_STATE_UNCONFIRMED && o.GetState() != requestv1.RequestState_REQUEST_STATE_LINKED && o.GetState() != requestv1.RequestState_REQUEST_STATE_SPLIT &&
			o.GetKind() == requestv1.RequestKind_REQUEST_KIND_UNSPECIFIED {
			names = append(names, o.GetName())
		}
		return len(names) < maxAlike, nil
	})
	return names, err
}

// RecordFeeNoticeReceived records the day on which the applicant received the fee notice. Errors: as IssueFeeNotice.
func (s *Server) RecordFeeNoticeReceived(ctx context.Context, in *requestv1.RecordFeeNoticeReceivedRequest) (*requestv1.InformationRequest, error) {
	return s.onTheWay(ctx, in, "request.fee_notice_received", "received_on", in.GetReceivedOn(), "", func(*call) (*requestv1.Step, error) {
		return &requestv1.Step{Kind: requestv1.StepKind_STEP_KIND_FEE_NOTICE_RECEIVED}, nil
	})
}

// RecordPayment records the payment of the fee. Errors: as IssueFeeNotice.
func (s *Server) RecordPayment(ctx context.Context, in *requestv1.RecordPaymentRequest) (*requestv1.InformationRequest, error) {
	if cost, err := s.underCost(ctx, in.GetName()); err != nil {
		return nil, err
	} else if cost {
		return s.recordCost(ctx, in)
	}
	return s.onTheWay(ctx, in, "request.fee_paid", "paid_on", in.GetPaidOn(), "", func(c *call) (*requestv1.Step, error) {
		billed := int64(0)
		for _, step := range c.request().GetSteps() {
			if step.GetKind() == requestv1.StepKind_STEP_KIND_FEE_NOTICE_SENT {
				billed = step.GetAmountFen()
			}
		}
		broken := law.Under(law.Citation{Act: law.Fees2020})
		broken.If(billed != 0 && in.GetAmountFen() != billed, PaymentDiffers, "amount_fen", "paid", yuan(in.GetAmountFen()), "billed", yuan(billed))
		return &requestv1.Step{Kind: requestv1.StepKind_STEP_KIND_FEE_PAID, AmountFen: in.GetAmountFen()}, broken.Err()
	})
}

func yuan(fen int64) string { return fmt.Sprintf("%d.%02d", fen/100, fen%100) }

// underCost tells whether a request is under the cost fees of R2007 arts. 27 and 28, which are recorded, not computed.
func (s *Server) underCost(ctx context.Context, text string) (cost bool, err error) {
	n, ok := parseName(text)
	if !ok {
		return false, nil
	}
	err = s.db.View(ctx, func(r kv.Reader) error {
		q, err := load(r, n)
		if err != nil {
			return err
		}
		regime, _ := fee.RegimeOn(civil(q.request().GetReceivedOn())) // the day of receipt does not come under another law
		cost = regime == fee.Cost
		return nil
	})
	return cost, err
}

// recordCost records a cost fee, charged or waived; open or concluded, it moves no date.
func (s *Server) recordCost(ctx context.Context, in *requestv1.RecordPaymentRequest) (*requestv1.InformationRequest, error) {
	return s.take(ctx, in, "request.cost_fee", "paid_on", in.GetPaidOn(), func(c *call) error {
		q := c.request()
		broken := law.Under(law.Citation{Act: law.R2007, Article: "27"})
		broken.If(in.GetAmountFen()+in.GetWaivedFen() == 0, FeeNothingDue, "amount_fen")
		broken.If(len(q.GetSteps()) >= maxSteps, StepsTooMany, "", "limit", strconv.Itoa(maxSteps))
		if err := law.Join(broken.Err(), c.checkDay()); err != nil {
			return err
		}
		q.Steps = append(q.Steps, &requestv1.Step{
			Kind: requestv1.StepKind_STEP_KIND_COST_FEE, HappenedOn: toProto(c.on), AmountFen: in.GetAmountFen(), WaivedFen: in.GetWaivedFen(),
			RecordTime: timestamppb.New(c.at.At), Account: c.at.Actor,
		})
		return nil
	})
}
