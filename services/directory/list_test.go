package directory_test

import (
	"fmt"
	"slices"
	"testing"

	directoryv1 "gongkai/proto/gongkai/directory/v1"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
)

func TestGetRefuses(t *testing.T) {
	e := start(t)
	e.city()
	for name, in := range map[string]*directoryv1.GetOrganizationRequest{
		"unknown":            {Name: "organizations/652701299"},
		"a level that isn't": {Name: "organizations/652"},
		"before it existed":  {Name: township, AsOf: on(2008, 4, 30)},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, second(e.GetOrganization(t.Context(), in)), codes.NotFound, "NOT_FOUND")
		})
	}
	refused(t, second(e.GetOrganization(t.Context(), &directoryv1.GetOrganizationRequest{Name: "65"})), codes.InvalidArgument, "INVALID_FIELD", "name")
	must(t, second(e.GetOrganization(t.Context(), &directoryv1.GetOrganizationRequest{Name: township, AsOf: on(2008, 5, 1)})))
}

func TestList(t *testing.T) {
	e := start(t)
	e.city()
	department := government("652701-jiaoyuju", "652701", "博乐市教育局")
	department.Organization.Kind = directoryv1.Kind_KIND_DEPARTMENT
	must(t, second(e.BatchCreateOrganizations(e.root(), batch(
		department, government("652701100", "652701", "小营盘镇人民政府"), village("652701201001", "652701201", "甲村民委员会"),
	))))
	for name, c := range map[string]struct {
		in   *directoryv1.ListOrganizationsRequest
		want []string
	}{
		"the top":       {&directoryv1.ListOrganizationsRequest{}, []string{"65"}},
		"children":      {&directoryv1.ListOrganizationsRequest{Under: "organizations/652701"}, []string{"652701-jiaoyuju", "652701100", "652701201"}},
		"no children":   {&directoryv1.ListOrganizationsRequest{Under: "organizations/652702"}, nil},
		"the subtree":   {&directoryv1.ListOrganizationsRequest{Under: "organizations/652701", Subtree: true}, []string{"652701-jiaoyuju", "652701100", "652701201", "652701201001"}},
		"everything":    {&directoryv1.ListOrganizationsRequest{Subtree: true}, []string{"65", "6527", "652701", "652701-jiaoyuju", "652701100", "652701201", "652701201001", "652702"}},
		"before it all": {&directoryv1.ListOrganizationsRequest{Subtree: true, AsOf: on(2008, 4, 30)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := e.ListOrganizations(t.Context(), c.in)
			must(t, err)
			if !slices.Equal(names(l.GetOrganizations()), c.want) || l.GetNextPageToken() != "" {
				t.Errorf("%v, want %v; next page %q", names(l.GetOrganizations()), c.want, l.GetNextPageToken())
			}
		})
	}
	refused(t, second(e.ListOrganizations(t.Context(), &directoryv1.ListOrganizationsRequest{Under: "organizations/6599"})), codes.NotFound, "NOT_FOUND")
	refused(t, second(e.ListOrganizations(t.Context(), &directoryv1.ListOrganizationsRequest{Under: township, AsOf: on(2008, 4, 30)})), codes.NotFound, "NOT_FOUND")
}

func TestPages(t *testing.T) {
	e := start(t)
	e.city()
	var all []*directoryv1.CreateOrganizationRequest
	for i := range 6 {
		all = append(all, village(fmt.Sprintf("652701201%03d", 600-i), "652701201", fmt.Sprintf("第%d村民委员会", i)))
	}
	must(t, second(e.BatchCreateOrganizations(e.root(), batch(all...))))

	in := &directoryv1.ListOrganizationsRequest{Under: township, PageSize: 2}
	var got []string
	pages := 0
	for {
		l, err := e.ListOrganizations(t.Context(), in)
		must(t, err)
		got = append(got, names(l.GetOrganizations())...)
		pages++
		if pages == 1 {
			// What is entered in between shows in its place, and repeats or hides nothing.
			must(t, second(e.CreateOrganization(e.root(), village("652701201001", "652701201", "最前村民委员会"))))
			must(t, second(e.CreateOrganization(e.root(), village("652701201700", "652701201", "最后村民委员会"))))
		}
		if in.PageToken = l.GetNextPageToken(); in.GetPageToken() == "" {
			break
		}
	}
	want := []string{"652701201595", "652701201596", "652701201597", "652701201598", "652701201599", "652701201600", "652701201700"}
	if !slices.Equal(got, want) || pages != 4 {
		t.Errorf("%d pages: %v, want 4: %v", pages, got, want)
	}

	first, err := e.ListOrganizations(t.Context(), &directoryv1.ListOrganizationsRequest{Under: township, PageSize: 2})
	must(t, err)
	for name, other := range map[string]*directoryv1.ListOrganizationsRequest{
		"another parent": {Under: "organizations/652701"},
		"the subtree":    {Under: township, Subtree: true},
		"another day":    {Under: township, AsOf: on(2018, 1, 1)},
	} {
		t.Run(name, func(t *testing.T) {
			in := proto.CloneOf(other)
			in.PageToken = first.GetNextPageToken()
			refused(t, second(e.ListOrganizations(t.Context(), in)), codes.InvalidArgument, "INVALID_PAGE_TOKEN", "page_token")
		})
	}
	refused(t, second(e.ListOrganizations(t.Context(), &directoryv1.ListOrganizationsRequest{PageSize: 1001})), codes.InvalidArgument, "INVALID_FIELD", "page_size")
}

func BenchmarkBatchCreate(b *testing.B) {
	e := start(b)
	e.city()
	ctx := e.root()
	const villages = 499
	townships := 0
	for b.Loop() {
		township := fmt.Sprintf("6530%05d", townships)
		townships++
		in := batch(government(township, "652701", "某镇人民政府"))
		for i := range villages {
			in.Requests = append(in.Requests, village(fmt.Sprintf("%s%03d", township, i), township, "某村民委员会"))
		}
		must(b, second(e.BatchCreateOrganizations(ctx, in)))
	}
	b.ReportMetric(float64((1+villages)*b.N)/b.Elapsed().Seconds(), "organizations/s")
}

func BenchmarkListChildren(b *testing.B) {
	e := start(b)
	e.city()
	var all []*directoryv1.CreateOrganizationRequest
	for i := range 1000 {
		all = append(all, village(fmt.Sprintf("652701201%03d", i), "652701201", "某村民委员会"))
	}
	must(b, second(e.BatchCreateOrganizations(e.root(), batch(all...))))
	for b.Loop() {
		l, err := e.ListOrganizations(b.Context(), &directoryv1.ListOrganizationsRequest{Under: township, PageSize: 100})
		must(b, err)
		if len(l.GetOrganizations()) != 100 {
			b.Fatal("short page")
		}
	}
}
