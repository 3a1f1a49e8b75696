package directory_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/kv/kvtest"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
)

func TestChangeRefuses(t *testing.T) {
	e := start(t)
	e.city()
	must(t, second(e.BatchCreateOrganizations(e.root(), batch(village("652701201001", "652701201", "甲村民委员会")))))
	before := e.size()
	revise := func(name, etag string, v *directoryv1.OrganizationVersion) error {
		return second(e.ReviseOrganization(e.root(), &directoryv1.ReviseOrganizationRequest{Name: "organizations/" + name, Version: v, Etag: etag}))
	}
	correct := func(v *directoryv1.OrganizationVersion) error {
		return second(e.CorrectOrganization(e.root(), &directoryv1.CorrectOrganizationRequest{
			Name: township, EffectiveOn: on(2008, 5, 1), Version: v, Reason: "录入有误",
		}))
	}
	nameless := under("652702", on(2018, 7, 1))
	nameless.DisplayName = " "

	refused(t, revise("652701201", "7", under("652702", on(2018, 7, 1))), codes.Aborted, "STALE_ETAG", "etag")
	refused(t, revise("652701299", "", under("652702", on(2018, 7, 1))), codes.NotFound, "NOT_FOUND")
	refused(t, revise("652701201", "", under("652702", on(2008, 5, 1))), codes.AlreadyExists, "ALREADY_EXISTS")
	refused(t, revise("652701201", "", under("652702", on(2019, 3, 2))), codes.FailedPrecondition, "ORGANIZATION_DATE_IN_FUTURE", "version.effective_on")
	refused(t, revise("652701201", "", under("659999", on(2018, 7, 1))), codes.FailedPrecondition, "PARENT_UNKNOWN", "version.parent")
	refused(t, revise("652701201", "", nameless), codes.FailedPrecondition, "DISPLAY_NAME_MISSING", "version.display_name")
	refused(t, revise("652701", "", under("652702", on(2018, 7, 1))), codes.FailedPrecondition, "PARENT_LEVEL_NOT_HIGHER", "version.parent")
	// A cycle: the city below its own township.
	refused(t, revise("652701", "", under("652701201", on(2018, 7, 1))), codes.FailedPrecondition, "PARENT_LEVEL_NOT_HIGHER", "version.parent", "version.parent")

	refused(t, correct(nil), codes.FailedPrecondition, "ORGANIZATION_WITHOUT_VERSION", "effective_on")
	refused(t, correct(under("652701", on(2010, 1, 1))), codes.FailedPrecondition, "ORGANIZATION_HAS_CHILDREN", "version.effective_on")
	refused(t, second(e.CorrectOrganization(e.root(), &directoryv1.CorrectOrganizationRequest{Name: township, EffectiveOn: on(2018, 7, 1), Reason: "x"})),
		codes.NotFound, "NOT_FOUND")
	refused(t, second(e.CorrectOrganization(e.root(), &directoryv1.CorrectOrganizationRequest{Name: township, EffectiveOn: on(2008, 5, 1)})),
		codes.InvalidArgument, "INVALID_FIELD", "reason")
	if e.size() != before {
		t.Error("something was stored")
	}
}

func TestCorrectOntoAnotherVersion(t *testing.T) {
	e := start(t)
	e.city()
	must(t, second(e.ReviseOrganization(e.root(), &directoryv1.ReviseOrganizationRequest{Name: township, Version: under("652702", on(2018, 7, 1))})))
	refused(t, second(e.CorrectOrganization(e.root(), &directoryv1.CorrectOrganizationRequest{
		Name: township, EffectiveOn: on(2018, 7, 1), Version: under("652702", on(2008, 5, 1)), Reason: "录入有误",
	})), codes.AlreadyExists, "ALREADY_EXISTS")
}

func TestAbolish(t *testing.T) {
	e := start(t)
	e.city()
	must(t, second(e.CreateOrganization(e.root(), government("652701202", "652701", "小营盘镇人民政府"))))
	abolish := func(id string, successors ...string) (*directoryv1.Organization, error) {
		return e.AbolishOrganization(e.root(), &directoryv1.AbolishOrganizationRequest{
			Name: "organizations/" + id, EndedOn: on(2018, 7, 1), Successors: successors,
		})
	}
	refused(t, second(abolish("652701")), codes.FailedPrecondition, "ORGANIZATION_HAS_CHILDREN", "ended_on", "ended_on")
	refused(t, second(abolish("652701201", "organizations/652701202", "organizations/652701299")),
		codes.FailedPrecondition, "SUCCESSOR_UNKNOWN", "successors[1]")
	o, err := abolish("652701201", "organizations/652701202")
	must(t, err)
	if o.GetEtag() != "2" || !proto.Equal(o.GetEndedOn(), on(2018, 7, 1)) || !slices.Equal(o.GetSuccessors(), []string{"organizations/652701202"}) {
		t.Errorf("abolished: %v", o)
	}
	refused(t, second(abolish("652701201")), codes.FailedPrecondition, "ORGANIZATION_ENDED_ALREADY", "ended_on")

	got, err := e.GetOrganization(t.Context(), &directoryv1.GetOrganizationRequest{Name: township})
	must(t, err)
	same(t, got, o)
	for _, c := range []struct {
		asOf *date.Date
		want []string
	}{{on(2018, 6, 30), []string{"652701201", "652701202"}}, {on(2018, 7, 1), []string{"652701202"}}} {
		l, err := e.ListOrganizations(t.Context(), &directoryv1.ListOrganizationsRequest{Under: "organizations/652701", AsOf: c.asOf})
		must(t, err)
		if !slices.Equal(names(l.GetOrganizations()), c.want) {
			t.Errorf("on %v: %v, want %v", c.asOf, names(l.GetOrganizations()), c.want)
		}
	}
	// Its last city still answers for it, and sets its past right.
	must(t, second(e.CorrectOrganization(e.as(access.Administrator, "652701"), &directoryv1.CorrectOrganizationRequest{
		Name: township, EffectiveOn: on(2008, 5, 1), Version: under("652701", on(2009, 1, 1)), Reason: "录入有误",
	})))
}

func TestRequestID(t *testing.T) {
	e := start(t)
	e.city()
	create := government("652701202", "652701", "小营盘镇人民政府")
	create.RequestId = "create-1"
	all := batch(government("652701203", "652701", "甲镇人民政府"), village("652701203001", "652701203", "甲村民委员会"))
	all.RequestId = "batch-1"
	revise := &directoryv1.ReviseOrganizationRequest{Name: township, Version: under("652702", on(2018, 7, 1)), Etag: "1", RequestId: "revise-1"}

	ctx := e.root()
	made, err := e.CreateOrganization(ctx, create)
	must(t, err)
	made2, err := e.BatchCreateOrganizations(ctx, all)
	must(t, err)
	made3, err := e.ReviseOrganization(ctx, revise)
	must(t, err)
	before := e.size()

	// Again, and once more after a restart.
	for range 2 {
		again, err := e.CreateOrganization(ctx, create)
		must(t, err)
		same(t, again, made)
		again2, err := e.BatchCreateOrganizations(ctx, all)
		must(t, err)
		same(t, again2, made2)
		again3, err := e.ReviseOrganization(ctx, revise)
		must(t, err)
		same(t, again3, made3)
		if e.size() != before {
			t.Fatal("a repetition was stored")
		}
		e.stop()
		e.open()
	}

	other := proto.CloneOf(create)
	other.Organization.DisplayName = "另一个镇人民政府"
	refused(t, second(e.CreateOrganization(ctx, other)), codes.AlreadyExists, "REQUEST_ID_REUSED", "request_id")
	refused(t, second(e.BatchCreateOrganizations(e.as(access.Administrator, "652702"), all)), codes.PermissionDenied, "PERMISSION_DENIED")
}

// A commit fails, with or without having been kept: after a restart the repetition gives the same, once.
func TestCommitOfUnknownOutcome(t *testing.T) {
	for name, fault := range map[string]kvtest.Fault{"lost": kvtest.Lost, "done": kvtest.Done} {
		t.Run(name, func(t *testing.T) {
			e := start(t)
			e.city()
			before := e.size()
			in := government("652701202", "652701", "小营盘镇人民政府")
			in.RequestId = "create-1"
			e.engine.Fail(fault)
			refused(t, second(e.CreateOrganization(e.root(), in)), codes.Unavailable, "UNAVAILABLE")
			refused(t, second(e.CreateOrganization(e.root(), in)), codes.Unavailable, "UNAVAILABLE")
			refused(t, second(e.GetOrganization(t.Context(), &directoryv1.GetOrganizationRequest{Name: township})), codes.Unavailable, "UNAVAILABLE")
			e.stop()
			e.open()
			if kept := e.size() > before; kept != (fault == kvtest.Done) {
				t.Errorf("kept: %v", kept)
			}
			o, err := e.CreateOrganization(e.root(), in)
			must(t, err)
			if o.GetName() != "organizations/652701202" || e.size() != before+1 {
				t.Errorf("%v, with %d entries", o, e.size()-before)
			}
		})
	}
}

// Many writers at once: each sees what the others have committed.
func TestWritersDoNotLoseEachOther(t *testing.T) {
	e := start(t)
	e.city()
	ctx := e.root()
	var wait sync.WaitGroup
	errs := make([]error, 16)
	for i := range errs {
		wait.Go(func() {
			// Half of them race for the same id.
			errs[i] = second(e.CreateOrganization(ctx, government(fmt.Sprintf("652701%03d", 300+i/2), "652701", "某镇人民政府")))
		})
	}
	wait.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else {
			refused(t, err, codes.AlreadyExists, "ALREADY_EXISTS")
		}
	}
	if won != len(errs)/2 {
		t.Errorf("%d writers won, want %d", won, len(errs)/2)
	}
	e.stop()
	e.open()
	l, err := e.ListOrganizations(t.Context(), &directoryv1.ListOrganizationsRequest{Under: "organizations/652701"})
	must(t, err)
	if len(l.GetOrganizations()) != won+1 {
		t.Errorf("%v below the city after a restart", names(l.GetOrganizations()))
	}
}

func second[T any](_ T, err error) error { return err }
