package disclosure

import (
	"context"
	"fmt"

	apiv1 "gongkai/proto/gongkai/api/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/fault"
	"gongkai/services/disclosure/ledger"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

// exportPiece is how many bytes of a file go into a message.
const exportPiece = 64 << 10

// ExportDisclosures exports what ListDisclosures lists. Errors: NOT_FOUND (unknown organisation), INVALID_ARGUMENT (a
// filter that does not parse).
func (s *Server) ExportDisclosures(in *disclosurev1.ExportDisclosuresRequest, stream grpc.ServerStreamingServer[disclosurev1.ExportDisclosuresResponse]) error {
	q := query{organization: access.OrganizationOf(in.GetParent()), size: mostPage}
	var err error
	if q.filter, err = parseFilter(in.GetFilter()); err != nil {
		return fault.Invalid("filter", apiv1.ErrorReason_ERROR_REASON_INVALID_FILTER, err)
	}
	if q.internal, err = access.Allows(stream.Context(), apiv1.Permission_PERMISSION_READ, q.organization); err != nil {
		return err
	}
	format := formatOf(in.GetFormat())
	out := &pieces{stream: stream, next: &disclosurev1.ExportDisclosuresResponse{
		FileName: q.organization + "-主动公开台账." + string(format), ContentType: format.ContentType(),
	}}
	first, err := s.page(stream.Context(), q)
	if err != nil {
		return err
	}
	w, err := ledger.NewWriter(out, format, "台账", s.forms)
	if err != nil {
		return err
	}
	if err := s.export(stream.Context(), w, q, first); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return out.flush()
}

func formatOf(f disclosurev1.ExportFormat) ledger.Format {
	switch f {
	case disclosurev1.ExportFormat_EXPORT_FORMAT_CSV:
		return ledger.CSV
	case disclosurev1.ExportFormat_EXPORT_FORMAT_JSONL:
		return ledger.JSONL
	}
	return ledger.XLSX
}

// export writes page after page. None is read while one is sent.
func (s *Server) export(ctx context.Context, w *ledger.Writer, q query, p page) (err error) {
	for {
		for _, d := range p.disclosures {
			if err := w.Write(exported(d)); err != nil {
				return err
			}
		}
		if !p.more {
			return nil
		}
		q.after = p.last
		if p, err = s.page(ctx, q); err != nil {
			return fmt.Errorf("export organizations/%s: %w", q.organization, err)
		}
	}
}

// exported is a record as a row of a ledger.
func exported(d *disclosurev1.Disclosure) *ledger.Row {
	row := &ledger.Row{Draft: proto.CloneOf(d), PublishedOn: civil(d.GetPublishedOn())}
	if n, ok := parseName(d.GetName()); ok {
		row.ID = n.id.String()
	}
	if row.Draft.GetIndexNumber() == "" {
		row.Draft.IndexNumber = d.GetSourceIndexNumber()
	}
	return row
}

// pieces sends a file in messages. The first one has what there is to know of the file.
type pieces struct {
	stream grpc.ServerStreamingServer[disclosurev1.ExportDisclosuresResponse]
	next   *disclosurev1.ExportDisclosuresResponse
}

// Write implements [io.Writer].
func (p *pieces) Write(b []byte) (int, error) {
	p.next.Chunk = append(p.next.Chunk, b...)
	if len(p.next.Chunk) < exportPiece {
		return len(b), nil
	}
	return len(b), p.flush()
}

func (p *pieces) flush() error {
	if len(p.next.GetChunk()) == 0 && p.next.GetFileName() == "" {
		return nil
	}
	err := p.stream.Send(p.next)
	p.next = &disclosurev1.ExportDisclosuresResponse{}
	return err
}
