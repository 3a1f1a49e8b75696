package killtest

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"gongkai/deploy/demo"
	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
)

// otherCity is where townships move to and back from.
const otherCity = "652702"

// script is what one worker does. Each step is acknowledged before the next one is asked for.
type script struct {
	id   string // begins its request ids
	rng  *rand.Rand
	city *demo.City
	n    int // request ids drawn
}

func (s *script) requestID() string {
	s.n++
	return fmt.Sprintf("%s-%06d", s.id, s.n)
}

// records creates disclosures of an organisation, publishes and corrects them, and withdraws some.
func (s *script) records(organization string, door func(*doors) recorder) iter.Seq[*step] {
	return func(yield func(*step) bool) {
		for {
			draft := proto.CloneOf(s.city.Records[s.rng.IntN(len(s.city.Records))].Draft)
			draft.FormedOn = nil // so that it may be published on any day
			made := &step{service: "disclosure", revision: 1}
			create := &disclosurev1.CreateDisclosureRequest{Parent: "organizations/" + organization, Disclosure: draft, RequestId: s.requestID()}
			draft.Title = "示例 " + create.GetRequestId()
			made.call = func(ctx context.Context, d *doors) (resource, error) { return door(d).CreateDisclosure(ctx, create) }
			if !yield(made) {
				return
			}
			for _, later := range s.life(made.name, draft.GetTitle(), door) {
				if !yield(later) {
					return
				}
			}
		}
	}
}

// life is what happens to a disclosure after it was written down.
func (s *script) life(name, title string, door func(*doors) recorder) []*step {
	day := &date.Date{Year: 2018, Month: int32(1 + s.rng.IntN(12)), Day: int32(1 + s.rng.IntN(28))}
	publish := &disclosurev1.PublishDisclosureRequest{Name: name, PublishedOn: day, RequestId: s.requestID()}
	update := &disclosurev1.UpdateDisclosureRequest{
		Disclosure: &disclosurev1.Disclosure{Name: name, Title: title, Category: "other"},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"category"}}, RequestId: s.requestID(),
	}
	withdraw := &disclosurev1.WithdrawDisclosureRequest{Name: name, Reason: "示例：撤回", RequestId: s.requestID()}
	steps := []*step{
		{call: func(ctx context.Context, d *doors) (resource, error) { return door(d).PublishDisclosure(ctx, publish) }},
		{call: func(ctx context.Context, d *doors) (resource, error) { return door(d).UpdateDisclosure(ctx, update) }},
		{call: func(ctx context.Context, d *doors) (resource, error) {
			return door(d).WithdrawDisclosure(ctx, withdraw)
		}},
	}
	steps = steps[:1+s.rng.IntN(len(steps))]
	for i, later := range steps {
		later.service, later.name, later.revision = "disclosure", name, i+2
	}
	return steps
}

// requests enters information requests of an organisation and concludes them.
func (s *script) requests(organization string) iter.Seq[*step] {
	return func(yield func(*step) bool) {
		for {
			q := s.city.Requests[s.rng.IntN(len(s.city.Requests))]
			if q.Outcome == "" {
				continue
			}
			create := &requestv1.CreateInformationRequestRequest{Parent: "organizations/" + organization, InformationRequest: q.Received, RequestId: s.requestID()}
			made := &step{service: "request", revision: 1, call: func(ctx context.Context, d *doors) (resource, error) {
				return d.request.CreateInformationRequest(ctx, create)
			}}
			if !yield(made) {
				return
			}
			conclude := &requestv1.ConcludeInformationRequestRequest{Name: made.name, Outcome: q.Outcome, AnsweredOn: q.AnsweredOn, RequestId: s.requestID()}
			if !yield(&step{service: "request", name: made.name, revision: 2, call: func(ctx context.Context, d *doors) (resource, error) {
				return d.request.ConcludeInformationRequest(ctx, conclude)
			}}) {
				return
			}
		}
	}
}

// reports takes the reports of the months, quarters and the year through their lives, organisation by organisation.
func (s *script) reports() iter.Seq[*step] {
	return func(yield func(*step) bool) {
		for _, of := range s.city.Reports {
			for _, period := range periods() {
				for i, call := range s.reportLife(of, period) {
					name := of.GetParent() + "/reports/" + period
					if !yield(&step{service: "report", name: name, revision: i + 1, call: call}) {
						return
					}
				}
			}
		}
	}
}

func periods() []string {
	all := []string{"2018"}
	for quarter := range 4 {
		all = append(all, fmt.Sprintf("2018-q%d", quarter+1))
	}
	for month := range 12 {
		all = append(all, fmt.Sprintf("2018-%02d", month+1))
	}
	return all
}

// reportLife compiles a report, submits it, has every other one returned once, and accepted in the end.
func (s *script) reportLife(of *reportv1.CompileReportRequest, period string) []func(context.Context, *doors) (resource, error) {
	name := of.GetParent() + "/reports/" + period
	compile := func() func(context.Context, *doors) (resource, error) {
		in := proto.CloneOf(of)
		in.Period, in.RequestId = period, s.requestID()
		return func(ctx context.Context, d *doors) (resource, error) { return d.report.CompileReport(ctx, in) }
	}
	submit := func() func(context.Context, *doors) (resource, error) {
		in := &reportv1.SubmitReportRequest{Name: name, RequestId: s.requestID()}
		return func(ctx context.Context, d *doors) (resource, error) { return d.report.SubmitReport(ctx, in) }
	}
	life := []func(context.Context, *doors) (resource, error){compile(), submit()}
	if s.rng.IntN(2) == 0 {
		in := &reportv1.ReturnReportRequest{Name: name, Reasons: []*reportv1.ReturnReason{{Text: "示例：请补充"}}, RequestId: s.requestID()}
		life = append(life, func(ctx context.Context, d *doors) (resource, error) { return d.report.ReturnReport(ctx, in) }, compile(), submit())
	}
	in := &reportv1.AcceptReportRequest{Name: name, RequestId: s.requestID()}
	return append(life, func(ctx context.Context, d *doors) (resource, error) { return d.report.AcceptReport(ctx, in) })
}

// moves moves one township after the other to the other city, in the middle of the year, and back again.
func (s *script) moves(organizations []*directoryv1.CreateOrganizationRequest) iter.Seq[*step] {
	return func(yield func(*step) bool) {
		revision := map[string]int{}
		for {
			for _, o := range organizations {
				if o.GetOrganization().GetParent() != "organizations/"+demo.CityID || strings.Contains(o.GetOrganizationId(), "-") {
					continue
				}
				for _, call := range s.move(o) {
					name := "organizations/" + o.GetOrganizationId()
					revision[name]++
					if !yield(&step{service: "directory", name: name, revision: 1 + revision[name], call: call}) {
						return
					}
				}
			}
		}
	}
}

func (s *script) move(o *directoryv1.CreateOrganizationRequest) []func(context.Context, *doors) (resource, error) {
	name, on := "organizations/"+o.GetOrganizationId(), &date.Date{Year: 2018, Month: int32(1 + s.rng.IntN(12)), Day: 1}
	is := o.GetOrganization()
	revise := &directoryv1.ReviseOrganizationRequest{Name: name, RequestId: s.requestID(), Version: &directoryv1.OrganizationVersion{
		EffectiveOn: on, Parent: "organizations/" + otherCity, DisplayName: is.GetDisplayName(), Kind: is.GetKind(),
		OwesReport: is.GetOwesReport(), NoReportReason: is.GetNoReportReason(),
	}}
	correct := &directoryv1.CorrectOrganizationRequest{Name: name, EffectiveOn: on, Reason: "示例：未划转", RequestId: s.requestID()}
	return []func(context.Context, *doors) (resource, error){
		func(ctx context.Context, d *doors) (resource, error) {
			return d.directory.ReviseOrganization(ctx, revise)
		},
		func(ctx context.Context, d *doors) (resource, error) {
			return d.directory.CorrectOrganization(ctx, correct)
		},
	}
}
