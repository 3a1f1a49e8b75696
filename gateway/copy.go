package gateway

import (
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/fault"
)

// copies serves signed and stamped copies of reports as they are, beside the contracts' routes that hold them in JSON:
//
//	POST /v1/organizations/{organization}/reports/{period}:uploadSignedCopy?version=&fileName=&attachedBy=&etag=&requestId=   the file is the body
//	GET  /v1/organizations/{organization}/reports/{period}:downloadSignedCopy?version=                                        a download
//
// An upload answers with the Report. What the file is, its bytes say; no Content-Type is believed.
type copies struct {
	client reportv1.ReportServiceClient
}

// maxCopy is how large a copy may be in bytes, as the contract says.
const maxCopy = 10 << 20

func (c copies) upload(w http.ResponseWriter, r *http.Request, name string) error {
	query, err := readQuery(r, []string{"version", "fileName", "attachedBy", "etag", "requestId"})
	if err != nil {
		return err
	}
	version, err := readVersion(query)
	if err != nil {
		return err
	}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "application/json" || kind == "multipart/form-data" {
		return fault.Field("Content-Type", "NOT_IN_LIST")
	}
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCopy))
	if err != nil {
		return readingBody(err)
	}
	ctx, cancel := calling(w, r)
	defer cancel()
	report, err := c.client.AttachSignedCopy(ctx, &reportv1.AttachSignedCopyRequest{
		Name: name, Version: version, Content: content, FileName: query.Get("fileName"), AttachedBy: query.Get("attachedBy"),
		Etag: query.Get("etag"), RequestId: query.Get("requestId"),
	})
	if err != nil {
		return err
	}
	data, err := answers.Marshal(report)
	if err != nil {
		return fmt.Errorf("encode %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(data)
	return nil
}

func (c copies) download(w http.ResponseWriter, r *http.Request, name string) error {
	query, err := readQuery(r, []string{"version"})
	if err != nil {
		return err
	}
	version, err := readVersion(query)
	if err != nil {
		return err
	}
	ctx, cancel := calling(w, r)
	defer cancel()
	m, err := c.client.GetSignedCopy(ctx, &reportv1.GetSignedCopyRequest{Name: name, Version: version})
	if err != nil {
		return err
	}
	file, ok := SignedCopyName(r.PathValue("organization"), periodOf(r), m.GetSignedCopy())
	if !ok {
		return fault.NotFound(name)
	}
	attach(w.Header(), file, m.GetSignedCopy().GetMediaType())
	w.Header().Set("Repr-Digest", "sha-256=:"+base64.StdEncoding.EncodeToString(m.GetSignedCopy().GetSha256())+":") // RFC 9530
	_, _ = w.Write(m.GetContent())
	return nil
}

// SignedCopyName is the name of the file that a signed copy is sent as; false for a kind that none has.
func SignedCopyName(organization, period string, c *reportv1.SignedCopy) (string, bool) {
	extension, ok := map[string]string{"application/pdf": ".pdf", "application/ofd": ".ofd", "image/png": ".png", "image/jpeg": ".jpg"}[c.GetMediaType()]
	return fmt.Sprintf("%s-%s-v%d%s", organization, period, c.GetVersion(), extension), ok
}

// readVersion reads the version of a report; 0 if none is given.
func readVersion(query url.Values) (int32, error) {
	s := query.Get("version")
	if s == "" {
		return 0, nil
	}
	version, err := strconv.ParseInt(s, 10, 32)
	if err != nil {
		return 0, fault.Field("version", "BAD_FORMAT")
	}
	return int32(version), nil
}
