package mirror_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/fault"
	"gongkai/services/directory/mirror"
	"gongkai/services/law/workday"

	"google.golang.org/grpc/codes"
)

var _ access.Tree = (*mirror.Tree)(nil)

// within asks, and fails the test unless the answer is what is wanted.
func within(t *testing.T, m *mirror.Tree, organization, ancestor string, want bool) {
	t.Helper()
	got, err := m.Within(t.Context(), organization, ancestor)
	if err != nil || got != want {
		t.Errorf("%s within %s: %v, %v; want %v", organization, ancestor, got, err, want)
	}
}

func exists(t *testing.T, m *mirror.Tree, organization string, day workday.Date, want bool) {
	t.Helper()
	got, err := m.Exists(t.Context(), organization, day)
	if err != nil || got != want {
		t.Errorf("%s exists on %v: %v, %v; want %v", organization, day, got, err, want)
	}
}

func TestFirstAnswerKnowsEverything(t *testing.T) {
	e := start(t)
	defer e.serve(e.store())()
	e.city()
	m := mirror.New(e.feed, noon)
	defer e.follow(m)()
	exists(t, m, "652701201", workday.Date{Year: 2008, Month: 5, Day: 1}, true)
	exists(t, m, "652701201", workday.Date{Year: 2008, Month: 4, Day: 30}, false)
	within(t, m, "652701201", "65", true)
	within(t, m, "652701201", "652701201", true)
	within(t, m, "652701201", "652702", false)
	within(t, m, "652701", "652701201", false)
	within(t, m, "652701201", "652799", false)
	if _, err := m.Within(t.Context(), "652799", "65"); !errors.Is(err, access.ErrUnknownOrganization) {
		t.Errorf("unknown organisation: %v", err)
	}
}

// What the directory has acknowledged is known at once.
func TestReadYourWrites(t *testing.T) {
	e := start(t)
	defer e.serve(e.store())()
	e.city()
	m := mirror.New(e.feed, noon)
	defer e.follow(m)()
	for i := range 50 {
		id := fmt.Sprintf("652701%03d", 300+i)
		e.enter(id, "652701")
		if i%2 == 0 {
			within(t, m, id, "652701", true)
		} else {
			exists(t, m, id, workday.On(noon()), true)
		}
	}
}

func TestMoveAndEnd(t *testing.T) {
	e := start(t)
	defer e.serve(e.store())()
	e.city()
	m := mirror.New(e.feed, noon)
	defer e.follow(m)()
	within(t, m, "652701201", "652701", true)

	_, err := e.ReviseOrganization(e.root(), &directoryv1.ReviseOrganizationRequest{
		Name: "organizations/652701201", Version: &directoryv1.OrganizationVersion{
			EffectiveOn: on(2018, 7, 1), Parent: "organizations/652702", DisplayName: "某人民政府", Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true,
		},
	})
	must(t, err)
	e.enter("652701300", "652701")
	within(t, m, "652701300", "652701", true) // it has folded as far as this, and so the move
	within(t, m, "652701201", "652701", false)
	within(t, m, "652701201", "652702", true)

	_, err = e.AbolishOrganization(e.root(), &directoryv1.AbolishOrganizationRequest{Name: "organizations/652701201", EndedOn: on(2019, 1, 1)})
	must(t, err)
	e.enter("652701301", "652701")
	exists(t, m, "652701301", workday.On(noon()), true)
	exists(t, m, "652701201", workday.Date{Year: 2018, Month: 12, Day: 31}, true)
	exists(t, m, "652701201", workday.Date{Year: 2019, Month: 1, Day: 1}, false)
	within(t, m, "652701201", "652702", true) // it stands where it stood last
}

// A mirror outlives restarts of the directory, and being called off itself.
func TestRestart(t *testing.T) {
	e := start(t)
	store := e.store()
	stop := e.serve(store)
	e.city()
	m := mirror.New(e.feed, noon)
	pause := e.follow(m)
	within(t, m, "652701201", "652701", true)
	stop()
	within(t, m, "652701201", "652701", true) // what it knows it still says
	refused(t, m, "652701300")

	defer e.serve(store)()
	e.enter("652701300", "652701")
	within(t, m, "652701300", "652701", true)

	if err := pause(); !errors.Is(err, context.Canceled) {
		t.Errorf("called off: %v", err)
	}
	within(t, m, "652701300", "652701", true)
	e.enter("652701301", "652701")
	refused(t, m, "652701301")
	defer e.follow(m)()
	e.enter("652701302", "652701")
	exists(t, m, "652701302", workday.On(noon()), true)
	within(t, m, "652701301", "652701", true)
}

// refused checks that a mirror that cannot know does not say that there is no such organisation.
func refused(t *testing.T, m *mirror.Tree, organization string) {
	t.Helper()
	for _, ask := range []func() (bool, error){
		func() (bool, error) { return m.Within(t.Context(), organization, "65") },
		func() (bool, error) { return m.Exists(t.Context(), organization, workday.On(noon())) },
	} {
		var f *fault.Error
		if ok, err := ask(); ok || !errors.As(err, &f) || f.Code() != codes.Unavailable {
			t.Errorf("%s: %v, %v; want UNAVAILABLE", organization, ok, err)
		}
	}
}

func TestWaitIsBounded(t *testing.T) {
	e := start(t)
	defer e.serve(e.store())()
	e.city()
	m := mirror.New(e.feed, noon) // nobody runs it
	ctx, cancel := context.WithCancel(t.Context())
	asked := make(chan error, 1)
	go func() {
		_, err := m.Within(ctx, "652701201", "652701")
		asked <- err
	}()
	cancel()
	if err := <-asked; !errors.Is(err, context.Canceled) {
		t.Errorf("gave up with %v", err)
	}
}

// Another directory comes up in the place of the one that was followed.
func TestDivergedFeed(t *testing.T) {
	e := start(t)
	stop := e.serve(e.store())
	e.city()
	m := mirror.New(e.feed, noon)
	ran := make(chan error, 1)
	go func() { ran <- m.Run(t.Context()) }()
	within(t, m, "652701201", "652701", true)
	stop()

	defer e.serve(e.store())()
	for _, id := range []string{"65", "6527", "652701", "652702", "652703", "652704"} {
		parent := "6527"
		if len(id) < 6 {
			parent = id[:len(id)-2]
		}
		e.enter(id, parent)
	}
	if err := <-ran; !errors.Is(err, eventlog.ErrDiverged) {
		t.Fatalf("followed another log until %v", err)
	}
	if err := m.Run(t.Context()); !errors.Is(err, eventlog.ErrDiverged) {
		t.Errorf("followed it again until %v", err)
	}
	refused(t, m, "652701201")
	if _, err := m.Within(t.Context(), "652701201", "65"); !errors.Is(err, eventlog.ErrDiverged) {
		t.Errorf("answered %v", err)
	}
}
