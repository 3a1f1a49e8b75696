package request

import (
	"context"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/records"
	"gongkai/services/law/ground"
	"gongkai/services/law/workday"

	"github.com/oklog/ulid/v2"
)

// numbers finds a request by its receipt number. Those of the first release are not in it.
//
//	bucket           key                                    value
//	requests.numbers organisation ‖ 0 ‖ year 2 ‖ serial 8   ULID 16
var numbers = kv.Bucket{Name: "requests.numbers"}

func numberKey(organization string, year int, serial uint64) []byte {
	return binary.BigEndian.AppendUint64(records.SerialKey(organization, year), serial)
}

func putNumber(tx kv.Tx, n name, number string) error {
	organization, year, serial, ok := records.ParseNumber(number)
	if !ok {
		return fmt.Errorf("receipt number %s of %s is malformed", number, n)
	}
	if err := tx.Put(numbers, numberKey(organization, year, serial), n.id[:]); err != nil {
		return fmt.Errorf("index %s: %w", n, err)
	}
	return nil
}

// queryCode is the code by which an applicant follows a request: 60 bits that follow from the request's name and this
// server's key, so that none is stored.
func (s *Server) queryCode(n name) (string, error) {
	index, err := s.vault.Index("query code", n.String())
	if err != nil {
		return "", err
	}
	code := base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding).EncodeToString(index[:])[:12]
	return code[:4] + "-" + code[4:8] + "-" + code[8:], nil
}

// GetReceipt gets a request's receipt (登记回执) with its query code. Source: R2019 art. 31. Errors: NOT_FOUND.
func (s *Server) GetReceipt(ctx context.Context, in *requestv1.GetReceiptRequest) (*requestv1.Receipt, error) {
	n, ok := parseName(in.GetName())
	if !ok {
		return nil, fault.NotFound(in.GetName())
	}
	code, err := s.queryCode(n)
	if err != nil {
		return nil, err
	}
	var out *requestv1.Receipt
	err = s.db.View(ctx, func(r kv.Reader) error {
		found, err := load(r, n)
		if err != nil {
			return err
		}
		q := found.request()
		out = &requestv1.Receipt{Name: q.GetName(), ReceiptNumber: q.GetReceiptNumber(), QueryCode: code, ReceivedOn: q.GetReceivedOn(), DueOn: q.GetDueOn()}
		return nil
	})
	return out, err
}

// TrackRequest tells an applicant where a request stands. Whoever does not know both the number and the code learns
// nothing, not even whether there is such a number. Errors: NOT_FOUND.
func (s *Server) TrackRequest(ctx context.Context, in *requestv1.TrackRequestRequest) (*requestv1.TrackedRequest, error) {
	unknown := fault.NotFound(in.GetReceiptNumber())
	organization, year, serial, ok := records.ParseNumber(in.GetReceiptNumber())
	if !ok {
		return nil, unknown
	}
	var out *requestv1.TrackedRequest
	err := s.db.View(ctx, func(r kv.Reader) error {
		id, err := r.Get(numbers, numberKey(organization, year, serial))
		if err != nil {
			return fmt.Errorf("find a request by its number: %w", err)
		}
		n := name{organization: organization}
		if len(id) == records.IDLen {
			n.id = ulid.ULID(id)
		}
		code, err := s.queryCode(n)
		if err != nil {
			return err
		}
		given := strings.ToUpper(strings.TrimSpace(in.GetQueryCode()))
		if subtle.ConstantTimeCompare([]byte(plainCode(code)), []byte(plainCode(given))) != 1 || len(id) != records.IDLen {
			return unknown
		}
		found, err := load(r, n)
		if err != nil {
			return err
		}
		out, err = s.tracked(found.request())
		return err
	})
	return out, err
}

func plainCode(s string) string { return strings.ReplaceAll(s, "-", "") }

// tracked is what an applicant is told of a request.
func (s *Server) tracked(q *requestv1.InformationRequest) (*requestv1.TrackedRequest, error) {
	out := &requestv1.TrackedRequest{ReceiptNumber: q.GetReceiptNumber(), ReceivedOn: q.GetReceivedOn(), State: labelOf(stateLabel(q.GetState())), AnsweredOn: q.GetAnsweredOn()}
	if q.GetState() != requestv1.RequestState_REQUEST_STATE_OPEN {
		if o, err := ground.Get(q.GetOutcome(), civil(q.GetReceivedOn())); err == nil {
			out.Outcome = labelOf(o.Label)
		}
		return out, nil
	}
	t, err := s.timeline(q, workday.On(s.now()))
	if err != nil {
		return nil, err
	}
	out.State, out.DueOn = labelOf(t.State.Label()), toProto(t.Due)
	for _, l := range t.Limits {
		if l.Party == "" { // what the applicant has to do
			out.Limits = append(out.Limits, limitOf(l))
		}
	}
	return out, nil
}
