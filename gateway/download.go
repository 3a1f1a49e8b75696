package gateway

import (
	"bytes"
	"net/http"
	"strings"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/law/form"
	"gongkai/services/report/export"
)

// downloads serves reports and roll-ups as files:
//
//	GET /v1/organizations/{organization}/reports/{period}:download?format=    docx (if none is given), html, xlsx, csv, json
//	GET /v1/organizations/{organization}/rollups/{period}:download?format=    xlsx
//
// Who may see the report may have it as a file. All else below these paths goes on to the contracts.
type downloads struct {
	report    reportv1.ReportServiceClient
	directory directoryv1.DirectoryServiceClient
	forms     form.Forms
	rest      http.Handler
}

const downloading = ":download"

func (d downloads) register(mux *served) {
	for resource, serve := range map[string]func(http.ResponseWriter, *http.Request, string) error{"reports": d.sendReport, "rollups": d.sendRollup} {
		path := "/v1/organizations/{organization}/" + resource + "/{period}"
		mux.note(http.MethodGet, path+downloading)
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			period, ok := strings.CutSuffix(r.PathValue("period"), downloading)
			switch {
			case !ok:
				d.rest.ServeHTTP(w, r)
			case r.Method != http.MethodGet:
				w.Header().Set("Allow", http.MethodGet)
				refuse(w, r, errMethod, http.StatusMethodNotAllowed)
			default:
				r.Pattern = http.MethodGet + " " + path + downloading
				if err := serve(w, r, period); err != nil {
					refuse(w, r, err, 0)
				}
			}
		})
	}
}

// sendReport answers with the file, once it is whole.
func (d downloads) sendReport(w http.ResponseWriter, r *http.Request, period string) error {
	query, err := readQuery(r, []string{"format"})
	if err != nil {
		return err
	}
	format, ok := export.FormatOf(query.Get("format"))
	if !ok {
		return fault.Field("format", "NOT_IN_LIST")
	}
	ctx, cancel := calling(w, r)
	defer cancel()
	organization := "organizations/" + r.PathValue("organization")
	m, err := d.report.GetReport(ctx, &reportv1.GetReportRequest{Name: organization + "/reports/" + period})
	if err != nil {
		return err
	}
	o, err := d.directory.GetOrganization(ctx, &directoryv1.GetOrganizationRequest{Name: organization})
	if err != nil {
		return err
	}
	report, err := export.Of(m, o.GetDisplayName(), d.forms)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := report.Write(&file, format); err != nil {
		return err
	}
	attach(w.Header(), report.FileName(format), format.ContentType())
	_, _ = w.Write(file.Bytes())
	return nil
}

// sendRollup answers with the workbook, once it is whole.
func (d downloads) sendRollup(w http.ResponseWriter, r *http.Request, period string) error {
	query, err := readQuery(r, []string{"format"})
	if err != nil {
		return err
	}
	if format := query.Get("format"); format != "" && format != string(export.XLSX) {
		return fault.Field("format", "NOT_IN_LIST")
	}
	ctx, cancel := calling(w, r)
	defer cancel()
	m, err := d.report.GetRollup(ctx, &reportv1.GetRollupRequest{Name: "organizations/" + r.PathValue("organization") + "/rollups/" + period})
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := export.Rollup(&file, m, d.forms); err != nil {
		return err
	}
	attach(w.Header(), export.RollupFileName(m), export.XLSX.ContentType())
	_, _ = w.Write(file.Bytes())
	return nil
}
