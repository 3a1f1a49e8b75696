package apart

import (
	"context"
	"fmt"
	"net/http"
	"sync"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/protobuf/proto"

	"gongkai/deploy/demo"
	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
)

// resource is what every writing call answers with.
type resource interface {
	proto.Message
	GetName() string
	GetEtag() string
}

// load is who writes while processes come and go, and what was acknowledged to them.
type load struct {
	client
	city    *demo.City
	working sync.WaitGroup
	enough  chan struct{} // closed when each worker shall end after what it has begun

	mu       sync.Mutex // guards what follows
	entries  map[string]int
	records  map[string]string // revision of each disclosure, by name
	villages []string          // organisations that were entered
	repeated int               // calls that were made more than once
	failed   error
}

// begin starts workers: two keep disclosures, one requests, one reports, and one enters villages and discloses in
// them at once.
func begin(ctx context.Context, c client, city *demo.City) *load {
	l := &load{client: c, city: city, enough: make(chan struct{}), entries: map[string]int{}, records: map[string]string{}}
	for id, work := range []func(context.Context, int, int) error{l.disclose, l.disclose, l.ask, l.report, l.found} {
		l.working.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-l.enough:
					return
				default:
				}
				if err := work(ctx, id, n); err != nil {
					l.mu.Lock()
					defer l.mu.Unlock()
					l.failed = err
					return
				}
			}
		})
	}
	return l
}

// end lets the workers finish what they have begun, and returns the first error of any.
func (l *load) end() error {
	close(l.enough)
	l.working.Wait()
	return l.failed
}

// acknowledged is how many changes of a service's resources were acknowledged.
func (l *load) acknowledged(service string) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.entries[service], l.failed
}

// change makes a call that adds one entry to a service's log, until it is acknowledged.
func (l *load) change(ctx context.Context, service, path string, in proto.Message, out resource) error {
	tries, err := l.persist(ctx, http.MethodPost, path, in, out)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries[service]++
	if tries > 1 {
		l.repeated++
	}
	if _, ok := out.(*disclosurev1.Disclosure); ok {
		l.records[out.GetName()] = out.GetEtag()
	}
	return nil
}

// disclose writes a record down and publishes it.
func (l *load) disclose(ctx context.Context, worker, n int) error {
	of := l.city.Reports[(2*n+worker)%len(l.city.Reports)].GetParent()
	return l.discloseIn(ctx, of, fmt.Sprintf("load-%d-%06d", worker, n), n)
}

func (l *load) discloseIn(ctx context.Context, organization, id string, n int) error {
	draft := proto.CloneOf(l.city.Records[n%len(l.city.Records)].Draft)
	draft.Title, draft.FormedOn = "示例 "+id, nil // so that it may be published on any day
	out := &disclosurev1.Disclosure{}
	if err := l.change(ctx, "disclosure", "/v1/"+organization+"/disclosures?requestId="+id, draft, out); err != nil {
		return err
	}
	publish := &disclosurev1.PublishDisclosureRequest{
		PublishedOn: &date.Date{Year: 2018, Month: int32(1 + n%12), Day: int32(1 + n%28)}, RequestId: id + "-publish",
	}
	return l.change(ctx, "disclosure", "/v1/"+out.GetName()+":publish", publish, out)
}

// ask enters an information request and concludes it.
func (l *load) ask(ctx context.Context, _, n int) error {
	q := l.city.Requests[0]
	for i := 0; q.Outcome == ""; i++ {
		q = l.city.Requests[i]
	}
	id, out := fmt.Sprintf("load-%06d", n), &requestv1.InformationRequest{}
	if err := l.change(ctx, "request", "/v1/organizations/"+demo.MissingID+"/informationRequests?requestId="+id, q.Received, out); err != nil {
		return err
	}
	conclude := &requestv1.ConcludeInformationRequestRequest{Outcome: q.Outcome, AnsweredOn: q.AnsweredOn, RequestId: id + "-conclude"}
	return l.change(ctx, "request", "/v1/"+out.GetName()+":conclude", conclude, out)
}

// report compiles a quarter's report, submits it and returns it.
func (l *load) report(ctx context.Context, _, n int) error {
	of := l.city.Reports[n%len(l.city.Reports)]
	period, id, out := fmt.Sprintf("2018-q%d", 1+n%4), fmt.Sprintf("load-%06d", n), &reportv1.Report{}
	compile := proto.CloneOf(of)
	compile.Parent, compile.Period, compile.RequestId = "", period, id
	if err := l.change(ctx, "report", "/v1/"+of.GetParent()+"/reports:compile", compile, out); err != nil {
		return err
	}
	path := "/v1/" + of.GetParent() + "/reports/" + period
	if err := l.change(ctx, "report", path+":submit", &reportv1.SubmitReportRequest{RequestId: id + "-submit"}, out); err != nil {
		return err
	}
	reason := []*reportv1.ReturnReason{{Text: "示例：请补充"}}
	return l.change(ctx, "report", path+":return", &reportv1.ReturnReportRequest{Reasons: reason, RequestId: id + "-return"}, out)
}

// found enters a village below the township, and discloses in it at once.
func (l *load) found(ctx context.Context, _, n int) error {
	const most = 500 // codes that are left for villages below the township
	if n >= most {
		<-l.enough
		return nil
	}
	code := fmt.Sprintf("%s%03d", demo.TownshipID, 500+n)
	village := &directoryv1.Organization{
		DisplayName: "示例村" + code, Parent: "organizations/" + demo.TownshipID, Kind: directoryv1.Kind_KIND_VILLAGERS_COMMITTEE,
		NoReportReason: "示例：不单独编制年度报告", FoundedOn: &date.Date{Year: 2008, Month: 5, Day: 1},
	}
	id := "load-" + code
	if err := l.change(ctx, "directory", "/v1/organizations?organizationId="+code+"&requestId="+id, village, &directoryv1.Organization{}); err != nil {
		return err
	}
	l.mu.Lock()
	l.villages = append(l.villages, code)
	l.mu.Unlock()
	return l.discloseIn(ctx, "organizations/"+code, id, n)
}
