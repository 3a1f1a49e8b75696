package disclosure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	apiv1 "gongkai/proto/gongkai/api/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/fault"
	"gongkai/services/disclosure/ledger"
	"gongkai/services/law"

	"google.golang.org/grpc"
)

// Reasons of an import's own rules, with the values that their texts name.
const (
	NumberTwice     law.Reason = "INDEX_NUMBER_TWICE"            // number, row
	RecordDiffers   law.Reason = "RECORD_DIFFERS"                // record
	RowWithdrawn    law.Reason = "ROW_WITHDRAWN"                 // none
	DateNotImported law.Reason = "PUBLICATION_DATE_NOT_IMPORTED" // none; a note
)

// ImportDisclosures imports a ledger. Source: R2019 arts. 17, 19, 20, 26; GB/T 9704-2012. Errors: INVALID_ARGUMENT (no
// ledger), NOT_FOUND (unknown organisation), PERMISSION_DENIED. What is wrong with rows is told in the answer.
//
// All or nothing means two passes over the file: the first must find nothing wrong, the second writes. Both modes
// write in transactions of bounded size, so an import that breaks off has written a part. Each row has a key, which is
// kept: of the index number that the ledger gives, else of all that the row says and of how many equal rows came
// before it. So an import can be repeated, also after rows were added to the file or removed from it, and after
// rows that were refused were corrected. A row that was corrected after it was imported is told as such if it has an
// index number; without one it is another row, and becomes another record.
func (s *Server) ImportDisclosures(stream grpc.ClientStreamingServer[disclosurev1.ImportDisclosuresRequest, disclosurev1.ImportDisclosuresResponse]) error {
	first, err := stream.Recv()
	if err != nil {
		return notBegun(err)
	}
	settings := first.GetSettings()
	if settings == nil {
		return fault.Field("settings", "REQUIRED")
	}
	in, err := s.newImport(stream.Context(), settings)
	if err != nil {
		return err
	}
	file, size, err := spool(stream)
	if err != nil {
		return invalid(err)
	}
	defer func() { _ = file.Close() }()
	out, err := in.run(stream.Context(), file, size)
	if err != nil {
		return invalid(err)
	}
	return stream.SendAndClose(out)
}

// notBegun is the error of a stream that ended before its first message.
func notBegun(err error) error {
	if err == io.EOF {
		return fault.Field("settings", "REQUIRED")
	}
	return err
}

// newImport checks who imports where. The chain has let in who calls, but not where: that stands in the settings, and
// no later message has it.
func (s *Server) newImport(ctx context.Context, settings *disclosurev1.ImportSettings) (*importing, error) {
	in := &importing{Server: s, settings: settings, organization: access.OrganizationOf(settings.GetParent())}
	err := s.known(ctx, in.organization)
	if err != nil {
		return nil, err
	}
	if in.drafting, err = authorized(ctx, apiv1.Permission_PERMISSION_RECORD, in.organization); err != nil {
		return nil, err
	}
	if settings.GetPublish() {
		if in.publishing, err = authorized(ctx, apiv1.Permission_PERMISSION_PUBLISH, in.organization); err != nil {
			return nil, err
		}
	}
	return in, nil
}

// authorized returns a context that knows by which right its caller does something in an organisation, or the error
// of a caller that may not.
func authorized(ctx context.Context, p apiv1.Permission, organization string) (context.Context, error) {
	ctx, ok, err := access.Authorize(ctx, p, organization)
	switch {
	case errors.Is(err, access.ErrUnknownOrganization):
		return nil, fault.NotFound("organizations/" + organization)
	case err != nil:
		return nil, err
	case !ok:
		return nil, fault.Denied(p, organization)
	}
	return ctx, nil
}

// spool puts the file aside, since it is read more than once. Its name is gone at once, so that nothing is left of it
// whatever happens.
func spool(stream grpc.ClientStreamingServer[disclosurev1.ImportDisclosuresRequest, disclosurev1.ImportDisclosuresResponse]) (_ *os.File, size int64, err error) {
	file, err := os.CreateTemp("", "gongkai-import-")
	if err != nil {
		return nil, 0, fmt.Errorf("put the file aside: %w", err)
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, file.Close())
		}
	}()
	for {
		in, err := stream.Recv()
		if err == io.EOF {
			return file, size, nil
		}
		if err != nil {
			return nil, 0, err
		}
		if in.GetSettings() != nil {
			return nil, 0, fault.Field("settings", "BAD_FORMAT")
		}
		if size += int64(len(in.GetChunk())); size > ledger.MaxBytes {
			return nil, 0, fault.Field("file", ledger.TooLarge, "limit", fmt.Sprint(ledger.MaxBytes>>20))
		}
		if _, err := file.Write(in.GetChunk()); err != nil {
			return nil, 0, fmt.Errorf("put the file aside: %w", err)
		}
	}
}

// invalid makes INVALID_ARGUMENT of a file that cannot be read. What it says is about the request, not about the state
// of anything.
func invalid(err error) error {
	if found := violations(err); len(found) > 0 {
		return fault.Fields(found...)
	}
	return err
}

// GetImportTemplate gets a spreadsheet to fill in.
func (s *Server) GetImportTemplate(_ context.Context, in *disclosurev1.GetImportTemplateRequest) (*disclosurev1.GetImportTemplateResponse, error) {
	content, err := s.template(int(in.GetYear()))
	if err != nil {
		return nil, err
	}
	return &disclosurev1.GetImportTemplateResponse{FileName: ledger.TemplateName, ContentType: ledger.XLSX.ContentType(), Content: content}, nil
}
