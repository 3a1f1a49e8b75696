package request

import (
	"context"
	"errors"
	"fmt"
	"strings"

	apiv1 "gongkai/proto/gongkai/api/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/records"
	"gongkai/services/chassis/server"
	"gongkai/services/chassis/vault"
	"gongkai/services/law"
	"gongkai/services/law/workday"

	"github.com/oklog/ulid/v2"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// Reasons for which personal data cannot be read or erased.
const (
	PersonalDataNone       law.Reason = "PERSONAL_DATA_NONE"
	PersonalDataErased     law.Reason = "PERSONAL_DATA_ERASED"
	PersonalDataUnreadable law.Reason = "PERSONAL_DATA_UNREADABLE"
	PersonalDataInUse      law.Reason = "PERSONAL_DATA_IN_USE"
)

// checkKept is what holds for personal data that are to be read or erased: there are some.
func checkKept(q *requestv1.InformationRequest) *law.Broken {
	broken := law.Under(law.Citation{})
	state := q.GetPersonalDataState()
	broken.If(state == requestv1.PersonalDataState_PERSONAL_DATA_STATE_UNSPECIFIED, PersonalDataNone, "")
	broken.If(state == requestv1.PersonalDataState_PERSONAL_DATA_STATE_ERASED, PersonalDataErased, "")
	return broken
}

// unreadable tells what is sealed with another key file in the words of a rule.
func unreadable(err error) error {
	if !errors.Is(err, vault.ErrUnreadable) {
		return err
	}
	broken := law.Under(law.Citation{})
	broken.If(true, PersonalDataUnreadable, "")
	return broken.Err()
}

// ReadPersonalData gives a request's personal data in clear, once the read stands in the log. Errors: NOT_FOUND,
// FAILED_PRECONDITION (none, erased, unreadable).
func (s *Server) ReadPersonalData(ctx context.Context, in *requestv1.ReadPersonalDataRequest) (*requestv1.PersonalData, error) {
	n, ok := parseName(in.GetName())
	if !ok {
		return nil, fault.NotFound(in.GetName())
	}
	at := s.stamp(ctx)
	id, err := ulid.New(ulid.Timestamp(at.At), s.entropy)
	if err != nil {
		return nil, fmt.Errorf("draw an id: %w", err)
	}
	e := newEvent(personalRead, workday.On(at.At), at)
	e.reason = value(in.GetPurpose().String(), "READ_PURPOSE_")
	var data *requestv1.PersonalData
	err = s.db.Update(ctx, func(tx kv.Tx) error {
		r, err := load(tx, n)
		if err != nil {
			return err
		}
		if err := checkKept(r.request()).Err(); err != nil {
			return err
		}
		found, err := s.open(tx, r)
		if err != nil {
			return unreadable(err)
		}
		read := &requestv1.PersonalDataRead{
			Name: n.String() + readsInfix + id.String(), Purpose: in.GetPurpose(), Account: at.Actor, ReadTime: timestamppb.New(at.At),
		}
		if err := s.saveRead(tx, n, id, read, e); err != nil {
			return err
		}
		data = found
		return nil
	})
	return data, err
}

// ListPersonalDataReads lists the reads of a request's personal data, the latest first. Errors: NOT_FOUND,
// INVALID_ARGUMENT (a page token of another query).
func (s *Server) ListPersonalDataReads(ctx context.Context, in *requestv1.ListPersonalDataReadsRequest) (*requestv1.ListPersonalDataReadsResponse, error) {
	n, ok := parseName(in.GetParent())
	if !ok {
		return nil, fault.NotFound(in.GetParent())
	}
	after, size, err := server.Page(in, usualPage, mostPage)
	if err == nil && after != nil && len(after) != records.IDLen {
		err = fault.Invalid("page_token", apiv1.ErrorReason_ERROR_REASON_INVALID_PAGE_TOKEN, errors.New("its key is garbled"))
	}
	if err != nil {
		return nil, err
	}
	out := &requestv1.ListPersonalDataReadsResponse{}
	var last []byte
	more := false
	err = s.db.View(ctx, func(r kv.Reader) error {
		if _, err := load(r, n); err != nil {
			return err
		}
		for read, err := range scanReads(r, n, after) {
			switch {
			case err != nil:
				return err
			case len(out.PersonalDataReads) == size:
				more = true
				return nil
			}
			id, _ := strings.CutPrefix(read.GetName(), n.String()+readsInfix)
			parsed, err := ulid.ParseStrict(id)
			if err != nil {
				return fmt.Errorf("read %s: %w", read.GetName(), err)
			}
			out.PersonalDataReads, last = append(out.PersonalDataReads, read), parsed[:]
		}
		return nil
	})
	if err == nil && more {
		out.NextPageToken, err = server.NextPage(in, last)
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// ErasePersonalData destroys the key of a request's personal data, and what finds the request by them. Errors:
// NOT_FOUND, ABORTED (old etag), FAILED_PRECONDITION (open, none, erased).
func (s *Server) ErasePersonalData(ctx context.Context, in *requestv1.ErasePersonalDataRequest) (*requestv1.InformationRequest, error) {
	n, ok := parseName(in.GetName())
	if !ok {
		return nil, fault.NotFound(in.GetName())
	}
	at := s.stamp(ctx)
	e := newEvent(personalErased, workday.On(at.At), at)
	e.reason = value(in.GetReason().String(), "ERASURE_REASON_")
	return server.Write(ctx, s.db, at, in, s.reload, func(tx kv.Tx) (*requestv1.InformationRequest, error) {
		r, err := load(tx, n)
		if err != nil {
			return nil, err
		}
		q := r.request()
		if err := server.MatchEtag(q, q.GetEtag(), in.GetEtag()); err != nil {
			return nil, err
		}
		broken := checkKept(q)
		broken.If(q.GetState() == requestv1.RequestState_REQUEST_STATE_OPEN || q.GetState() == requestv1.RequestState_REQUEST_STATE_UNCONFIRMED, PersonalDataInUse, "")
		if err := broken.Err(); err != nil {
			return nil, err
		}
		if err := s.forget(tx, r); err != nil {
			return nil, err
		}
		q.PersonalData, q.PersonalDataState = nil, requestv1.PersonalDataState_PERSONAL_DATA_STATE_ERASED
		r.stored.Sealed = nil
		q.UpdateTime = timestamppb.New(at.At)
		return s.saved(tx, r, e)
	})
}

// forget destroys the key of a request's personal data. What finds it by them is dropped first; where the data cannot
// be read any more, by going through all that may.
func (s *Server) forget(tx kv.Tx, r *record) error {
	data, err := s.open(tx, r)
	switch {
	case errors.Is(err, vault.ErrUnreadable):
		err = dropSameOf(tx, r.name)
	case err == nil:
		err = s.dropSame(tx, r, data)
	}
	if err != nil {
		return err
	}
	return deleteKey(tx, r.name)
}

// value is an enum's value as the log has it: the part behind the enum's name, in lower case.
func value(s, prefix string) string { return strings.ToLower(strings.TrimPrefix(s, prefix)) }

// saveRead stores a read, and appends its entry to the log.
func (s *Server) saveRead(tx kv.Tx, n name, id ulid.ULID, read *requestv1.PersonalDataRead, e event) error {
	if err := putRead(tx, n, id, read); err != nil {
		return err
	}
	const public = false
	return s.log.Append(tx, e.plain(read.GetName(), firstRevision), e.salt, public)
}
