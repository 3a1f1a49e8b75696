package report

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/law"

	"google.golang.org/protobuf/types/known/timestamppb"
)

// Reasons of signed copies. Values as said.
const (
	CopyExists       law.Reason = "SIGNED_COPY_EXISTS"        // version
	CopyOtherVersion law.Reason = "SIGNED_COPY_OTHER_VERSION" // version, current
	CopyNotSubmitted law.Reason = "SIGNED_COPY_NOT_SUBMITTED"
	CopyKindUnknown  law.Reason = "SIGNED_COPY_KIND_UNKNOWN"
)

// mayAttach tells whether a signed copy of a version can be attached to a report.
func mayAttach(r *reportv1.Report, version int32) error {
	broken := law.Under(law.Citation{})
	state := r.GetState()
	waits := state == reportv1.ReportState_REPORT_STATE_DRAFT || state == reportv1.ReportState_REPORT_STATE_RETURNED
	broken.If(waits, CopyNotSubmitted, "")
	broken.If(!waits && version != r.GetVersion(), CopyOtherVersion, "version", "version", fmt.Sprint(version), "current", fmt.Sprint(r.GetVersion()))
	broken.If(copyOf(r, version) != nil, CopyExists, "version", "version", fmt.Sprint(version))
	return broken.Err()
}

// copyOf is the signed copy of a version; nil if there is none.
func copyOf(r *reportv1.Report, version int32) *reportv1.SignedCopy {
	for _, c := range r.GetSignedCopies() {
		if c.GetVersion() == version {
			return c
		}
	}
	return nil
}

// mediaType tells what a file is by its first bytes; empty for anything that a signed copy is not. An OFD (GB/T 33190) is
// a zip archive that holds OFD.xml.
func mediaType(content []byte) string {
	switch {
	case bytes.HasPrefix(content, []byte("%PDF-")):
		return "application/pdf"
	case bytes.HasPrefix(content, []byte("PK\x03\x04")) && bytes.Contains(content, []byte("OFD.xml")):
		return "application/ofd"
	case bytes.HasPrefix(content, []byte("\x89PNG\r\n\x1a\n")):
		return "image/png"
	case bytes.HasPrefix(content, []byte("\xff\xd8\xff")):
		return "image/jpeg"
	}
	return ""
}

// AttachSignedCopy attaches the signed and stamped copy of a version. Errors: NOT_FOUND, ABORTED (old etag),
// INVALID_ARGUMENT for a file of another kind, FAILED_PRECONDITION if the report is not submitted, the version is not its
// current one, or has a copy already.
func (s *Server) AttachSignedCopy(ctx context.Context, in *reportv1.AttachSignedCopyRequest) (*reportv1.Report, error) {
	kind := mediaType(in.GetContent())
	if kind == "" {
		return nil, fault.Field("content", CopyKindUnknown)
	}
	hash := sha256.Sum256(in.GetContent())
	return s.change(ctx, in, attached, func(tx kv.Tx, n reportName, report *reportv1.Report, at *stamp) error {
		if err := mayAttach(report, in.GetVersion()); err != nil {
			return err
		}
		report.SignedCopies = append(report.SignedCopies, &reportv1.SignedCopy{
			Version: in.GetVersion(), Sha256: hash[:], Size: int32(len(in.GetContent())), MediaType: kind,
			FileName: in.GetFileName(), AttachedBy: in.GetAttachedBy(), AttachTime: timestamppb.New(at.At),
		})
		return putCopy(tx, n, in.GetVersion(), in.GetContent())
	})
}

// GetSignedCopy gets a signed and stamped copy; the public that of a published report. Errors: NOT_FOUND.
func (s *Server) GetSignedCopy(ctx context.Context, in *reportv1.GetSignedCopyRequest) (*reportv1.GetSignedCopyResponse, error) {
	n, err := parseName(in.GetName())
	if err != nil {
		return nil, err
	}
	all, err := seesAll(ctx, string(n.organization))
	if err != nil {
		return nil, err
	}
	out := &reportv1.GetSignedCopyResponse{}
	err = s.DB.View(ctx, func(r kv.Reader) error {
		stored, err := getReport(r, n)
		if err != nil {
			return err
		}
		report := stored.GetReport()
		if !all && report.GetState() != reportv1.ReportState_REPORT_STATE_PUBLISHED {
			return fault.NotFound(in.GetName())
		}
		found := shown(report, all).GetSignedCopies()
		if in.GetVersion() > 0 {
			found = slices.DeleteFunc(found, func(c *reportv1.SignedCopy) bool { return c.GetVersion() != in.GetVersion() })
		}
		if len(found) == 0 {
			return fault.NotFound(in.GetName())
		}
		out.SignedCopy = found[len(found)-1]
		out.Content, err = getCopy(r, n, out.GetSignedCopy().GetVersion())
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// acceptedCopies drops the copies of versions that were never accepted: the first that was is the one before all corrections.
func acceptedCopies(r *reportv1.Report) []*reportv1.SignedCopy {
	first := r.GetVersion() - int32(len(r.GetCorrections()))
	return slices.DeleteFunc(slices.Clone(r.GetSignedCopies()), func(c *reportv1.SignedCopy) bool { return c.GetVersion() < first })
}

// copyPiece is how many bytes of a copy stand in one value.
const copyPiece = 256 << 10

func copyKey(n reportName, version int32) []byte {
	return binary.BigEndian.AppendUint32(periodKey(n.organization, n.period), uint32(version))
}

// putCopy stores the bytes of a copy, piece by piece.
func putCopy(tx kv.Tx, n reportName, version int32, content []byte) error {
	number := uint32(0)
	for piece := range slices.Chunk(content, copyPiece) {
		if err := tx.Put(copies, binary.BigEndian.AppendUint32(copyKey(n, version), number), piece); err != nil {
			return fmt.Errorf("write signed copy: %w", err)
		}
		number++
	}
	return nil
}

// getCopy reads the bytes of a copy; none if it is not there.
func getCopy(r kv.Reader, n reportName, version int32) ([]byte, error) {
	var content []byte
	for pair, err := range r.Scan(copies, kv.Prefix(copyKey(n, version))) {
		if err != nil {
			return nil, fmt.Errorf("read signed copy: %w", err)
		}
		content = append(content, pair.Value...)
	}
	return content, nil
}

// checkCopies compares the bytes of the signed copies with the hashes in their reports, both ways.
func checkCopies(r kv.Reader, n reportName, report *reportv1.Report, seen map[string]bool) ([]string, error) {
	var found []string
	for _, c := range report.GetSignedCopies() {
		content, err := getCopy(r, n, c.GetVersion())
		if err != nil {
			return nil, err
		}
		if hash := sha256.Sum256(content); !bytes.Equal(hash[:], c.GetSha256()) {
			found = append(found, fmt.Sprintf("the signed copy of version %d of %s is not what the report says", c.GetVersion(), n))
		}
		seen[string(copyKey(n, c.GetVersion()))] = true
	}
	return found, nil
}

// strayCopies are pieces of copies that no report has.
func strayCopies(r kv.Reader, seen map[string]bool) ([]string, error) {
	var found []string
	for pair, err := range r.Scan(copies, kv.Range{}) {
		if err != nil {
			return nil, fmt.Errorf("read signed copies: %w", err)
		}
		if key := pair.Key; len(key) < 8 || !seen[string(key[:len(key)-4])] {
			found = append(found, fmt.Sprintf("a signed copy %x belongs to no report", key))
		}
	}
	return found, nil
}
