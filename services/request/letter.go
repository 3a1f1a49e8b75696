package request

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/paper"
	"gongkai/services/law"
	remedy "gongkai/services/law/appeal"
	"gongkai/services/law/fee"
	"gongkai/services/law/ground"
	"gongkai/services/law/workday"
	"gongkai/services/request/letter"

	"github.com/oklog/ulid/v2"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// WriteLetter writes a letter (告知书) from what is known of a request, once the read of its personal data stands in the
// log. Source: R2019 arts. 30–37; Reconsideration Law 2023 art. 23(2). Errors: NOT_FOUND, FAILED_PRECONDITION (something
// is missing, or the personal data are).
func (s *Server) WriteLetter(ctx context.Context, in *requestv1.WriteLetterRequest) (*requestv1.Letter, error) {
	n, ok := parseName(in.GetName())
	if !ok {
		return nil, fault.NotFound(in.GetName())
	}
	at := s.stamp(ctx)
	id, err := ulid.New(ulid.Timestamp(at.At), s.entropy)
	if err != nil {
		return nil, fmt.Errorf("draw an id: %w", err)
	}
	const purpose = requestv1.ReadPurpose_READ_PURPOSE_DELIVERY
	e := newEvent(personalRead, workday.On(at.At), at)
	e.reason = value(purpose.String(), "READ_PURPOSE_")
	var out *requestv1.Letter
	err = s.db.Update(ctx, func(tx kv.Tx) error {
		r, err := load(tx, n)
		if err != nil {
			return err
		}
		written, err := s.write(tx, r, in, workday.On(at.At))
		if err != nil {
			return err
		}
		read := &requestv1.PersonalDataRead{Name: n.String() + readsInfix + id.String(), Purpose: purpose, Account: at.Actor, ReadTime: timestamppb.New(at.At)}
		if err := s.saveRead(tx, n, id, read, e); err != nil {
			return err
		}
		out = written
		return nil
	})
	return out, err
}

// write writes a letter of a request.
func (s *Server) write(r kv.Reader, q *record, in *requestv1.WriteLetterRequest, today workday.Date) (*requestv1.Letter, error) {
	if err := checkKept(q.request()).Err(); err != nil {
		return nil, err
	}
	data, err := s.open(r, q)
	if err != nil {
		return nil, unreadable(err)
	}
	texts, err := s.answerTexts(r, q)
	if err != nil {
		return nil, unreadable(err)
	}
	c, err := s.letterCase(q, in, data, today)
	if err != nil {
		return nil, err
	}
	if c.Way == "" {
		c.Way = texts[wayGiven]
	}
	if err := fillEarlier(r, &c, q.request()); err != nil {
		return nil, err
	}
	kind := letter.Kind(in.GetLetter())
	if kind == "" {
		if kind, err = answerOf(q.request(), &c); err != nil {
			return nil, err
		}
	}
	fillSteps(&c, kind, q.request(), texts)
	if c.Reasons == "" && kind == letter.NotExisting {
		c.Reasons = texts[searchRecord]
	}
	document, err := s.letters.Of(q.name.organization).Write(kind, c)
	if err != nil {
		return nil, err
	}
	return rendered(in.GetFormat(), string(kind), document)
}

// answerTexts are the sealed texts of a request that are no personal data of its applicant, by field.
func (s *Server) answerTexts(r kv.Reader, q *record) (map[string]string, error) {
	wrapped, err := getKey(r, q.name)
	if err != nil {
		return nil, err
	}
	key, err := s.vault.Unwrap(q.String(), wrapped)
	if err != nil {
		return nil, err
	}
	texts := make(map[string]string)
	for _, f := range q.stored.GetSealed() {
		if strings.HasPrefix(f.GetField(), personal) {
			continue
		}
		if texts[f.GetField()], err = key.Read(f.GetField(), f.GetSealed()); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// fillEarlier adds the day of the answer that a repeated request repeats, if the letter was not told it.
func fillEarlier(r kv.Reader, c *letter.Case, q *requestv1.InformationRequest) error {
	n, ok := parseName(q.GetEarlierRequest())
	if !ok || !c.Earlier.On.IsZero() {
		return nil
	}
	other, err := load(r, n)
	if err != nil {
		return err
	}
	c.Earlier.On = civil(other.request().GetAnsweredOn())
	return nil
}

// letterCase is what every letter of a request can say.
func (s *Server) letterCase(r *record, in *requestv1.WriteLetterRequest, data *requestv1.PersonalData, today workday.Date) (letter.Case, error) {
	q := r.request()
	code, err := s.queryCode(r.name)
	if err != nil {
		return letter.Case{}, err
	}
	on := civil(in.GetDate())
	if on.IsZero() {
		on = today
	}
	return letter.Case{
		Organ: in.GetOrgan(), Number: in.GetDocumentNumber(), Date: on,
		Office:    letter.Office{Name: in.GetOfficeName(), Phone: in.GetOfficePhone(), Address: in.GetOfficeAddress()},
		Applicant: data.GetApplicantName(), Organization: q.GetApplicantKind() != requestv1.ApplicantKind_APPLICANT_KIND_NATURAL_PERSON,
		ReceiptNumber: q.GetReceiptNumber(), QueryCode: code, ReceivedOn: civil(q.GetReceivedOn()), Channel: channelZh(q.GetChannel()),
		Description: data.GetDescription(), Due: civil(q.GetDueOn()), Given: in.GetGiven(), Way: in.GetWay(), Withheld: in.GetWithheld(),
		OtherOrgan: letter.Office{Name: in.GetOtherOrgan(), Phone: in.GetOtherOrganPhone()}, Fee: letter.Fee{Way: in.GetPaymentWay()},
		Earlier: letter.Earlier{On: civil(in.GetEarlierOn()), Number: in.GetEarlierNumber()},
		Remedy:  letter.Remedy{Bodies: in.GetBodies(), Online: in.GetOnline(), Court: in.GetCourt()},
	}, nil
}

// answerOf is the letter that tells the outcome of a request, on the grounds that it was given on, and what comes first
// against it.
func answerOf(q *requestv1.InformationRequest, c *letter.Case) (letter.Kind, error) {
	broken := law.Under(law.Citation{})
	broken.If(q.GetState() != requestv1.RequestState_REQUEST_STATE_CONCLUDED, NotConcluded, "")
	if err := broken.Err(); err != nil {
		return "", err
	}
	o, err := ground.Get(q.GetOutcome(), civil(q.GetReceivedOn()))
	if err != nil {
		return "", err
	}
	for _, g := range o.Grounds {
		if len(q.GetGrounds()) == 0 || slices.Contains(q.GetGrounds(), g.String()) {
			c.Grounds = append(c.Grounds, g)
		}
	}
	first, _, err := remedy.ComesFirst(q.GetOutcome(), civil(q.GetAnsweredOn()))
	if err != nil {
		return "", err
	}
	c.Remedy.First = letter.First(first)
	if slices.ContainsFunc(q.GetSteps(), func(s *requestv1.Step) bool { return s.GetKind() == requestv1.StepKind_STEP_KIND_WITHDRAWN }) {
		return letter.Withdrawn, nil
	}
	return letter.Answer(q.GetOutcome(), civil(q.GetReceivedOn()), c.Grounds)
}

// fillSteps adds what the steps of a request say to a letter of a kind: of several steps, the last.
func fillSteps(c *letter.Case, kind letter.Kind, q *requestv1.InformationRequest, texts map[string]string) {
	for i, step := range q.GetSteps() {
		note := texts[noteField(i)]
		switch k := step.GetKind(); {
		case k == requestv1.StepKind_STEP_KIND_CORRECTION_ASKED && (kind == letter.Correction || kind == "other_correction_overdue"):
			c.Asked, c.Until, c.SentOn = note, civil(step.GetUntil()), civil(step.GetHappenedOn())
		case k == requestv1.StepKind_STEP_KIND_EXTENDED && kind == letter.Extension:
			c.Days, c.Reasons = int(step.GetDays()), note
		case k == requestv1.StepKind_STEP_KIND_DELAYED && kind == letter.Delay:
			c.Until, c.Reasons = civil(step.GetUntil()), note
		case k == requestv1.StepKind_STEP_KIND_THIRD_PARTY_ASKED && kind == letter.Consultation,
			k == requestv1.StepKind_STEP_KIND_CO_PRODUCER_ASKED && kind == letter.CoProducer:
			c.ThirdParty = note
		case k == requestv1.StepKind_STEP_KIND_FEE_NOTICE_SENT && (kind == letter.FeeNotice || kind == "other_fee_overdue"):
			c.SentOn, c.Fee.Fen = civil(step.GetHappenedOn()), step.GetAmountFen()
			c.Fee.Standard = fee.Item.Label().Zh
			if step.GetSchedule() == requestv1.FeeSchedule_FEE_SCHEDULE_PAGE {
				c.Fee.Standard = fee.Page.Label().Zh
			}
		case k == requestv1.StepKind_STEP_KIND_ANSWERED && step.GetOutcome() == q.GetOutcome():
			if kind != letter.Correction && kind != letter.Extension && kind != letter.Delay {
				c.Reasons = note
			}
		}
	}
}

// channelZh is what a clerk calls a channel.
func channelZh(c requestv1.RequestChannel) string {
	switch c {
	case requestv1.RequestChannel_REQUEST_CHANNEL_IN_PERSON:
		return "当面"
	case requestv1.RequestChannel_REQUEST_CHANNEL_LETTER:
		return "信函"
	case requestv1.RequestChannel_REQUEST_CHANNEL_ONLINE:
		return "网络"
	case requestv1.RequestChannel_REQUEST_CHANNEL_FAX:
		return "传真"
	case requestv1.RequestChannel_REQUEST_CHANNEL_EMAIL:
		return "电子邮件"
	}
	return ""
}

// rendered is a letter in a format.
func rendered(format requestv1.LetterFormat, name string, document paper.Document) (*requestv1.Letter, error) {
	out := &requestv1.Letter{FileName: name + ".txt", MediaType: "text/plain; charset=utf-8"}
	write := func(w io.Writer) error { return paper.Plain(w, document) }
	switch format {
	case requestv1.LetterFormat_LETTER_FORMAT_HTML:
		out.FileName, out.MediaType = name+".html", "text/html; charset=utf-8"
		write = func(w io.Writer) error { return paper.HTML(w, document) }
	case requestv1.LetterFormat_LETTER_FORMAT_DOCX:
		out.FileName, out.MediaType = name+".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
		write = func(w io.Writer) error { return paper.Docx(w, document) }
	}
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return nil, fmt.Errorf("write letter %s: %w", name, err)
	}
	out.Content = b.Bytes()
	return out, nil
}
