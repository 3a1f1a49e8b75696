package report_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"testing"

	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/access"
)

// The signed copy is bound to the version that it shows: one a version, never replaced, its hash in the log, for the
// public once the report is published; a corrected version takes another. The suite's own check, which ends the test,
// reads the bytes against the hashes.
func TestSignedCopy(t *testing.T) {
	e := start(t)
	e.publish(town, "other", "2018-01-10")
	clerk, office := e.as(town, access.Clerk), e.as(city, access.Supervisor)
	const name = town + "/reports/2018"
	file := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("示例"), 200_000)...)
	attach := func(version int32, content []byte) error {
		_, err := e.AttachSignedCopy(clerk, &reportv1.AttachSignedCopyRequest{Name: name, Version: version, Content: content, FileName: "年报.pdf", AttachedBy: "示例"})
		return err
	}
	get := func(token bool, version int32) string {
		ctx := t.Context()
		if token {
			ctx = clerk
		}
		out, err := e.GetSignedCopy(ctx, &reportv1.GetSignedCopyRequest{Name: name, Version: version})
		if err != nil {
			return refusal(err)
		}
		hash := sha256.Sum256(out.GetContent())
		return fmt.Sprint(out.GetSignedCopy().GetVersion(), out.GetSignedCopy().GetMediaType(), bytes.Equal(hash[:], out.GetSignedCopy().GetSha256()), len(out.GetContent()))
	}
	equal(t, "no report", refusal(attach(1, file)), "NotFound NOT_FOUND")
	e.compile(town)
	equal(t, "a draft", refusal(attach(1, file)), "FailedPrecondition SIGNED_COPY_NOT_SUBMITTED")
	e.submit(town)
	equal(t, "a text", refusal(attach(1, []byte("示例"))), "InvalidArgument INVALID_FIELD content=SIGNED_COPY_KIND_UNKNOWN")
	equal(t, "another version", refusal(attach(2, file)), "FailedPrecondition SIGNED_COPY_OTHER_VERSION version=SIGNED_COPY_OTHER_VERSION")
	must(t, attach(1, file))
	equal(t, "again", refusal(attach(1, file)), "FailedPrecondition SIGNED_COPY_EXISTS version=SIGNED_COPY_EXISTS")
	e.giveBack(town, "有误")
	e.compile(town)
	e.submit(town)
	e.accept(town)
	must(t, attach(2, append(file, 'x')))
	equal(t, "to the organisation", get(true, 0), "2application/pdftrue"+fmt.Sprint(" ", len(file)+1))
	equal(t, "the returned version", get(true, 1), "1application/pdftrue"+fmt.Sprint(" ", len(file)))
	equal(t, "to the public, accepted", get(false, 0), "NotFound NOT_FOUND")
	_, err := e.PublishReport(clerk, &reportv1.PublishReportRequest{Name: name})
	must(t, err)
	equal(t, "to the public, published", get(false, 0), "2application/pdftrue"+fmt.Sprint(" ", len(file)+1))
	equal(t, "to the public, the returned version", get(false, 1), "NotFound NOT_FOUND")
	_, err = e.CorrectReport(clerk, &reportv1.CorrectReportRequest{Name: name, Reason: "漏计", CorrectedBy: "示例", TypedFigures: []*reportv1.Figure{{Cell: "disclosed.other", Value: 2}}})
	must(t, err)
	must(t, attach(3, []byte("\x89PNG\r\n\x1a\n示例")))
	equal(t, "corrected", get(false, 3), "3image/pngtrue 14")
	equal(t, "before", get(false, 2), "2application/pdftrue"+fmt.Sprint(" ", len(file)+1))
	public, err := e.GetReport(t.Context(), &reportv1.GetReportRequest{Name: name})
	must(t, err)
	equal(t, "copies for the public", len(public.GetSignedCopies()), 2)
	_, err = e.AttachSignedCopy(office, &reportv1.AttachSignedCopyRequest{Name: name, Version: 3, Content: file, AttachedBy: "示例"})
	equal(t, "by a supervisor", refusal(err), "PermissionDenied PERMISSION_DENIED")

	list, err := e.logs.ListEntries(t.Context(), &logv1.ListEntriesRequest{Parent: "logs/report", Decode: true, PageSize: 100})
	must(t, err)
	open := 0
	for _, entry := range list.GetEntries() {
		if entry.GetEntry().GetKind() == "report.copy_attached" {
			var logged reportv1.SignedCopy
			must(t, entry.GetEntry().GetState().UnmarshalTo(&logged))
			equal(t, "hash in the log", fmt.Sprintf("%x", logged.GetSha256()), fmt.Sprintf("%x", public.GetSignedCopies()[open].GetSha256()))
			open++
		}
	}
	equal(t, "open entries", open, 2)
}
