package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc/metadata"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/suite"
)

// unpack ARCHIVE DIR unpacks a data folder, which is named from the folder of the tests' sources.
func unpack(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: unpack ARCHIVE DIR")
	}
	in, err := os.Open(filepath.Join(ts.Value(sources{}).(string), args[0]))
	ts.Check(err)
	defer in.Close()
	unzipped, err := gzip.NewReader(in)
	ts.Check(err)
	for files := tar.NewReader(unzipped); ; {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		ts.Check(err)
		if h.Typeflag != tar.TypeReg {
			continue
		}
		path := filepath.Join(ts.MkAbs(args[1]), filepath.FromSlash(h.Name))
		ts.Check(os.MkdirAll(filepath.Dir(path), 0o700))
		content, err := io.ReadAll(files)
		ts.Check(err)
		ts.Check(os.WriteFile(path, content, 0o600))
	}
}

// sources is the key of the folder of the tests' sources.
type sources struct{}

// publish DATA publishes two records of a township in a data folder, and waits until they are folded.
func publish(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: publish DATA")
	}
	s, err := suite.Open(suite.Options{Data: ts.MkAbs(args[0])})
	ts.Check(err)
	defer func() { ts.Check(s.Close(context.Background())) }()
	token, err := s.Issuer.Mint(access.Identity{Account: "a", Grants: []access.Grant{
		{Role: access.Clerk, Organization: "652701201"}, {Role: access.Reviewer, Organization: "652701201"},
	}}, time.Minute)
	ts.Check(err)
	ctx, cancel := context.WithTimeout(metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer "+token), longest)
	defer cancel()
	client := disclosurev1.NewDisclosureServiceClient(s.Conn)
	for range 2 {
		d, err := client.CreateDisclosure(ctx, &disclosurev1.CreateDisclosureRequest{Parent: "organizations/652701201", Disclosure: &disclosurev1.Disclosure{
			Title: "示例", Content: "示例。", Category: "other", FormedOn: &date.Date{Year: 2018, Month: 6, Day: 1},
		}})
		ts.Check(err)
		_, err = client.PublishDisclosure(ctx, &disclosurev1.PublishDisclosureRequest{Name: d.GetName(), PublishedOn: &date.Date{Year: 2018, Month: 6, Day: 2}})
		ts.Check(err)
	}
	for !folded(ctx, ts, s) {
		continue
	}
}

// killed ARCHIVE DATA SIZE... restores again and again, kills the process at another moment each time but the last, and checks that
// the folder is whole each time and that its disclosure log has one of the sizes: that of before or that of after.
func killed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: killed ARCHIVE DATA SIZE SIZE")
	}
	restore := func() *exec.Cmd {
		cmd := exec.Command("gongkai", "restore", args[0], "--data", args[1])
		cmd.Dir = ts.MkAbs(".")
		ts.Check(cmd.Start())
		return cmd
	}
	data := ts.MkAbs(args[1])
	older, err := filepath.Abs(data + ".kept")
	ts.Check(err)
	ts.Check(os.CopyFS(older, os.DirFS(data)))
	begin := time.Now()
	ts.Check(restore().Wait())
	whole := time.Since(begin)

	const rounds = 40
	seen := map[string]int{}
	for i := range rounds {
		ts.Check(os.RemoveAll(data))
		ts.Check(os.CopyFS(data, os.DirFS(older)))
		cmd := restore()
		if i < rounds-1 {
			<-time.After(2 * whole * time.Duration(i) / rounds) // the moment is what is tested
			_ = cmd.Process.Kill()                              // it may have ended
		}
		_ = cmd.Wait()
		verdict, err := suite.Fsck(context.Background(), data)
		ts.Check(err)
		size := strconv.FormatInt(verdict.Logs[1].Size, 10)
		if seen[size]++; len(verdict.Differences) > 0 || size != args[2] && size != args[3] {
			ts.Fatalf("killed after %d of %d: %+v", i, rounds, verdict)
		}
	}
	if seen[args[2]] == 0 || seen[args[3]] == 0 {
		ts.Fatalf("every process was killed too early, or too late: %v", seen)
	}
	ts.Logf("killed %d times within %s: %v", rounds, whole, seen)
}

// folded tells whether the report service has folded all that disclosure has logged.
func folded(ctx context.Context, ts *testscript.TestScript, s *suite.Suite) bool {
	c, err := logv1.NewLogServiceClient(s.Conn).GetCheckpoint(ctx, &logv1.GetCheckpointRequest{Name: "logs/disclosure"})
	ts.Check(err)
	rollup, err := reportv1.NewReportServiceClient(s.Conn).GetRollup(ctx, &reportv1.GetRollupRequest{Name: "organizations/652701/rollups/2018"})
	ts.Check(err)
	for _, feed := range rollup.GetBasis() {
		if feed.GetLog() == c.GetName() {
			return feed.GetSize() == c.GetSize()
		}
	}
	return false
}

// Services that run apart, and show each other certificates, are saved together; without a certificate nothing is.
func TestBackupApart(t *testing.T) {
	s := startSecured(t)
	issuer, err := suite.OpenIssuer(s.tokenKey(), time.Now)
	must(t, err)
	token, err := issuer.Mint(access.Identity{Account: "root", Grants: []access.Grant{{Role: access.Administrator, Organization: access.Everywhere}}}, time.Hour)
	must(t, err)
	file := filepath.Join(s.dir, "token")
	must(t, os.WriteFile(file, []byte(token+"\n"), 0o600))
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+token)
	_, err = directoryv1.NewDirectoryServiceClient(s.gateway.suite.Connection("directory")).CreateOrganization(ctx, &directoryv1.CreateOrganizationRequest{
		OrganizationId: "65", Organization: &directoryv1.Organization{
			DisplayName: "示例", Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true, FoundedOn: &date.Date{Year: 2008, Month: 5, Day: 1},
		},
	})
	must(t, err)

	archive, data := filepath.Join(s.dir, "apart.tar"), filepath.Join(s.dir, "restored")
	args := []string{"backup", "--grpc", s.services.grpcAddress(), "--directory", s.directory.grpcAddress(), "--token-file", file, archive}
	var out, errs bytes.Buffer
	if code := run(args, streams{out: &out, err: &errs}); code != exitFailed || !strings.Contains(errs.String(), "Unavailable") {
		t.Errorf("without a certificate: %d, %s", code, errs.String())
	}
	own := filepath.Join(s.dir, "gateway")
	args = append(args, "--tls-ca", filepath.Join(own, "ca.pem"), "--tls-cert", filepath.Join(own, "cert.pem"), "--tls-key", filepath.Join(own, "key.pem"))
	for _, args := range [][]string{args, {"restore", archive, "--data", data}, {"fsck", "--data", data}} {
		errs.Reset()
		if code := run(args, streams{out: &out, err: &errs}); code != 0 {
			t.Fatalf("%s: %d, %s", args[0], code, errs.String())
		}
	}
	if !strings.Contains(out.String(), "logs/directory          1 entries") || !strings.Contains(out.String(), "equal") {
		t.Errorf("it printed %s", out.String())
	}
}
