package demo

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/proto"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
)

// requestID is the same in every run for the same step.
func requestID(organization, what, verb string) string {
	return "demo-" + organization + "-" + what + "-" + verb
}

// token returns the token of a role in an organisation, minted at its first use.
func (r *run) token(role, organization string) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := role + "@" + organization
	if token, ok := r.tokens[key]; ok {
		return token, nil
	}
	token, err := r.Tokens(role, organization)
	if err != nil {
		return "", fmt.Errorf("mint token of %s in %s: %w", role, organization, err)
	}
	r.tokens[key] = token
	return token, nil
}

// enter has the administrator enter the organisations, parents first.
func (r *run) enter(ctx context.Context) error {
	token, err := r.token(Administrator, Everywhere)
	if err != nil {
		return err
	}
	in := &directoryv1.BatchCreateOrganizationsRequest{Requests: r.City.Organizations, RequestId: requestID(CityID, "organizations", "create")}
	err = r.post(ctx, "/v1/organizations:batchCreate", token, in, nil)
	if isStatus(err, http.StatusConflict) {
		return r.entered(ctx, err)
	}
	return err
}

// entered returns the refusal to enter the organisations, unless all are there.
func (r *run) entered(ctx context.Context, refusal error) error {
	there := map[string]bool{}
	for page := ""; ; {
		list := &directoryv1.ListOrganizationsResponse{}
		path := "/v1/organizations?under=organizations/65&subtree=true&pageSize=1000&pageToken=" + page
		if _, err := r.get(ctx, path, "", list); err != nil {
			return err
		}
		for _, o := range list.GetOrganizations() {
			there[o.GetCode()] = true
		}
		if page = list.GetNextPageToken(); page == "" {
			break
		}
	}
	for _, o := range r.City.Organizations[1:] { // without the top of the subtree itself
		if !there[o.GetOrganizationId()] {
			return refusal
		}
	}
	return nil
}

// record has each portal create and publish its records.
func (r *run) record(ctx context.Context) error {
	total := len(r.City.Records)
	var done atomic.Int64
	work, inner := errgroup.WithContext(ctx)
	work.SetLimit(r.InFlight)
	published := func(records int) {
		if n := done.Add(int64(records)); r.Progress != nil {
			r.Progress(int(n), total)
		}
	}
	if r.City.Ledger != nil {
		work.Go(func() error {
			records, err := r.load(inner)
			if err == nil {
				published(records)
			}
			return err
		})
	}
	for _, record := range r.City.Records {
		if inner.Err() != nil {
			break
		}
		if record.Organization == LedgerID && r.City.Ledger != nil {
			continue
		}
		work.Go(func() error {
			if err := r.disclose(inner, record); err != nil {
				return err
			}
			published(1)
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}

// load imports the ledger that an organisation keeps, as its own system. It returns how many records it holds.
func (r *run) load(ctx context.Context) (int, error) {
	token, err := r.token(System, LedgerID)
	if err != nil {
		return 0, err
	}
	out := &disclosurev1.ImportDisclosuresResponse{}
	path := "/v1/organizations/" + LedgerID + "/disclosures:import?publish=true&fileName=" + ledgerName
	if err := r.send(ctx, path, token, r.City.Ledger, out); err != nil {
		return 0, err
	}
	if out.GetRefusedCount() > 0 || !out.GetApplied() {
		return 0, fmt.Errorf("import %s: %d rows of %d are refused: %v", ledgerName, out.GetRefusedCount(), out.GetReadCount(), out.GetFindings())
	}
	return int(out.GetReadCount()), nil
}

// disclose creates a record as its organisation's clerk and publishes it as its reviewer.
func (r *run) disclose(ctx context.Context, record Record) error {
	clerk, err := r.token(Clerk, record.Organization)
	if err != nil {
		return err
	}
	reviewer, err := r.token(Reviewer, record.Organization)
	if err != nil {
		return err
	}
	draft := &disclosurev1.Disclosure{}
	path := "/v1/organizations/" + record.Organization + "/disclosures"
	if err := r.create(ctx, path, clerk, requestID(record.Organization, record.Key, "create"), record.Draft, draft); err != nil {
		return err
	}
	in := &disclosurev1.PublishDisclosureRequest{
		PublishedOn: record.PublishedOn, RequestId: requestID(record.Organization, record.Key, "publish"),
	}
	return r.post(ctx, "/v1/"+draft.GetName()+":publish", reviewer, in, nil)
}

// ask enters the information requests and concludes those that were answered.
func (r *run) ask(ctx context.Context) error {
	for i, q := range r.City.Requests {
		clerk, err := r.token(Clerk, q.Organization)
		if err != nil {
			return err
		}
		what := fmt.Sprintf("request-%02d", i+1)
		entered := &requestv1.InformationRequest{}
		path := "/v1/organizations/" + q.Organization + "/informationRequests"
		if err := r.create(ctx, path, clerk, requestID(q.Organization, what, "create"), q.Received, entered); err != nil {
			return err
		}
		if q.Outcome == "" {
			continue
		}
		in := &requestv1.ConcludeInformationRequestRequest{
			Outcome: q.Outcome, AnsweredOn: q.AnsweredOn, RequestId: requestID(q.Organization, what, "conclude"),
		}
		if err := r.post(ctx, "/v1/"+entered.GetName()+":conclude", clerk, in, nil); err != nil {
			return err
		}
	}
	return nil
}

// submit has each organisation compile and submit its report.
func (r *run) submit(ctx context.Context) error {
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(r.InFlight)
	for _, in := range r.City.Reports {
		work.Go(func() error { return r.report(ctx, in) })
	}
	return work.Wait()
}

// report compiles a report and submits it, as the clerk of its organisation. The ids of the two calls follow from
// that of the compilation.
func (r *run) report(ctx context.Context, compile *reportv1.CompileReportRequest) error {
	parent := compile.GetParent()
	clerk, err := r.token(Clerk, organizationOf(parent))
	if err != nil {
		return err
	}
	in := proto.CloneOf(compile)
	in.Parent = "" // it is in the path
	if err := r.post(ctx, "/v1/"+parent+"/reports:compile", clerk, in, nil); err != nil {
		return err
	}
	return r.post(ctx, reportPath(parent)+":submit", clerk, &reportv1.SubmitReportRequest{RequestId: compile.GetRequestId() + "-submit"}, nil)
}

// accept has the leading group's office return one report and accept the others.
func (r *run) accept(ctx context.Context) error {
	token, err := r.token(Supervisor, CityID)
	if err != nil {
		return err
	}
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(r.InFlight)
	for _, report := range r.City.Reports {
		work.Go(func() error {
			id := organizationOf(report.GetParent())
			if id != ReturnedID {
				return r.post(ctx, reportPath(report.GetParent())+":accept", token, &reportv1.AcceptReportRequest{RequestId: requestID(id, "report", "accept")}, nil)
			}
			in := &reportv1.ReturnReportRequest{Reasons: returnReasons(), RequestId: requestID(id, "report", "return")}
			return r.post(ctx, reportPath(report.GetParent())+":return", token, in, nil)
		})
	}
	return work.Wait()
}

// mend has the organisation whose report was returned add what was missing and submit again; then it is accepted.
func (r *run) mend(ctx context.Context) error {
	if err := r.disclose(ctx, r.City.Added); err != nil {
		return err
	}
	if err := r.report(ctx, r.City.Mended); err != nil {
		return err
	}
	token, err := r.token(Supervisor, CityID)
	if err != nil {
		return err
	}
	in := &reportv1.AcceptReportRequest{RequestId: requestID(ReturnedID, "report", "accept")}
	return r.post(ctx, reportPath(r.City.Mended.GetParent())+":accept", token, in, nil)
}

// late has one organisation publish a record of the year after its report was accepted.
func (r *run) late(ctx context.Context) error { return r.disclose(ctx, r.City.Late) }

func reportPath(parent string) string { return "/v1/" + parent + "/reports/" + Period }

func organizationOf(name string) string { return name[len("organizations/"):] }
