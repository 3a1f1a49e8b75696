package calculator_test

import (
	"context"
	"errors"
	"net"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	calculatorv1 "gongkai/proto/gongkai/calculator/v1"
	"gongkai/services/calculator"
	"gongkai/services/chassis/server"
	"gongkai/services/law/deadline"
	"gongkai/services/law/explanation"
	"gongkai/services/law/fee"
	"gongkai/services/law/workday"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// start serves a calculator over loopback on 24 November 2026.
func start(t testing.TB) calculatorv1.CalculatorServiceClient {
	t.Helper()
	days, err := workday.Official()
	must(t, err)
	s, err := server.New(server.Options{})
	must(t, err)
	calculatorv1.RegisterCalculatorServiceServer(s, calculator.New(days, func() time.Time { return time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC) }))
	must(t, s.Ready())
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	go func() { _ = s.Serve(listener) }() // it ends when the test stops it
	t.Cleanup(func() { s.Stop(context.Background()) })
	conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	must(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return calculatorv1.NewCalculatorServiceClient(conn)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// same compares an answer, but for its explanation, with the JSON that is wanted.
func same[M interface {
	proto.Message
	GetExplanation() []*calculatorv1.Label
}](t *testing.T, got M, err error, want string,
) {
	t.Helper()
	must(t, err)
	if len(got.GetExplanation()) < 2 {
		t.Errorf("it does not say how it comes about: %v", got)
	}
	wanted := got.ProtoReflect().New().Interface()
	must(t, protojson.Unmarshal([]byte(want), wanted))
	m := got.ProtoReflect()
	m.Clear(m.Descriptor().Fields().ByName("explanation"))
	if !proto.Equal(got, wanted) {
		t.Errorf("got\n%s\nwant\n%s", protojson.Format(got), protojson.Format(wanted))
	}
}

func TestAnswers(t *testing.T) {
	c, ctx := start(t), t.Context()
	added, err := c.AddWorkdays(ctx, &calculatorv1.AddWorkdaysRequest{From: "2024-02-05", Days: 5})
	same(t, added, err, `{"from": "2024-02-05", "to": "2024-02-18", "working_days": 5, "calendar_days": 13,
		"left_out": [{"from": "2024-02-10", "to": "2024-02-17", "why": "holiday", "name": {"zh": "春节", "en": "Spring Festival"}}],
		"worked": [{"from": "2024-02-18", "to": "2024-02-18", "why": "adjusted", "name": {"zh": "春节", "en": "Spring Festival"}}],
		"notices": [{"number": "国办发明电〔2023〕7号", "date": "2023-10-25", "year": 2024}]}`)
	between, err := c.CountWorkdays(ctx, &calculatorv1.CountWorkdaysRequest{From: "2024-02-23", To: "2024-02-26"})
	same(t, between, err, `{"from": "2024-02-23", "to": "2024-02-26", "working_days": 1, "calendar_days": 3,
		"left_out": [{"from": "2024-02-24", "to": "2024-02-25", "why": "weekend"}],
		"notices": [{"number": "国办发明电〔2023〕7号", "date": "2023-10-25", "year": 2024}]}`)
	on, err := c.GetWorkday(ctx, &calculatorv1.GetWorkdayRequest{Date: "2030-02-04"})
	same(t, on, err, `{"date": "2030-02-04", "why": "statutory", "name": {"zh": "春节", "en": "Spring Festival"}, "provisional": true,
		"citation": {"act": "HOLIDAYS_2024", "article": "2", "label": {"zh": "《全国年节及纪念日放假办法》(2024)第二条", "en": "Measures on Holidays for National Festivals and Memorial Days (2024) art. 2"}}}`)
	items, err := c.ComputeFee(ctx, &calculatorv1.ComputeFeeRequest{Already: 10, Schedule: &calculatorv1.ComputeFeeRequest_Items{Items: 21}, Outcome: "other"})
	same(t, items, err, `{"received_on": "2026-11-24", "regime": "processing", "schedule": "item", "already": 10, "count": 21, "computed": true, "amount_fen": 220000,
		"citation": {"act": "FEES2020", "article": "4", "label": {"zh": "《政府信息公开信息处理费管理办法》(2020)第四条", "en": "Measures on Information Processing Fees (2020) art. 4"}},
		"tiers": [{"from": 11, "to": 30, "count": 20, "price_fen": 10000, "amount_fen": 200000}, {"from": 31, "to": 31, "count": 1, "price_fen": 20000, "amount_fen": 20000}]}`)
	// Before the information processing fee its schedules bind nobody.
	early, err := c.ComputeFee(ctx, &calculatorv1.ComputeFeeRequest{
		ReceivedOn: "2020-12-31", Schedule: &calculatorv1.ComputeFeeRequest_Pages{Pages: 500}, Outcome: "denied_process", Given: "nothing",
	})
	same(t, early, err, `{"received_on": "2020-12-31", "regime": "unset", "schedule": "page", "count": 500, "computed": true,
		"citation": {"act": "R2019", "article": "42", "label": {"zh": "《政府信息公开条例》(2019)第四十二条", "en": "Regulation on Open Government Information (2019) art. 42"}}}`)
}

// A case in JSON is the one of the command line; the applicant has to pay first.
func TestComputeTimeline(t *testing.T) {
	c := start(t)
	in := &calculatorv1.Case{}
	must(t, protojson.Unmarshal([]byte(`{"received_on": "2024-02-05", "events": [
		{"kind": "fee_notice_sent", "on": "2024-02-28"}, {"kind": "fee_notice_received", "on": "2024-03-01"}]}`), in))
	got, err := c.ComputeTimeline(t.Context(), &calculatorv1.ComputeTimelineRequest{Case: in})
	same(t, got, err, `{"received_on": "2024-02-05", "reception": {"on": "2024-02-05"}, "version": "R2019", "state": "awaiting_payment",
		"limits": [{"step": "fee_paid", "on": "2024-03-29", "citation": {"act": "FEES2020", "label": {"zh": "《政府信息公开信息处理费管理办法》(2020)", "en": "Measures on Information Processing Fees (2020)"}}}],
		"segments": [
			{"kind": "reply", "from": "2024-02-06", "to": "2024-02-28", "ended": "fee_notice_sent", "counted": 13, "total": 13, "of": 20,
				"left_out": [{"from": "2024-02-10", "to": "2024-02-17", "why": "holiday", "name": {"zh": "春节", "en": "Spring Festival"}}, {"from": "2024-02-24", "to": "2024-02-25", "why": "weekend"}],
				"worked": [{"from": "2024-02-18", "to": "2024-02-18", "why": "adjusted", "name": {"zh": "春节", "en": "Spring Festival"}}],
				"citation": {"act": "R2019", "article": "33(2)", "label": {"zh": "《政府信息公开条例》(2019)第三十三条第二款", "en": "Regulation on Open Government Information (2019) art. 33(2)"}}},
			{"kind": "payment", "from": "2024-02-29", "begun": "fee_notice_sent",
				"citation": {"act": "FEES2020", "label": {"zh": "《政府信息公开信息处理费管理办法》(2020)", "en": "Measures on Information Processing Fees (2020)"}}}],
		"notices": [{"number": "国办发明电〔2023〕7号", "date": "2023-10-25", "year": 2024}]}`)
}

func TestFindAppealBody(t *testing.T) {
	c := start(t)
	got, err := c.FindAppealBody(t.Context(), &calculatorv1.FindAppealBodyRequest{Kind: "government", Level: "township", Outcome: "denied_process"})
	same(t, got, err, `{"on": "2026-11-24", "organ": {"kind": "government", "level": "township"}, "bodies": ["upper_government"], "outcome": "denied_process", "first": "required",
		"citation": {"act": "RECONSIDERATION_2023", "article": "24(1) item 2", "label": {"zh": "《行政复议法》(2023)第二十四条第一款第二项", "en": "Administrative Reconsideration Law (2023) art. 24(1) item 2"}},
		"first_citation": {"act": "RECONSIDERATION_2023", "article": "23(1) item 4", "label": {"zh": "《行政复议法》(2023)第二十三条第一款第四项", "en": "Administrative Reconsideration Law (2023) art. 23(1) item 4"}}}`)
}

// A decision that reached the applicant on 1 April 2024 begins the fifteen days of a suit.
func TestComputeAppealLimits(t *testing.T) {
	c := start(t)
	got, err := c.ComputeAppealLimits(t.Context(), &calculatorv1.ComputeAppealLimitsRequest{Appeal: &calculatorv1.Appeal{
		Act:             &calculatorv1.AppealedAct{On: "2024-03-01", KnownOn: "2024-03-04", Obstacles: []*calculatorv1.Span{{From: "2024-03-10", To: "2024-03-19"}}},
		Reconsideration: &calculatorv1.Reconsideration{AppliedOn: "2024-05-14", AcceptedOn: "2024-05-14", Procedure: "simple", DecisionKnownOn: "2024-05-20"},
		Litigation:      &calculatorv1.Litigation{FiledOn: "2024-06-05"},
	}})
	must(t, err)
	var said []string
	for _, l := range got.GetLimits() {
		said = append(said, l.GetKind()+" "+l.GetUntil())
	}
	// 60 days and the ten lost end on 13 May; of the fifteen days after 20 May the last is 4 June.
	const want = "apply_reconsideration 2024-05-13, send_copy 2024-05-17, examine_application 2024-05-21, ask_for_correction 2024-05-21, " +
		"decide_reconsidering 2024-06-13, sue_after_reconsidering 2024-06-04, docket 2024-06-12"
	if text := strings.Join(said, ", "); text != want {
		t.Errorf("got %s\nwant %s", text, want)
	}
	if first := got.GetLimits()[0]; first.GetLostDays() != 10 || first.GetCitation().GetLabel().GetZh() != "《行政复议法》(2023)第二十条第一款" || first.GetWho() != "applicant" {
		t.Errorf("the first: %v", first)
	}
	if m := got.GetMarks(); len(m) != 2 || m[0].GetReason() != "APPEAL_AFTER_LIMIT" || m[1].GetOn() != "2024-06-05" {
		t.Errorf("marks: %v", m)
	}
}

// What a decision did not tell, a court's suspension, and the twenty years over real estate.
func TestComputeAppealLimits_UntoldAndSuspended(t *testing.T) {
	c := start(t)
	got, err := c.ComputeAppealLimits(t.Context(), &calculatorv1.ComputeAppealLimitsRequest{Appeal: &calculatorv1.Appeal{
		Act:             &calculatorv1.AppealedAct{On: "2024-03-01", RealEstate: true},
		Reconsideration: &calculatorv1.Reconsideration{AppliedOn: "2024-03-04", AcceptedOn: "2024-03-04", DecisionKnownOn: "2024-04-08", RightsNotTold: true},
		Litigation:      &calculatorv1.Litigation{FiledOn: "2024-09-02", DocketedOn: "2024-09-04", Suspensions: []*calculatorv1.Span{{From: "2024-09-10", To: "2024-09-20"}}},
	}})
	must(t, err)
	limits := map[string]*calculatorv1.AppealLimit{}
	for _, l := range got.GetLimits() {
		limits[l.GetKind()] = l
	}
	if l := limits["apply_reconsideration"]; l.GetUntil() != "2044-03-01" || l.GetTerm() != 240 || !l.GetCapped() {
		t.Errorf("over real estate: %v", l)
	}
	if l := limits["sue_after_reconsidering"]; l.GetUntil() != "2025-04-08" || l.GetCitation().GetArticle() != "64(2)" {
		t.Errorf("not told: %v", l)
	}
	if l := limits["first_instance"]; l.GetUntil() != "2025-03-14" || l.GetLostDays() != 10 || l.GetLostCitation().GetLabel().GetZh() != "《最高人民法院关于适用行政诉讼法的解释》(2018)第五十条" {
		t.Errorf("suspended: %v", l)
	}
	if len(got.GetMarks()) != 0 || !slices.Contains(got.GetReadings(), "suit_suspension_moves_judgment_only") {
		t.Errorf("marks %v, readings %v", got.GetMarks(), got.GetReadings())
	}
}

// The contract and package law name everything the same, so that no field of a result or a case is lost.
func TestNames(t *testing.T) {
	for _, pair := range []struct {
		law      any
		contract proto.Message
	}{
		{deadline.Case{}, &calculatorv1.Case{}},
		{deadline.Timeline{}, &calculatorv1.Timeline{}},
		{explanation.Count{}, &calculatorv1.WorkdayCount{}},
		{explanation.Day{}, &calculatorv1.Workday{}},
		{explanation.Grounds{}, &calculatorv1.ListGroundsResponse{}},
		{explanation.Appeal{}, &calculatorv1.AppealBody{}},
		{deadline.Appeal{}, &calculatorv1.Appeal{}},
		{deadline.Limits{}, &calculatorv1.AppealLimits{}},
		{fee.Fee{}, &calculatorv1.Fee{}},
	} {
		compareNames(t, reflect.TypeOf(pair.law), pair.contract.ProtoReflect().Descriptor())
	}
}

func compareNames(t *testing.T, in reflect.Type, m protoreflect.MessageDescriptor) {
	t.Helper()
	names := map[string]bool{}
	for i := range in.NumField() {
		name, _, _ := strings.Cut(in.Field(i).Tag.Get("json"), ",")
		names[name] = true
		field := m.Fields().ByName(protoreflect.Name(name))
		if field == nil {
			t.Errorf("%s has no %s, which %s has", m.Name(), name, in)
			continue
		}
		inner := in.Field(i).Type
		if inner.Kind() == reflect.Slice || inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if field.Message() != nil && !field.IsMap() {
			compareNames(t, inner, field.Message())
		}
	}
	for i := range m.Fields().Len() {
		name := string(m.Fields().Get(i).Name())
		written := name == "explanation" || m.Name() == "Citation" && name == "label"
		if !names[name] && !written {
			t.Errorf("%s has no %s, which %s has", in, name, m.Name())
		}
	}
}

func TestListGrounds(t *testing.T) {
	c := start(t)
	got, err := c.ListGrounds(t.Context(), &calculatorv1.ListGroundsRequest{})
	must(t, err)
	if got.GetOn() != "2026-11-24" || got.GetRegulation().GetAct() != "R2019" || len(got.GetOutcomes()) != 21 || len(got.GetExplanation()) != 22 {
		t.Errorf("today: %v", got)
	}
	if third := got.GetOutcomes()[5]; third.GetId() != "denied_third_party" || len(third.GetGrounds()) != 2 || third.GetGrounds()[0].GetLabel().GetZh() != "《政府信息公开条例》(2019)第十五条" {
		t.Errorf("the sixth is %v", third)
	}
}

func TestRefused(t *testing.T) {
	c := start(t)
	charge := func(in *calculatorv1.ComputeFeeRequest) func(context.Context) error {
		return func(ctx context.Context) error { _, err := c.ComputeFee(ctx, in); return err }
	}
	add := func(in *calculatorv1.AddWorkdaysRequest) func(context.Context) error {
		return func(ctx context.Context) error { _, err := c.AddWorkdays(ctx, in); return err }
	}
	timeline := func(in *calculatorv1.Case) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := c.ComputeTimeline(ctx, &calculatorv1.ComputeTimelineRequest{Case: in})
			return err
		}
	}
	limits := func(in *calculatorv1.Appeal) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := c.ComputeAppealLimits(ctx, &calculatorv1.ComputeAppealLimitsRequest{Appeal: in})
			return err
		}
	}
	for name, r := range map[string]struct {
		call func(context.Context) error
		want string
	}{
		"no form of a date": {add(&calculatorv1.AddWorkdaysRequest{From: "5 Feb"}), "INVALID_FIELD from"},
		"no day":            {add(&calculatorv1.AddWorkdaysRequest{From: "2024-02-30"}), "INVALID_FIELD from"},
		"no date":           {add(&calculatorv1.AddWorkdaysRequest{}), "INVALID_FIELD from"},
		"too many":          {add(&calculatorv1.AddWorkdaysRequest{From: "2024-02-05", Days: 10_001}), "INVALID_FIELD days"},
		"backwards":         {add(&calculatorv1.AddWorkdaysRequest{From: "2024-02-05", Days: -1}), "INVALID_FIELD days"},
		"outside":           {add(&calculatorv1.AddWorkdaysRequest{From: "2007-12-31"}), "DATE_OUTSIDE_CALENDAR"},
		"beyond":            {add(&calculatorv1.AddWorkdaysRequest{From: "2100-12-30", Days: 9}), "DATE_OUTSIDE_CALENDAR"},
		"both dates": {func(ctx context.Context) error {
			_, err := c.CountWorkdays(ctx, &calculatorv1.CountWorkdaysRequest{From: "2023-02-29", To: "2023-04-31"})
			return err
		}, "INVALID_FIELD from to"},
		"the day asked for": {func(ctx context.Context) error {
			_, err := c.GetWorkday(ctx, &calculatorv1.GetWorkdayRequest{Date: "2023-02-29"})
			return err
		}, "INVALID_FIELD date"},
		"grounds of no day": {func(ctx context.Context) error {
			_, err := c.ListGrounds(ctx, &calculatorv1.ListGroundsRequest{On: "2023-02-29"})
			return err
		}, "INVALID_FIELD on"},
		"grounds of long ago": {func(ctx context.Context) error {
			_, err := c.ListGrounds(ctx, &calculatorv1.ListGroundsRequest{On: "2008-04-30"})
			return err
		}, "RECEIVED_BEFORE_REGULATION on"},
		"no schedule":        {charge(&calculatorv1.ComputeFeeRequest{}), "INVALID_FIELD schedule"},
		"too few items":      {charge(&calculatorv1.ComputeFeeRequest{Schedule: &calculatorv1.ComputeFeeRequest_Items{Items: -1}}), "FEE_COUNT_OUT_OF_RANGE items"},
		"received on no day": {charge(&calculatorv1.ComputeFeeRequest{ReceivedOn: "2023-02-29", Schedule: &calculatorv1.ComputeFeeRequest_Items{}}), "INVALID_FIELD received_on"},
		"pages of a refusal": {charge(&calculatorv1.ComputeFeeRequest{Outcome: "denied_process", Schedule: &calculatorv1.ComputeFeeRequest_Pages{Pages: 31}}), "FEE_SCHEDULE_DOES_NOT_FIT schedule"},
		"a case that cannot be": {
			timeline(&calculatorv1.Case{ReceivedOn: "2024-02-05", Events: []*calculatorv1.Event{{Kind: "extended", On: "2024-02-01"}, {Kind: "lost", On: "2024-03-01"}}}),
			"EVENT_BEFORE_RECEIPT case.events[0].on case.events[0].days case.events[1].kind",
		},
		"a case of no days": {
			timeline(&calculatorv1.Case{ReceivedOn: "2024-02-30", Events: []*calculatorv1.Event{{Kind: "corrected", On: "2024-02-31", Until: "2023-02-29", Delivery: &calculatorv1.Delivery{SentOn: "2024-13-01"}}}}),
			"INVALID_FIELD case.received_on case.events[0].on case.events[0].until case.events[0].delivery.sent_on",
		},
		"no case":         {timeline(nil), "INVALID_FIELD case"},
		"no appeal":       {limits(nil), "INVALID_FIELD appeal"},
		"an empty appeal": {limits(&calculatorv1.Appeal{}), "APPEAL_BEGIN_UNKNOWN appeal.act.on"},
		"an appeal of no days": {
			limits(&calculatorv1.Appeal{
				Act:        &calculatorv1.AppealedAct{On: "2024-02-30", Obstacles: []*calculatorv1.Span{{From: "2024-02-05", To: "2024-02-31"}}},
				Litigation: &calculatorv1.Litigation{FiledOn: "2023-02-29"},
			}),
			"INVALID_FIELD appeal.act.on appeal.act.obstacles[0].to appeal.litigation.filed_on",
		},
		"an appeal out of order": {
			limits(&calculatorv1.Appeal{
				Act:             &calculatorv1.AppealedAct{On: "2024-03-02", KnownOn: "2024-03-01"},
				Reconsideration: &calculatorv1.Reconsideration{AppliedOn: "2024-03-02", Procedure: "quick"},
			}),
			"LIMIT_DATES_REVERSED appeal.act.known_on appeal.reconsideration.procedure",
		},
		"a long case":     {timeline(&calculatorv1.Case{ReceivedOn: "2024-02-05", Events: make([]*calculatorv1.Event, 1001)}), "INVALID_FIELD case.events"},
		"a case too long": {timeline(&calculatorv1.Case{ReceivedOn: "2024-02-05", Events: make([]*calculatorv1.Event, 201)}), "TOO_MANY_EVENTS case.events"},
		"an unknown organ": {func(ctx context.Context) error {
			_, err := c.FindAppealBody(ctx, &calculatorv1.FindAppealBodyRequest{Kind: "court", Outcome: "lost"})
			return err
		}, "APPEAL_ORGAN_UNKNOWN organ outcome"},
		"no outcome": {charge(&calculatorv1.ComputeFeeRequest{Outcome: "lost", Schedule: &calculatorv1.ComputeFeeRequest_Pages{Pages: 31}}), "UNKNOWN_OUTCOME outcome"},
	} {
		// A token means nothing to a process that keeps nothing.
		err := r.call(metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer nobody"))
		if got := refusal(err); got != r.want {
			t.Errorf("%s: %s, want %s", name, got, r.want)
		}
	}
}

// refusal is the reason of an error and the fields that it names.
func refusal(err error) string {
	var made interface{ GRPCStatus() *status.Status }
	if !errors.As(err, &made) {
		return "none"
	}
	var reason, fields []string
	for _, d := range made.GRPCStatus().Details() {
		switch d := d.(type) {
		case *errdetails.ErrorInfo:
			reason = append(reason, d.GetReason())
		case *errdetails.BadRequest:
			for _, v := range d.GetFieldViolations() {
				fields = append(fields, v.GetField())
			}
		}
	}
	return strings.Join(append(reason, fields...), " ")
}
