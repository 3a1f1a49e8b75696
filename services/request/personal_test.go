package request_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	requestv1 "gongkai/proto/gongkai/request/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/vault"

	"google.golang.org/protobuf/proto"
)

type (
	dataT    = requestv1.PersonalData
	readReq  = requestv1.ReadPersonalDataRequest
	readsReq = requestv1.ListPersonalDataReadsRequest
	eraseReq = requestv1.ErasePersonalDataRequest
)

const handling = requestv1.ReadPurpose_READ_PURPOSE_HANDLING

var (
	keys  = kv.Bucket{Name: "requests.keys"}
	alike = kv.Bucket{Name: "requests.same"}
	reads = kv.Bucket{Name: "requests.reads"}
)

// someone is the personal data of a made-up applicant.
func someone() *dataT {
	return &dataT{
		ApplicantName: "示例甲乙", Document: requestv1.IdentityDocument_IDENTITY_DOCUMENT_IDENTITY_CARD, DocumentNumber: "65270119900101123X",
		Contact: "13900001234", Address: "示例路1号", Description: "示例：2018年土地征收批文", WantedForm: "纸质，邮寄",
	}
}

// asked enters a request of someone's.
func (e *env) asked(on string, data *dataT) *requestT {
	e.t.Helper()
	in := given(on)
	in.PersonalData = data
	q, err := e.CreateInformationRequest(e.desk(town), &createReq{Parent: town, InformationRequest: in})
	ok(e.t, err)
	return q
}

// Answers show personal data masked; whoever says what for reads them in clear, and stands in the log for it.
func TestPersonalData(t *testing.T) {
	e := newEnv(t)
	q := e.asked("2019-06-03", someone())
	want := &dataT{
		ApplicantName: "示***", Document: requestv1.IdentityDocument_IDENTITY_DOCUMENT_IDENTITY_CARD, DocumentNumber: "***123X",
		Contact: "***1234", Address: "***", Description: "***", WantedForm: "***",
	}
	got, err := e.GetInformationRequest(e.desk(town), &getReq{Name: q.GetName()})
	ok(t, err)
	list, err := e.ListInformationRequests(e.desk(town), &listReq{Parent: town})
	ok(t, err)
	for what, shown := range map[string]*requestT{"entered": q, "read": got, "listed": list.GetInformationRequests()[0]} {
		if !proto.Equal(shown.GetPersonalData(), want) || shown.GetPersonalDataState() != requestv1.PersonalDataState_PERSONAL_DATA_STATE_KEPT {
			t.Errorf("%s: %v", what, shown)
		}
	}
	for range 3 {
		clear, err := e.ReadPersonalData(e.desk(town), &readReq{Name: q.GetName(), Purpose: handling})
		ok(t, err)
		if !proto.Equal(clear, someone()) {
			t.Errorf("in clear: %v", clear)
		}
	}
	entries, public := e.entries(1)
	if len(entries) != 3 || entries[0].GetKind() != "request.personal_data_read" || entries[0].GetReason() != "handling" || entries[0].GetActor() != "acc-1" ||
		len(entries[0].GetBefore())+len(entries[0].GetAfter()) != 0 || public[0] {
		t.Errorf("the log says %v", entries)
	}
	var names []string
	in := &readsReq{Parent: q.GetName(), PageSize: 2}
	for {
		page, err := e.ListPersonalDataReads(e.desk(town), in)
		ok(t, err)
		for _, r := range page.GetPersonalDataReads() {
			if names = append(names, r.GetName()); r.GetPurpose() != handling || r.GetAccount() != "acc-1" || r.GetReadTime() == nil {
				t.Errorf("a read is told as %v", r)
			}
		}
		if in.PageToken = page.GetNextPageToken(); in.PageToken == "" {
			break
		}
	}
	if len(names) != 3 || names[0] != entries[2].GetResource() || names[2] != entries[0].GetResource() {
		t.Errorf("reads %v", names)
	}
}

// Once erased, nothing in the store opens the data any more, and the log proves as before.
func TestErasePersonalData(t *testing.T) {
	e := newEnv(t)
	q := e.asked("2019-06-03", someone())
	erase := &eraseReq{Name: q.GetName(), Reason: requestv1.ErasureReason_ERASURE_REASON_RETENTION_OVER, RequestId: "r-1"}
	head := e.as(town, access.Approver)
	_, err := e.ErasePersonalData(head, erase)
	if got := refusal(err); got != "FailedPrecondition PERSONAL_DATA_IN_USE" {
		t.Errorf("open: %s", got)
	}
	_, err = e.ConcludeInformationRequest(e.desk(town), &concludeReq{Name: q.GetName(), Outcome: "granted"})
	ok(t, err)
	for range 2 { // the second is a replay
		erased, err := e.ErasePersonalData(head, erase)
		ok(t, err)
		if erased.GetPersonalData() != nil || erased.GetPersonalDataState() != requestv1.PersonalDataState_PERSONAL_DATA_STATE_ERASED || erased.GetOutcome() != "granted" {
			t.Errorf("erased: %v", erased)
		}
	}
	if n, m := len(e.pairs(keys)), len(e.pairs(alike)); n+m != 0 {
		t.Errorf("%d keys, %d index entries are left", n, m)
	}
	entries, _ := e.entries(2)
	if len(entries) != 1 || entries[0].GetKind() != "request.personal_data_erased" || entries[0].GetReason() != "retention_over" || len(entries[0].GetAfter()) != 6 {
		t.Errorf("the log says %v", entries)
	}
	_, err = e.ReadPersonalData(e.desk(town), &readReq{Name: q.GetName(), Purpose: handling})
	if got := refusal(err); got != "FailedPrecondition PERSONAL_DATA_ERASED" {
		t.Errorf("read: %s", got)
	}
	_, err = e.ErasePersonalData(head, &eraseReq{Name: q.GetName(), Reason: erase.GetReason()})
	if got := refusal(err); got != "FailedPrecondition PERSONAL_DATA_ERASED" {
		t.Errorf("again: %s", got)
	}
}

// What stands against reading and erasing.
func TestPersonalData_Refused(t *testing.T) {
	e := newEnv(t)
	kept, none := e.asked("2019-06-03", someone()).GetName(), e.received(town, "2019-06-03").GetName()
	reason := requestv1.ErasureReason_ERASURE_REASON_SUBJECT_ASKED
	read := func(ctx context.Context, name string, purpose requestv1.ReadPurpose) error {
		_, err := e.ReadPersonalData(ctx, &readReq{Name: name, Purpose: purpose})
		return err
	}
	erase := func(ctx context.Context, in *eraseReq) error { _, err := e.ErasePersonalData(ctx, in); return err }
	head := e.as(town, access.Approver)
	before := e.size()
	for what, c := range map[string]struct {
		err  error
		want string
	}{
		"none":                 {read(e.desk(town), none, handling), "FailedPrecondition PERSONAL_DATA_NONE"},
		"no purpose":           {read(e.desk(town), kept, 0), "InvalidArgument INVALID_FIELD purpose=NOT_IN_LIST"},
		"a supervisor":         {read(e.as("organizations/652701", access.Supervisor), kept, handling), "PermissionDenied PERMISSION_DENIED"},
		"an auditor":           {read(e.as(town, access.Auditor), kept, handling), "PermissionDenied PERMISSION_DENIED"},
		"another's":            {read(e.desk(other), kept, handling), "PermissionDenied PERMISSION_DENIED"},
		"the public":           {read(context.Background(), kept, handling), "Unauthenticated UNAUTHENTICATED"},
		"erase by a clerk":     {erase(e.desk(town), &eraseReq{Name: kept, Reason: reason}), "PermissionDenied PERMISSION_DENIED"},
		"erase without reason": {erase(head, &eraseReq{Name: kept}), "InvalidArgument INVALID_FIELD reason=NOT_IN_LIST"},
		"erase, stale":         {erase(head, &eraseReq{Name: kept, Reason: reason, Etag: "9"}), "Aborted STALE_ETAG etag=STALE_ETAG"},
		"erase none":           {erase(head, &eraseReq{Name: none, Reason: reason}), "FailedPrecondition PERSONAL_DATA_NONE"},
	} {
		if got := refusal(c.err); got != c.want {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
	if after := e.size(); after != before {
		t.Errorf("the log grew from %d to %d", before, after)
	}
}

// With another key file the requests can be handled, their data not be read; and they can still be erased.
func TestPersonalData_OtherKeyFile(t *testing.T) {
	e := newEnv(t)
	q := e.asked("2019-06-03", someone())
	content, err := vault.Generate()
	ok(t, err)
	v, err := vault.New(content)
	ok(t, err)
	e.vault = v
	e.restart()
	got, err := e.GetInformationRequest(e.desk(town), &getReq{Name: q.GetName()})
	ok(t, err)
	if got.GetPersonalData() != nil || got.GetPersonalDataState() != requestv1.PersonalDataState_PERSONAL_DATA_STATE_UNREADABLE {
		t.Errorf("shown: %v", got)
	}
	_, err = e.ReadPersonalData(e.desk(town), &readReq{Name: q.GetName(), Purpose: handling})
	if got := refusal(err); got != "FailedPrecondition PERSONAL_DATA_UNREADABLE" {
		t.Errorf("read: %s", got)
	}
	_, err = e.ConcludeInformationRequest(e.desk(town), &concludeReq{Name: q.GetName(), Outcome: "granted"})
	ok(t, err)
	erased, err := e.ErasePersonalData(e.as(town, access.Approver), &eraseReq{Name: q.GetName(), Reason: requestv1.ErasureReason_ERASURE_REASON_UNLAWFUL})
	ok(t, err)
	if erased.GetPersonalDataState() != requestv1.PersonalDataState_PERSONAL_DATA_STATE_ERASED || len(e.pairs(alike)) != 0 {
		t.Errorf("erased: %v", erased)
	}
}

// No byte of what was given stands in the store, not even after it was read, concluded and read again.
func TestPersonalData_NotInStore(t *testing.T) {
	e := newEnv(t)
	q := e.asked("2019-06-03", someone())
	_, err := e.ReadPersonalData(e.desk(town), &readReq{Name: q.GetName(), Purpose: handling})
	ok(t, err)
	for _, b := range []string{"requests", "requests.receipt", "requests.serials", "requests.keys", "requests.same", "requests.reads", "replays"} {
		for _, pair := range e.pairs(kv.Bucket{Name: b}) {
			for _, text := range []string{"甲乙", "199001", "139000", "示例路", "土地", "邮寄"} {
				if bytes.Contains(pair.Key, []byte(text)) || bytes.Contains(pair.Value, []byte(text)) {
					t.Errorf("%s stands in %s", text, b)
				}
			}
		}
	}
}

// What does not fit the personal data is found.
func TestCheck_PersonalData(t *testing.T) {
	e := newEnv(t)
	q, none := e.asked("2019-06-03", someone()), e.received(town, "2019-06-03")
	_, err := e.ReadPersonalData(e.desk(town), &readReq{Name: q.GetName(), Purpose: handling})
	ok(t, err)
	key, same, read := e.pairs(keys)[0], e.pairs(alike), e.pairs(reads)[0]
	_, id, _ := strings.Cut(none.GetName(), "/informationRequests/")
	foreign := e.keyOf(id)
	later := bytes.Clone(read.Key)
	later[len(later)-1]++
	renamed, err := proto.Marshal(&storev1.StoredPersonalDataRead{PersonalDataRead: &requestv1.PersonalDataRead{Name: q.GetName() + "/personalDataReads/x"}})
	ok(t, err)
	if len(same) != 2 {
		t.Fatalf("%d index entries", len(same))
	}
	for what, c := range map[string]struct {
		bucket     kv.Bucket
		key, value []byte
		want       string
	}{
		"key lost":        {keys, key.Key, nil, "has personal data, but no data key"},
		"key of none":     {keys, foreign, []byte("x"), "has a data key, but no personal data"},
		"key garbled":     {keys, key.Key[:12], []byte("x"), "is garbled"},
		"found wrongly":   {alike, append(bytes.Clone(same[0].Key[:len(same[0].Key)-16]), foreign[len(foreign)-16:]...), []byte{}, "is found by personal data that it does not have"},
		"index garbled":   {alike, same[0].Key[:12], []byte{}, "is garbled"},
		"read not logged": {reads, later, renamed, "/personalDataReads/x is stored in revision 1, the log has 0"},
		"read lost":       {reads, read.Key, nil, "is logged, but not stored"},
	} {
		before := e.put(c.bucket, c.key, c.value)
		if found := strings.Join(e.check(), "\n"); !strings.Contains(found, c.want) {
			t.Errorf("%s: found %q, want %q", what, found, c.want)
		}
		e.put(c.bucket, c.key, before)
	}
	if found := e.check(); len(found) > 0 {
		t.Errorf("put right: %v", found)
	}
}

// keyOf is the key of the request's record with an id, without the revision.
func (e *env) keyOf(id string) []byte {
	e.t.Helper()
	for _, pair := range e.pairs(kv.Bucket{Name: "requests"}) {
		if bytes.Contains(pair.Value, []byte(id)) {
			return pair.Key[:len(pair.Key)-8]
		}
	}
	e.t.Fatalf("no request %s", id)
	return nil
}
