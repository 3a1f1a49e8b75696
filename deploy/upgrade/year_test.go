package upgrade_test

import (
	"context"
	"testing"
	"time"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/suite"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc/metadata"
)

// running is a suite on a data folder, and someone who may do everything.
type running struct {
	t     *testing.T
	suite *suite.Suite
	as    context.Context
}

func open(t *testing.T, data string) *running {
	t.Helper()
	s, err := suite.Open(suite.Options{Data: data, Origin: "transparency.example.gov.cn", Now: clock})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close(context.Background())) })
	who := access.Identity{Account: "root"}
	for _, role := range access.Roles() {
		if role != access.Service {
			who.Grants = append(who.Grants, access.Grant{Role: role, Organization: access.Everywhere})
		}
	}
	token, err := s.Issuer.Mint(who, time.Hour)
	must(t, err)
	return &running{t, s, metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+token)}
}

func (s *running) close() {
	s.t.Helper()
	must(s.t, s.suite.Close(context.Background()))
}

// enter enters a province, a prefecture, a city with a department and three townships; their names are made up.
func (s *running) enter() {
	s.t.Helper()
	in := &directoryv1.BatchCreateOrganizationsRequest{}
	for _, o := range []struct {
		id, parent string
		kind       directoryv1.Kind
	}{
		{"65", "", directoryv1.Kind_KIND_GOVERNMENT},
		{"6527", "65", directoryv1.Kind_KIND_GOVERNMENT},
		{"652701", "6527", directoryv1.Kind_KIND_GOVERNMENT},
		{"652701-education", "652701", directoryv1.Kind_KIND_DEPARTMENT},
		{"652701201", "652701", directoryv1.Kind_KIND_GOVERNMENT},
		{"652701202", "652701", directoryv1.Kind_KIND_GOVERNMENT},
		{"652701203", "652701", directoryv1.Kind_KIND_GOVERNMENT},
	} {
		made := &directoryv1.Organization{DisplayName: "示例机关" + o.id, Kind: o.kind, OwesReport: true, FoundedOn: day(2008, 5, 1)}
		if o.parent != "" {
			made.Parent = "organizations/" + o.parent
		}
		in.Requests = append(in.Requests, &directoryv1.CreateOrganizationRequest{OrganizationId: o.id, Organization: made})
	}
	_, err := directoryv1.NewDirectoryServiceClient(s.suite.Conn).BatchCreateOrganizations(s.as, in)
	must(s.t, err)
}

// year is a township's year 2018, from its records to its accepted report, with what came too late.
func (s *running) year(id string) {
	s.t.Helper()
	name := "organizations/" + id
	s.organization(id)
	for i, category := range []string{"government_document", "government_document", "other", "other", "other"} {
		s.publish(name, category, 1+i)
	}
	withdrawn := s.publish(name, "other", 9)
	_, err := disclosurev1.NewDisclosureServiceClient(s.suite.Conn).WithdrawDisclosure(s.as, &disclosurev1.WithdrawDisclosureRequest{Name: withdrawn, Reason: "示例"})
	must(s.t, err)
	s.draft(name, "other")
	s.request(name, 3, true)
	s.request(name, 5, false)
	s.report(name)
	s.publish(name, "other", 12) // late
}

// organization makes a village below a township.
func (s *running) organization(id string) {
	s.t.Helper()
	_, err := directoryv1.NewDirectoryServiceClient(s.suite.Conn).CreateOrganization(s.as, &directoryv1.CreateOrganizationRequest{
		OrganizationId: id + "001", Organization: &directoryv1.Organization{
			DisplayName: "示例村" + id, Parent: "organizations/" + id, Kind: directoryv1.Kind_KIND_VILLAGERS_COMMITTEE,
			NoReportReason: "示例", FoundedOn: day(2008, 5, 1),
		},
	})
	must(s.t, err)
}

func (s *running) draft(parent, category string) string {
	s.t.Helper()
	d, err := disclosurev1.NewDisclosureServiceClient(s.suite.Conn).CreateDisclosure(s.as, &disclosurev1.CreateDisclosureRequest{
		Parent: parent, Disclosure: &disclosurev1.Disclosure{Title: "示例：工作动态", Content: "示例。", Category: category, FormedOn: day(2018, 1, 2)},
	})
	must(s.t, err)
	return d.GetName()
}

func (s *running) publish(parent, category string, month int) string {
	s.t.Helper()
	name := s.draft(parent, category)
	_, err := disclosurev1.NewDisclosureServiceClient(s.suite.Conn).PublishDisclosure(s.as, &disclosurev1.PublishDisclosureRequest{
		Name: name, PublishedOn: day(2018, month, 15),
	})
	must(s.t, err)
	return name
}

func (s *running) request(parent string, month int, answered bool) {
	s.t.Helper()
	client := requestv1.NewRequestServiceClient(s.suite.Conn)
	r, err := client.CreateInformationRequest(s.as, &requestv1.CreateInformationRequestRequest{Parent: parent, InformationRequest: &requestv1.InformationRequest{
		ApplicantKind: requestv1.ApplicantKind_APPLICANT_KIND_NATURAL_PERSON, Channel: requestv1.RequestChannel_REQUEST_CHANNEL_LETTER, ReceivedOn: day(2018, month, 1),
	}})
	must(s.t, err)
	if answered {
		_, err = client.ConcludeInformationRequest(s.as, &requestv1.ConcludeInformationRequestRequest{Name: r.GetName(), Outcome: "granted", AnsweredOn: day(2018, month, 9)})
		must(s.t, err)
	}
}

func (s *running) report(parent string) {
	s.t.Helper()
	client, name := reportv1.NewReportServiceClient(s.suite.Conn), parent+"/reports/2018"
	_, err := client.CompileReport(s.as, &reportv1.CompileReportRequest{
		Parent: parent, Period: "2018", StatedNone: []string{"fees", "appeals"},
		Narratives: []*reportv1.Narrative{{Part: "overview", Markdown: "示例。"}, {Part: "problems", Markdown: "示例。"}},
	})
	must(s.t, err)
	_, err = client.SubmitReport(s.as, &reportv1.SubmitReportRequest{Name: name})
	must(s.t, err)
	_, err = client.AcceptReport(s.as, &reportv1.AcceptReportRequest{Name: name})
	must(s.t, err)
}

func day(year, month, of int) *date.Date {
	return &date.Date{Year: int32(year), Month: int32(month), Day: int32(of)}
}
