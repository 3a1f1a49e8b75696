package suite_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/law/workday"
	"gongkai/services/suite"

	"go.etcd.io/bbolt"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// open opens a suite on a folder. It is closed when the test ends, if not before.
func open(t *testing.T, data string) *suite.Suite {
	t.Helper()
	s, err := suite.Open(suite.Options{Data: data})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close(context.Background())) })
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// enter creates an organisation at the top of the tree.
func enter(t *testing.T, s *suite.Suite, conn grpc.ClientConnInterface, id string) error {
	t.Helper()
	ctx := metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer "+administrator(t, s))
	_, err := directoryv1.NewDirectoryServiceClient(conn).CreateOrganization(ctx, organization(id))
	return err
}

// administrator is a token of an administrator.
func administrator(t *testing.T, s *suite.Suite) string {
	t.Helper()
	token, err := s.Issuer.Mint(access.Identity{
		Account: "a", Grants: []access.Grant{{Role: access.Administrator, Organization: access.Everywhere}},
	}, time.Hour)
	must(t, err)
	return token
}

// organization is what creates an organisation at the top of the tree.
func organization(id string) *directoryv1.CreateOrganizationRequest {
	return &directoryv1.CreateOrganizationRequest{
		OrganizationId: id, Organization: &directoryv1.Organization{
			DisplayName: "示例", Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true, FoundedOn: &date.Date{Year: 2008, Month: 5, Day: 1},
		},
	}
}

func checkpoint(t *testing.T, s *suite.Suite, service string) *logv1.Checkpoint {
	t.Helper()
	c, err := logv1.NewLogServiceClient(s.Conn).GetCheckpoint(t.Context(), &logv1.GetCheckpointRequest{Name: "logs/" + service})
	must(t, err)
	return c
}

// A folder is opened again with the same keys and the same logs, by one process at a time.
func TestOpen(t *testing.T) {
	data := filepath.Join(t.TempDir(), "new", "folder")
	s := open(t, data)
	must(t, enter(t, s, s.Conn, "65"))
	before := checkpoint(t, s, "directory")
	if _, err := suite.Open(suite.Options{Data: data}); !errors.Is(err, kv.ErrLocked) {
		t.Errorf("opened twice: %v", err)
	}
	token, err := s.Issuer.Mint(access.Identity{Account: "a", Grants: []access.Grant{{Role: access.Clerk, Organization: "65"}}}, time.Hour)
	must(t, err)
	must(t, s.Close(t.Context()))
	if s.Err() != nil {
		t.Errorf("a suite that was closed ended with %v", s.Err())
	}
	s = open(t, data)
	after := checkpoint(t, s, "directory")
	if after.GetSize() != before.GetSize() || string(after.GetRoot()) != string(before.GetRoot()) || after.GetVerifierKey() != before.GetVerifierKey() {
		t.Errorf("%v after, %v before", after, before)
	}
	if _, err := s.Issuer.Verifier().Verify(token); err != nil {
		t.Errorf("the token of before: %v", err)
	}
	keys, err := os.ReadDir(filepath.Join(data, "keys"))
	must(t, err)
	for _, k := range keys {
		info, err := k.Info()
		must(t, err)
		if private := !strings.HasSuffix(k.Name(), ".pub"); private && info.Mode().Perm() != 0o600 {
			t.Errorf("%s can be read by others: %s", k.Name(), info.Mode())
		}
	}
	if len(keys) != 2+2*len(suite.Stored()) {
		t.Errorf("%d keys", len(keys))
	}
}

// A folder that cannot be used is an error, and leaves nothing open.
func TestOpen_Refused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	if _, err := suite.Open(suite.Options{Data: file}); err == nil {
		t.Error("a file is taken for a folder")
	}
	data := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(data, "keys"), 0o700))
	must(t, os.WriteFile(filepath.Join(data, "keys", "token.pem"), []byte("garbage"), 0o600))
	if _, err := suite.Open(suite.Options{Data: data}); err == nil || !strings.Contains(err.Error(), "token key") {
		t.Errorf("a garbled key: %v", err)
	}
	must(t, os.Remove(filepath.Join(data, "keys", "token.pem")))
	open(t, data) // nothing was left locked
}

// The network and the process lead to the same server.
func TestServe(t *testing.T) {
	s := open(t, t.TempDir())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	conn, err := grpc.NewClient(l.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	must(t, err)
	must(t, enter(t, s, conn, "65"))
	if got := status.Code(enter(t, s, s.Conn, "65")); got != codes.AlreadyExists {
		t.Errorf("in the process: %s", got)
	}
	must(t, conn.Close())
	must(t, s.Close(t.Context()))
	must(t, <-served)
}

// A service's tokens are made anew before they expire.
func TestServiceTokens(t *testing.T) {
	now := time.Date(2019, 1, 10, 4, 0, 0, 0, time.UTC)
	times := make(chan time.Time, 1)
	times <- now
	s, err := suite.Open(suite.Options{Data: t.TempDir(), Now: func() time.Time {
		at := <-times
		times <- at
		return at
	}})
	must(t, err)
	defer func() { must(t, s.Close(context.Background())) }()
	for i, id := range []string{"11", "12", "13"} {
		<-times
		times <- now.Add(time.Duration(i) * 50 * time.Minute)
		must(t, enter(t, s, s.Conn, id)) // asks the mirror, which asks the directory
	}
}

// Fsck finds a whole folder equal, also against a checkpoint that was kept outside.
func TestFsck(t *testing.T) {
	data := t.TempDir()
	s := open(t, data)
	must(t, enter(t, s, s.Conn, "65"))
	early := checkpoint(t, s, "directory").GetNote()
	must(t, enter(t, s, s.Conn, "64"))
	must(t, s.Close(t.Context()))
	v, err := suite.Fsck(t.Context(), data, early)
	must(t, err)
	if len(v.Differences) > 0 || len(v.Logs) != 4 || v.Logs[0].Name != "logs/directory" || v.Logs[0].Size != 2 {
		t.Errorf("%+v", v)
	}

	other := open(t, t.TempDir())
	must(t, enter(t, other, other.Conn, "65"))
	for name, text := range map[string]string{"another suite's": checkpoint(t, other, "directory").GetNote(), "garbage": "garbage", "changed": strings.Replace(early, "\n1\n", "\n2\n", 1)} {
		v, err := suite.Fsck(t.Context(), data, early, text)
		must(t, err)
		if len(v.Differences) != 1 || !strings.Contains(v.Differences[0], "checkpoint 2 is signed by none") {
			t.Errorf("%s: %v", name, v.Differences)
		}
	}
}

// A folder that lacks something is told; nothing is made anew.
func TestFsck_Incomplete(t *testing.T) {
	if _, err := suite.Fsck(t.Context(), t.TempDir()); err == nil {
		t.Error("an empty folder is checked")
	}
	for _, file := range []string{"request.db", "keys/report.key", "keys/report.pub"} {
		data := t.TempDir()
		must(t, open(t, data).Close(t.Context()))
		must(t, os.Remove(filepath.Join(data, file)))
		if _, err := suite.Fsck(t.Context(), data); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("without %s: %v", file, err)
		}
		if _, err := os.Stat(filepath.Join(data, file)); err == nil {
			t.Errorf("%s was made anew", file)
		}
	}
}

// tamper changes values of a bucket behind the suite's back.
func tamper(t *testing.T, data, service, bucket string, change func(key, value []byte) []byte) {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(data, service+".db"), 0o600, nil)
	must(t, err)
	must(t, db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte(bucket))
		if b == nil {
			t.Fatalf("%s has no bucket %s", service, bucket)
		}
		changed := map[string][]byte{}
		if err := b.ForEach(func(k, v []byte) error {
			changed[string(k)] = change(k, append([]byte(nil), v...))
			return nil
		}); err != nil {
			return err
		}
		for k, v := range changed {
			if err := b.Put([]byte(k), v); err != nil {
				return err
			}
		}
		return nil
	}))
	must(t, db.Close())
}

// Whatever is changed behind the suite's back is found.
func TestFsck_Tampered(t *testing.T) {
	flip := func(_, value []byte) []byte {
		value[len(value)-1] ^= 1
		return value
	}
	for _, c := range []struct{ service, bucket string }{
		{"directory", "organizations"}, {"directory", "log.entries"}, {"directory", "log.hashes"}, {"report", "organizations"}, {"report", "feeds"},
	} {
		data := t.TempDir()
		s := open(t, data)
		must(t, enter(t, s, s.Conn, "65"))
		for { // until the report service has it
			v, err := s.Verify(t.Context())
			must(t, err)
			if followed(t, s) {
				if len(v.Differences) > 0 {
					t.Fatal(v.Differences)
				}
				break
			}
		}
		must(t, s.Close(t.Context()))
		tamper(t, data, c.service, c.bucket, flip)
		if v, err := suite.Fsck(t.Context(), data); err == nil && len(v.Differences) == 0 {
			t.Errorf("a change of %s in %s is not found", c.bucket, c.service)
		}
	}
}

// A suite whose feed is not the one that was followed stops, and says why.
func TestDiverged(t *testing.T) {
	data, other := t.TempDir(), t.TempDir()
	s := open(t, data)
	must(t, enter(t, s, s.Conn, "65"))
	for !followed(t, s) {
		continue
	}
	must(t, s.Close(t.Context()))
	s = open(t, other)
	must(t, enter(t, s, s.Conn, "64"))
	must(t, s.Close(t.Context()))
	foreign, err := os.ReadFile(filepath.Join(other, "directory.db"))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(data, "directory.db"), foreign, 0o600))
	s = open(t, data)
	select {
	case <-s.Done():
	case <-time.After(20 * time.Second):
		t.Fatal("the suite goes on")
	}
	if !errors.Is(s.Err(), eventlog.ErrDiverged) {
		t.Errorf("it stopped for %v", s.Err())
	}
}

// followed tells whether the report service has folded the directory.
func followed(t *testing.T, s *suite.Suite) bool {
	t.Helper()
	out, err := reportv1.NewReportServiceClient(s.Conn).GetRollup(t.Context(), &reportv1.GetRollupRequest{Name: "organizations/65/rollups/2018"})
	return err == nil && out.GetBasis()[0].GetSize() == checkpoint(t, s, "directory").GetSize()
}

// The further holiday notices of an administrator reach the request service: open requests are re-dated when the suite
// opens with them, and what moved is listed.
func TestOpen_Holidays(t *testing.T) {
	data := t.TempDir()
	now := func() time.Time { return time.Date(2021, time.June, 28, 4, 0, 0, 0, time.UTC) }
	with := func(c *workday.Calendar) (*suite.Suite, requestv1.RequestServiceClient, context.Context) {
		s, err := suite.Open(suite.Options{Data: data, Now: now, Calendar: c})
		must(t, err)
		t.Cleanup(func() { must(t, s.Close(context.Background())) })
		token, err := s.Issuer.Mint(access.Identity{Account: "a", Grants: []access.Grant{{Role: access.Clerk, Organization: "65"}}}, time.Hour)
		must(t, err)
		return s, requestv1.NewRequestServiceClient(s.Conn), metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+token)
	}
	s, client, desk := with(nil)
	must(t, enter(t, s, s.Conn, "65"))
	q, err := client.CreateInformationRequest(desk, &requestv1.CreateInformationRequestRequest{Parent: "organizations/65", InformationRequest: &requestv1.InformationRequest{
		ApplicantKind: requestv1.ApplicantKind_APPLICANT_KIND_BUSINESS, Channel: requestv1.RequestChannel_REQUEST_CHANNEL_FAX, ReceivedOn: &date.Date{Year: 2021, Month: 6, Day: 4},
	}})
	must(t, err)
	if on := q.GetDueOn(); on.GetMonth() != 7 || on.GetDay() != 5 {
		t.Fatalf("due on %v", on)
	}
	must(t, s.Close(t.Context()))
	official, err := workday.Official()
	must(t, err)
	// Made up: 1 and 2 July 2021 are days off.
	more, err := official.With(strings.NewReader("notices:\n  - number: 示例〔2021〕1号\n    date: 2021-06-25\n    year: 2021\n    amends: 国办发明电〔2020〕27号\n    holidays:\n      - {zh: 示例节, en: Example Day, rest: [2021-07-01/2021-07-02]}\n"))
	must(t, err)
	_, client, desk = with(&more)
	for {
		list, err := client.ListDuties(desk, &requestv1.ListDutiesRequest{Parent: "organizations/65", MovedSince: &date.Date{Year: 2021, Month: 6, Day: 28}})
		must(t, err)
		if len(list.GetDuties()) == 0 { // the followers have not got to it
			runtime.Gosched()
			continue
		}
		d := list.GetDuties()[0]
		if d.GetInformationRequest().GetName() != q.GetName() || d.GetDueBefore().GetDay() != 5 || d.GetOn().GetDay() != 7 {
			t.Errorf("moved: %v", d)
		}
		return
	}
}

// Run apart, the request service reaches the disclosure service by its address, as whoever calls; one that was not told
// the address says so.
func TestPublishAnswer_Apart(t *testing.T) {
	open := func(o suite.Options) (*suite.Suite, string) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		must(t, err)
		s, err := suite.Open(o)
		must(t, err)
		served := make(chan error, 1)
		go func() { served <- s.Serve(l) }()
		t.Cleanup(func() {
			must(t, s.Close(context.Background()))
			must(t, <-served)
		})
		return s, l.Addr().String()
	}
	data := t.TempDir()
	others, at := open(suite.Options{Data: data, Run: []string{"directory", "disclosure"}})
	must(t, enter(t, others, others.Conn, "65"))
	publish := func(addresses map[string]string) (*requestv1.InformationRequest, error) {
		s, _ := open(suite.Options{Data: t.TempDir(), Run: []string{"request"}, Addresses: addresses, TokenKey: suite.TokenKey(data)})
		token, err := s.Issuer.Mint(access.Identity{Account: "a", Grants: []access.Grant{{Role: access.Clerk, Organization: "65"}}}, time.Hour)
		must(t, err)
		desk, client := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+token), requestv1.NewRequestServiceClient(s.Conn)
		q, err := client.CreateInformationRequest(desk, &requestv1.CreateInformationRequestRequest{Parent: "organizations/65", InformationRequest: &requestv1.InformationRequest{
			ApplicantKind: requestv1.ApplicantKind_APPLICANT_KIND_BUSINESS, Channel: requestv1.RequestChannel_REQUEST_CHANNEL_FAX, ReceivedOn: &date.Date{Year: 2021, Month: 6, Day: 4},
		}})
		must(t, err)
		_, err = client.ConcludeInformationRequest(desk, &requestv1.ConcludeInformationRequestRequest{Name: q.GetName(), Outcome: "granted", AnsweredOn: &date.Date{Year: 2021, Month: 6, Day: 7}})
		must(t, err)
		return client.PublishAnswer(desk, &requestv1.PublishAnswerRequest{Name: q.GetName(), Title: "示例", Category: "other"})
	}
	if q, err := publish(map[string]string{"directory": at, "disclosure": at}); err != nil || !strings.HasPrefix(q.GetDisclosure(), "organizations/65/disclosures/") {
		t.Errorf("published to all: %v, %v", q, err)
	}
	if _, err := publish(map[string]string{"directory": at}); status.Code(err) != codes.FailedPrecondition {
		t.Errorf("without the address: %v", err)
	}
}
