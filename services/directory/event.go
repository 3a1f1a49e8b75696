package directory

import (
	"crypto/sha256"
	"fmt"

	logv1 "gongkai/proto/gongkai/log/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/server"
	"gongkai/services/law/workday"

	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// The kinds of the directory's log entries.
const (
	created   = "organization.created"
	revised   = "organization.revised"
	corrected = "organization.corrected"
	abolished = "organization.abolished"
)

// event is what happened to an organisation, with all that is drawn before the transaction.
type event struct {
	kind  string
	on    workday.Date
	stamp server.Stamp
	salt  eventlog.Salt
}

// save stores the next revision of an organisation and tells the log, for everyone to see.
func (s *Server) save(tx kv.Tx, stored *storev1.StoredOrganization, e event) error {
	stored.Revision++
	o, at := stored.GetOrganization(), timestamppb.New(e.stamp.At)
	o.UpdateTime = at
	if e.kind == created {
		o.CreateTime = at
	}
	value, err := put(tx, stored)
	if err != nil {
		return err
	}
	state, err := anypb.New(o)
	if err != nil {
		return fmt.Errorf("encode state of %s: %w", o.GetName(), err)
	}
	content := sha256.Sum256(value)
	return s.log.Append(tx, &logv1.Entry{
		Kind: e.kind, Resource: o.GetName(), Revision: stored.GetRevision(),
		HappenedOn: dateOf(e.on), RecordedAt: at, Actor: e.stamp.Actor, Authority: e.stamp.Authority,
		ContentSha256: content[:], State: state,
	}, e.salt, true)
}
