package request

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	apiv1 "gongkai/proto/gongkai/api/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/server"
	"gongkai/services/law"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Reasons for which an answer is not published to all.
const (
	NotReleased      law.Reason = "ANSWER_NOT_RELEASED"
	PersonalInDraft  law.Reason = "PERSONAL_DATA_IN_DRAFT"
	NoDisclosureCall law.Reason = "DISCLOSURE_NOT_CONNECTED"
)

// PublishAnswer makes a draft of a disclosure of a released answer (转为主动公开), and links the two. The draft is made by
// the disclosure service, as whoever calls, outside of this service's transaction; that service keeps one draft a request,
// so that a call which broke off between the two is finished by the next one. Source: R2019 art. 44. Errors: NOT_FOUND,
// ABORTED (old etag), FAILED_PRECONDITION with the broken rule, those of CreateDisclosure.
func (s *Server) PublishAnswer(ctx context.Context, in *requestv1.PublishAnswerRequest) (*requestv1.InformationRequest, error) {
	n, ok := parseName(in.GetName())
	if !ok {
		return nil, fault.NotFound(in.GetName())
	}
	var done *requestv1.InformationRequest
	err := s.db.View(ctx, func(r kv.Reader) error {
		q, err := load(r, n)
		if err != nil {
			return err
		}
		if q.request().GetDisclosure() != "" {
			done, err = s.show(r, q)
			return err
		}
		if err := server.MatchEtag(q.request(), q.request().GetEtag(), in.GetEtag()); err != nil {
			return err
		}
		return s.checkPublishable(r, q, in)
	})
	if err != nil || done != nil {
		return done, err
	}
	made, err := s.draft(ctx, n, in)
	if err != nil {
		return nil, err
	}
	return s.take(ctx, in, "request.published_to_all", "", nil, func(c *call) error {
		c.request().Disclosure = made
		return nil
	})
}

// checkPublishable is what holds for an answer that is published to all: something was released, and the draft tells
// nothing of the applicant.
func (s *Server) checkPublishable(r kv.Reader, q *record, in *requestv1.PublishAnswerRequest) error {
	broken := law.Under(law.Citation{Act: law.R2019, Article: "44"})
	broken.If(!released(q.request()), NotReleased, "")
	if err := broken.Err(); err != nil || q.request().GetPersonalDataState() != requestv1.PersonalDataState_PERSONAL_DATA_STATE_KEPT {
		return err
	}
	data, err := s.open(r, q)
	if err != nil {
		return unreadable(err)
	}
	broken = law.Under(law.Citation{Act: law.R2019, Article: "15"})
	for _, f := range []struct{ name, text string }{{"title", in.GetTitle()}, {"content", in.GetContent()}, {"document_number", in.GetDocumentNumber()}} {
		broken.If(tells(f.text, q.request(), data), PersonalInDraft, f.name)
	}
	return broken.Err()
}

// released tells whether a request was answered with information.
func released(q *requestv1.InformationRequest) bool {
	switch q.GetOutcome() {
	case "granted", "partial", "already_public":
		return q.GetState() == requestv1.RequestState_REQUEST_STATE_CONCLUDED
	}
	return false
}

// tells tells whether a text holds who asked: width, case, spaces and punctuation make no difference. An organisation's
// name is public.
func tells(text string, q *requestv1.InformationRequest, data *requestv1.PersonalData) bool {
	text = normal(text)
	held := []string{data.GetDocumentNumber(), data.GetContact(), data.GetAddress()}
	if q.GetApplicantKind() == requestv1.ApplicantKind_APPLICANT_KIND_NATURAL_PERSON {
		held = append(held, data.GetApplicantName())
	}
	for _, one := range held {
		const shortest = 2 // characters: a name
		if one = normal(one); utf8.RuneCountInString(one) >= shortest && strings.Contains(text, one) {
			return true
		}
	}
	return false
}

// draft has the disclosure service write down a draft, as the caller, or finds the one that the request has.
func (s *Server) draft(ctx context.Context, n name, in *requestv1.PublishAnswerRequest) (disclosure string, err error) {
	broken := law.Under(law.Citation{})
	broken.If(s.disclosures == nil, NoDisclosureCall, "")
	if err := broken.Err(); err != nil {
		return "", err
	}
	for _, key := range []string{"authorization", "accept-language"} {
		for _, value := range metadata.ValueFromIncomingContext(ctx, key) {
			ctx = metadata.AppendToOutgoingContext(ctx, key, value)
		}
	}
	made, err := s.disclosures.CreateDisclosure(ctx, &disclosurev1.CreateDisclosureRequest{Parent: "organizations/" + n.organization, Disclosure: &disclosurev1.Disclosure{
		Title: in.GetTitle(), Content: in.GetContent(), Category: in.GetCategory(), DocumentNumber: in.GetDocumentNumber(), FormedOn: in.GetFormedOn(),
		Attribute: disclosurev1.Attribute_ATTRIBUTE_PROACTIVE, SourceRequest: n.String(),
	}})
	if err == nil {
		return made.GetName(), nil
	}
	if existing := existing(err); existing != "" {
		return existing, nil
	}
	return "", fmt.Errorf("write down a draft of the answer to %s: %w", n, err)
}

// existing is the resource that an error says there is already; empty if it says none.
func existing(err error) string {
	s := status.Convert(err)
	if s.Code() != codes.AlreadyExists {
		return ""
	}
	for _, d := range s.Details() {
		if info, ok := d.(*errdetails.ErrorInfo); ok && "ERROR_REASON_"+info.GetReason() == apiv1.ErrorReason_ERROR_REASON_ALREADY_EXISTS.String() {
			return info.GetMetadata()["resource"]
		}
	}
	return ""
}
