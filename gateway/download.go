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
// Who may see the report may have it as a file. Signed copies are below the same paths, see [copies]; all else there goes
// on to the contracts.
type downloads struct {
	report    reportv1.ReportServiceClient
	directory directoryv1.DirectoryServiceClient
	forms     form.Forms
	rest      http.Handler
}

// fileVerb is what is done with a resource as a file.
type fileVerb struct {
	method string
	serve  func(w http.ResponseWriter, r *http.Request, name string) error
}

func (d downloads) register(mux *served) {
	signed := copies{d.report}
	for resource, verbs := range map[string]map[string]fileVerb{
		"reports": {
			"download":           {http.MethodGet, d.sendReport},
			"uploadSignedCopy":   {http.MethodPost, signed.upload},
			"downloadSignedCopy": {http.MethodGet, signed.download},
		},
		"rollups": {"download": {http.MethodGet, d.sendRollup}},
	} {
		path := "/v1/organizations/{organization}/" + resource + "/{period}"
		for name, v := range verbs {
			mux.note(v.method, path+":"+name)
		}
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			_, name, _ := strings.Cut(r.PathValue("period"), ":")
			v, ok := verbs[name]
			switch {
			case !ok:
				d.rest.ServeHTTP(w, r)
			case r.Method != v.method:
				w.Header().Set("Allow", v.method)
				refuse(w, r, errMethod, http.StatusMethodNotAllowed)
			default:
				r.Pattern = v.method + " " + path + ":" + name
				if err := v.serve(w, r, "organizations/"+r.PathValue("organization")+"/"+resource+"/"+periodOf(r)); err != nil {
					refuse(w, r, err, 0)
				}
			}
		})
	}
}

// periodOf is the period in a path, without the verb behind it.
func periodOf(r *http.Request) string {
	period, _, _ := strings.Cut(r.PathValue("period"), ":")
	return period
}

// sendReport answers with the file, once it is whole.
func (d downloads) sendReport(w http.ResponseWriter, r *http.Request, name string) error {
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
	m, err := d.report.GetReport(ctx, &reportv1.GetReportRequest{Name: name})
	if err != nil {
		return err
	}
	o, err := d.directory.GetOrganization(ctx, &directoryv1.GetOrganizationRequest{Name: "organizations/" + r.PathValue("organization")})
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
func (d downloads) sendRollup(w http.ResponseWriter, r *http.Request, name string) error {
	query, err := readQuery(r, []string{"format"})
	if err != nil {
		return err
	}
	if format := query.Get("format"); format != "" && format != string(export.XLSX) {
		return fault.Field("format", "NOT_IN_LIST")
	}
	ctx, cancel := calling(w, r)
	defer cancel()
	m, err := d.report.GetRollup(ctx, &reportv1.GetRollupRequest{Name: name})
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
