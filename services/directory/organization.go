package directory

import (
	"context"
	"fmt"
	"slices"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/server"
	"gongkai/services/directory/mirror"
	"gongkai/services/law/organ"
	"gongkai/services/law/workday"

	"google.golang.org/genproto/googleapis/type/date"
)

// How many organisations a page has if the caller does not say, and at most.
const (
	usualPage = 100
	mostPage  = 1000
)

// GetOrganization implements [directoryv1.DirectoryServiceServer]. Errors: NOT_FOUND, also if the
// organisation had not begun on the day asked for.
func (s *Server) GetOrganization(ctx context.Context, in *directoryv1.GetOrganizationRequest) (*directoryv1.Organization, error) {
	on := s.dayOf(in.GetAsOf())
	var out *directoryv1.Organization
	err := s.db.View(ctx, func(r kv.Reader) error {
		stored, err := get(r, idOf(in.GetName()))
		if err != nil {
			return err
		}
		o, begun := asOf(stored, on)
		if !begun {
			return fault.NotFound(in.GetName())
		}
		out = o
		return nil
	})
	return out, err
}

// ListOrganizations implements [directoryv1.DirectoryServiceServer]. Errors: NOT_FOUND, INVALID_ARGUMENT.
// An organisation that is changed while the page is read may be left out of it.
func (s *Server) ListOrganizations(ctx context.Context, in *directoryv1.ListOrganizationsRequest) (*directoryv1.ListOrganizationsResponse, error) {
	after, size, err := server.Page(in, usualPage, mostPage)
	if err != nil {
		return nil, err
	}
	on := s.dayOf(in.GetAsOf())
	ids, exists := s.tree.list(idOf(in.GetUnder()), in.GetSubtree(), on)
	if !exists {
		return nil, fault.NotFound(in.GetUnder())
	}
	first, found := slices.BinarySearch(ids, organ.ID(after))
	if found {
		first++
	}
	page := ids[first:min(first+size, len(ids))]
	out := &directoryv1.ListOrganizationsResponse{}
	if first+len(page) < len(ids) {
		if out.NextPageToken, err = server.NextPage(in, []byte(page[len(page)-1])); err != nil {
			return nil, err
		}
	}
	err = s.db.View(ctx, func(r kv.Reader) error {
		for _, id := range page {
			stored, err := get(r, id)
			if err != nil {
				return fmt.Errorf("list organizations: %w", err)
			}
			if o, begun := asOf(stored, on); begun {
				out.Organizations = append(out.Organizations, o)
			}
		}
		return nil
	})
	return out, err
}

// CreateOrganization implements [directoryv1.DirectoryServiceServer].
// Source: GB/T 2260; R2019 art. 4. Errors: ALREADY_EXISTS, FAILED_PRECONDITION with the broken rules.
func (s *Server) CreateOrganization(ctx context.Context, in *directoryv1.CreateOrganizationRequest) (*directoryv1.Organization, error) {
	at := server.NewStamp(ctx, s.now())
	made, err := s.create(ctx, in, at, []newcomer{s.newcomer(in, at, "")})
	if err != nil {
		return nil, err
	}
	return made[0], nil
}

// BatchCreateOrganizations implements [directoryv1.DirectoryServiceServer].
// Source: GB/T 2260; R2019 art. 4. Errors: PERMISSION_DENIED, ALREADY_EXISTS, FAILED_PRECONDITION with the
// broken rules.
func (s *Server) BatchCreateOrganizations(ctx context.Context, in *directoryv1.BatchCreateOrganizationsRequest) (*directoryv1.BatchCreateOrganizationsResponse, error) {
	at, stamps, err := s.authorizeBatch(ctx, in)
	if err != nil {
		return nil, err
	}
	all := make([]newcomer, len(stamps))
	for i, one := range in.GetRequests() {
		all[i] = s.newcomer(one, stamps[i], fmt.Sprintf("requests[%d].", i))
	}
	made, err := s.create(ctx, in, at, all)
	if err != nil {
		return nil, err
	}
	return &directoryv1.BatchCreateOrganizationsResponse{Organizations: made}, nil
}

// ReviseOrganization implements [directoryv1.DirectoryServiceServer]. Errors: NOT_FOUND, ABORTED (old etag),
// ALREADY_EXISTS, PERMISSION_DENIED, FAILED_PRECONDITION with the broken rules.
func (s *Server) ReviseOrganization(ctx context.Context, in *directoryv1.ReviseOrganizationRequest) (*directoryv1.Organization, error) {
	at := server.NewStamp(ctx, s.now())
	on := civil(in.GetVersion().GetEffectiveOn())
	if err := notAhead(on, at, "version.effective_on"); err != nil {
		return nil, err
	}
	return s.change(ctx, in, change{
		id: idOf(in.GetName()), event: event{revised, on, at, eventlog.NewSalt()},
		apply: func(stored *storev1.StoredOrganization) (int, error) {
			stored.CorrectionReason = ""
			return enter(stored.GetOrganization(), in.GetVersion())
		},
		field: versionField("version.effective_on"),
	})
}

// CorrectOrganization implements [directoryv1.DirectoryServiceServer]. Errors: NOT_FOUND, ABORTED (old etag),
// ALREADY_EXISTS if another version begins on the new date, PERMISSION_DENIED, FAILED_PRECONDITION with the
// broken rules.
func (s *Server) CorrectOrganization(ctx context.Context, in *directoryv1.CorrectOrganizationRequest) (*directoryv1.Organization, error) {
	at := server.NewStamp(ctx, s.now())
	wrong := civil(in.GetEffectiveOn())
	on, field := wrong, "effective_on"
	if in.GetVersion() != nil {
		on, field = civil(in.GetVersion().GetEffectiveOn()), "version.effective_on"
	}
	if err := notAhead(on, at, field); err != nil {
		return nil, err
	}
	return s.change(ctx, in, change{
		id: idOf(in.GetName()), event: event{corrected, on, at, eventlog.NewSalt()},
		apply: func(stored *storev1.StoredOrganization) (int, error) {
			stored.CorrectionReason = in.GetReason()
			o := stored.GetOrganization()
			i := versionOn(o, wrong)
			if i < 0 {
				return 0, fault.NotFound(versionName(o, wrong))
			}
			o.Versions = slices.Delete(o.GetVersions(), i, i+1)
			if in.GetVersion() == nil {
				return -1, nil
			}
			return enter(o, in.GetVersion())
		},
		field: versionField(field),
	})
}

// AbolishOrganization implements [directoryv1.DirectoryServiceServer]. Errors: NOT_FOUND, ABORTED (old etag),
// FAILED_PRECONDITION with the broken rules.
func (s *Server) AbolishOrganization(ctx context.Context, in *directoryv1.AbolishOrganizationRequest) (*directoryv1.Organization, error) {
	at := server.NewStamp(ctx, s.now())
	on := civil(in.GetEndedOn())
	if err := notAhead(on, at, "ended_on"); err != nil {
		return nil, err
	}
	return s.change(ctx, in, change{
		id: idOf(in.GetName()), event: event{abolished, on, at, eventlog.NewSalt()},
		apply: func(stored *storev1.StoredOrganization) (int, error) {
			o := stored.GetOrganization()
			if o.GetEndedOn() != nil {
				return 0, endedAlready(civil(o.GetEndedOn()))
			}
			stored.CorrectionReason = ""
			o.EndedOn, o.Successors = dateOf(on), in.GetSuccessors()
			return -1, nil
		},
		field: endField,
	})
}

// dayOf is the day asked for: today if none is.
func (s *Server) dayOf(asked *date.Date) workday.Date {
	if asked == nil {
		return workday.On(s.now())
	}
	return civil(asked)
}

// versionOn returns the index of the version that begins on a date, -1 if there is none.
func versionOn(o *directoryv1.Organization, on workday.Date) int {
	return slices.IndexFunc(o.GetVersions(), func(v *directoryv1.OrganizationVersion) bool { return civil(v.GetEffectiveOn()) == on })
}

func versionName(o *directoryv1.Organization, on workday.Date) string {
	return o.GetName() + "/versions/" + on.String()
}

// enter puts a version in its place among the others, and returns its index; it refuses a date that is taken.
func enter(o *directoryv1.Organization, v *directoryv1.OrganizationVersion) (int, error) {
	on := civil(v.GetEffectiveOn())
	if versionOn(o, on) >= 0 {
		return 0, fault.Exists(versionName(o, on))
	}
	i := slices.IndexFunc(o.GetVersions(), func(v *directoryv1.OrganizationVersion) bool { return civil(v.GetEffectiveOn()).After(on) })
	if i < 0 {
		i = len(o.GetVersions())
	}
	o.Versions = slices.Insert(o.GetVersions(), i, &directoryv1.OrganizationVersion{
		EffectiveOn: dateOf(on), Parent: v.GetParent(), DisplayName: v.GetDisplayName(), Kind: v.GetKind(),
		OwesReport: v.GetOwesReport(), NoReportReason: v.GetNoReportReason(),
	})
	return i, nil
}

// organOf is what the rules look at.
func organOf(stored *storev1.StoredOrganization) organ.Organization {
	return mirror.Organization(stored.GetOrganization())
}
