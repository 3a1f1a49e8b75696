package disclosure_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/chassis/access"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
)

type (
	disclosureT = disclosurev1.Disclosure
	createReq   = disclosurev1.CreateDisclosureRequest
	batchReq    = disclosurev1.BatchCreateDisclosuresRequest
	publishReq  = disclosurev1.PublishDisclosureRequest
	withdrawReq = disclosurev1.WithdrawDisclosureRequest
	updateReq   = disclosurev1.UpdateDisclosureRequest
	listReq     = disclosurev1.ListDisclosuresRequest
	getReq      = disclosurev1.GetDisclosureRequest
)

// Every bad input is refused with its code, reason and field, and nothing is stored.
func TestRefusals(t *testing.T) {
	e := newEnv(t)
	desk := e.desk(town)
	everywhere := e.desk("*")
	draft := e.draft(town, "a", document).GetName()
	internal, err := e.CreateDisclosure(desk, &createReq{Parent: town, Disclosure: &disclosureT{
		Title: "b", Category: document, Attribute: disclosurev1.Attribute_ATTRIBUTE_ON_REQUEST, FormedOn: day("2018-10-01"),
	}})
	ok(t, err)
	live := e.published(town, "c", document, "2018-03-01").GetName()
	gone := e.published(town, "d", document, "2018-03-02").GetName()
	_, err = e.WithdrawDisclosure(desk, &withdrawReq{Name: gone, Reason: "wrong"})
	ok(t, err)
	early := e.draft(founded, "e", document).GetName()
	missing := town + "/disclosures/01ARZ3NDEKTSV4RRFFQ69G5FAV"
	full := func(name string) *disclosureT {
		return &disclosureT{Name: name, Title: "x", Category: document}
	}
	create := func(ctx context.Context, in *createReq) func() error {
		return func() error { _, err := e.CreateDisclosure(ctx, in); return err }
	}
	publish := func(ctx context.Context, in *publishReq) func() error {
		return func() error { _, err := e.PublishDisclosure(ctx, in); return err }
	}
	withdraw := func(in *withdrawReq) func() error {
		return func() error { _, err := e.WithdrawDisclosure(desk, in); return err }
	}
	update := func(in *updateReq) func() error {
		return func() error { _, err := e.UpdateDisclosure(desk, in); return err }
	}
	list := func(ctx context.Context, in *listReq) func() error {
		return func() error { _, err := e.ListDisclosures(ctx, in); return err }
	}
	get := func(ctx context.Context, name string) func() error {
		return func() error { _, err := e.GetDisclosure(ctx, &getReq{Name: name}); return err }
	}
	page, err := e.ListDisclosures(desk, &listReq{Parent: town, PageSize: 1})
	ok(t, err)
	token := page.GetNextPageToken()

	before := e.size()
	for what, c := range map[string]struct {
		call func() error
		want string
	}{
		"unknown organisation":        {create(everywhere, &createReq{Parent: nowhere, Disclosure: full("")}), "NotFound NOT_FOUND"},
		"unknown organisation, clerk": {create(e.desk(nowhere), &createReq{Parent: nowhere, Disclosure: full("")}), "NotFound NOT_FOUND"},
		"organisation ended, about today": {
			create(e.desk(merged), &createReq{Parent: merged, Disclosure: full("")}), "NotFound NOT_FOUND",
		},
		"not yet founded":  {publish(e.desk(founded), &publishReq{Name: early, PublishedOn: day("2018-06-30")}), "FailedPrecondition ORGANIZATION_NOT_ON_DATE published_on=ORGANIZATION_NOT_ON_DATE"},
		"unknown category": {create(desk, &createReq{Parent: town, Disclosure: &disclosureT{Title: "x", Category: "gossip"}}), "InvalidArgument INVALID_FIELD disclosure.category=CATEGORY_UNKNOWN_TO_FORM"},
		"title of 10 MiB":  {create(desk, &createReq{Parent: town, Disclosure: &disclosureT{Title: strings.Repeat("长", 10<<20/3), Category: document}}), "InvalidArgument INVALID_FIELD disclosure.title=TOO_LONG"},
		"no title":         {create(desk, &createReq{Parent: town, Disclosure: &disclosureT{Category: document}}), "InvalidArgument INVALID_FIELD disclosure.title=REQUIRED"},
		"no disclosure":    {create(desk, &createReq{Parent: town}), "InvalidArgument INVALID_FIELD disclosure=REQUIRED"},
		"no day of the calendar": {
			create(desk, &createReq{Parent: town, Disclosure: &disclosureT{Title: "x", Category: document, FormedOn: &date.Date{Year: 2018, Month: 2, Day: 30}}}),
			"InvalidArgument INVALID_FIELD disclosure.formed_on=BAD_DATE",
		},
		"two faults": {
			create(desk, &createReq{Parent: town, Disclosure: &disclosureT{Category: document, Channels: []disclosurev1.Channel{99}}}),
			"InvalidArgument INVALID_FIELD disclosure.channels[0]=NOT_IN_LIST disclosure.title=REQUIRED",
		},
		"no token":                   {create(context.Background(), &createReq{Parent: town, Disclosure: full("")}), "Unauthenticated UNAUTHENTICATED"},
		"damaged token":              {create(metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer x.y.z"), &createReq{Parent: town, Disclosure: full("")}), "Unauthenticated UNAUTHENTICATED"},
		"another's organisation":     {create(desk, &createReq{Parent: other, Disclosure: full("")}), "PermissionDenied PERMISSION_DENIED"},
		"a child's organisation":     {create(desk, &createReq{Parent: village, Disclosure: full("")}), "PermissionDenied PERMISSION_DENIED"},
		"a clerk publishes":          {publish(e.as(town, access.Clerk), &publishReq{Name: draft}), "PermissionDenied PERMISSION_DENIED"},
		"an auditor records":         {create(e.as(town, access.Auditor), &createReq{Parent: town, Disclosure: full("")}), "PermissionDenied PERMISSION_DENIED"},
		"future":                     {publish(desk, &publishReq{Name: draft, PublishedOn: day("2019-01-01")}), "FailedPrecondition PUBLISH_DATE_IN_FUTURE published_on=PUBLISH_DATE_IN_FUTURE"},
		"no day":                     {publish(desk, &publishReq{Name: draft, PublishedOn: &date.Date{Year: 2018, Month: 13, Day: 1}}), "InvalidArgument INVALID_FIELD published_on=BAD_DATE"},
		"not proactive, before made": {publish(desk, &publishReq{Name: internal.GetName(), PublishedOn: day("2018-09-30")}), "FailedPrecondition NOT_FOR_DISCLOSURE attribute=NOT_FOR_DISCLOSURE published_on=PUBLISHED_BEFORE_FORMED"},
		"published twice":            {publish(desk, &publishReq{Name: live}), "FailedPrecondition NOT_A_DRAFT"},
		"withdrawn, published again": {publish(desk, &publishReq{Name: gone}), "FailedPrecondition WITHDRAWN"},
		"publish what is not there":  {publish(desk, &publishReq{Name: missing}), "NotFound NOT_FOUND"},
		"stale etag":                 {publish(desk, &publishReq{Name: draft, Etag: "7"}), "Aborted STALE_ETAG etag=STALE_ETAG"},
		"channel twice": {
			publish(desk, &publishReq{Name: draft, Channels: []disclosurev1.Channel{2, 2}}), "InvalidArgument INVALID_FIELD channels=NOT_UNIQUE",
		},
		"withdraw a draft":           {withdraw(&withdrawReq{Name: draft, Reason: "x"}), "FailedPrecondition NOT_PUBLISHED"},
		"withdraw twice":             {withdraw(&withdrawReq{Name: gone, Reason: "x"}), "FailedPrecondition WITHDRAWN"},
		"withdraw without reason":    {withdraw(&withdrawReq{Name: live}), "InvalidArgument INVALID_FIELD reason=REQUIRED"},
		"withdraw, stale etag":       {withdraw(&withdrawReq{Name: live, Reason: "x", Etag: "1"}), "Aborted STALE_ETAG etag=STALE_ETAG"},
		"update what was withdrawn":  {update(&updateReq{Disclosure: full(gone)}), "FailedPrecondition WITHDRAWN"},
		"update, malformed name":     {update(&updateReq{Disclosure: full(town + "/disclosures/x")}), "InvalidArgument INVALID_FIELD disclosure.name=BAD_FORMAT"},
		"update, no such record":     {update(&updateReq{Disclosure: full(missing)}), "NotFound NOT_FOUND"},
		"update, another's":          {update(&updateReq{Disclosure: full(strings.Replace(draft, town, other, 1))}), "PermissionDenied PERMISSION_DENIED"},
		"update, unknown field":      {update(&updateReq{Disclosure: full(draft), UpdateMask: mask("title", "colour")}), "InvalidArgument INVALID_FIELD update_mask=UNKNOWN_FIELD"},
		"update, stale etag":         {update(&updateReq{Disclosure: &disclosureT{Name: draft, Title: "x", Category: document, Etag: "9"}}), "Aborted STALE_ETAG etag=STALE_ETAG"},
		"date of a draft":            {update(&updateReq{Disclosure: full(draft), UpdateMask: mask("published_on")}), "FailedPrecondition NOT_PUBLISHED disclosure.published_on=NOT_PUBLISHED"},
		"draft, unknown category":    {update(&updateReq{Disclosure: &disclosureT{Name: draft, Title: "x", Category: "gossip"}}), "FailedPrecondition CATEGORY_UNKNOWN_TO_FORM disclosure.category=CATEGORY_UNKNOWN_TO_FORM"},
		"re-dated to the future":     {update(&updateReq{Disclosure: &disclosureT{Name: live, Title: "x", Category: document, PublishedOn: day("2019-01-01")}}), "FailedPrecondition PUBLISH_DATE_IN_FUTURE disclosure.published_on=PUBLISH_DATE_IN_FUTURE"},
		"undated":                    {update(&updateReq{Disclosure: full(live), UpdateMask: mask("published_on")}), "FailedPrecondition PUBLISH_DATE_MISSING disclosure.published_on=PUBLISH_DATE_MISSING"},
		"published, then classified": {update(&updateReq{Disclosure: &disclosureT{Name: live, Title: "x", Category: document, Attribute: 3}}), "FailedPrecondition NOT_FOR_DISCLOSURE disclosure.attribute=NOT_FOR_DISCLOSURE"},
		"filter that does not parse": {list(desk, &listReq{Parent: town, Filter: "category = = x"}), "InvalidArgument INVALID_FILTER filter=INVALID_FILTER"},
		"garbled page token":         {list(desk, &listReq{Parent: town, PageToken: "%%"}), "InvalidArgument INVALID_PAGE_TOKEN page_token=INVALID_PAGE_TOKEN"},
		"token of another query":     {list(desk, &listReq{Parent: town, PageToken: token, Filter: `category = "other"`}), "InvalidArgument INVALID_PAGE_TOKEN page_token=INVALID_PAGE_TOKEN"},
		"token of another list":      {list(everywhere, &listReq{Parent: other, PageToken: token}), "InvalidArgument INVALID_PAGE_TOKEN page_token=INVALID_PAGE_TOKEN"},
		"page of 1001":               {list(desk, &listReq{Parent: town, PageSize: 1001}), "InvalidArgument INVALID_FIELD page_size=OUT_OF_BOUNDS"},
		"list of nowhere":            {list(context.Background(), &listReq{Parent: nowhere}), "NotFound NOT_FOUND"},
		"malformed parent":           {list(desk, &listReq{Parent: "organizations/x"}), "InvalidArgument INVALID_FIELD parent=BAD_FORMAT"},
		"get, malformed":             {get(desk, town+"/disclosures/ü"), "InvalidArgument INVALID_FIELD name=BAD_FORMAT"},
		"get, beyond the last id":    {get(desk, town+"/disclosures/ZZZZZZZZZZZZZZZZZZZZZZZZZZ"), "NotFound NOT_FOUND"},
		"another's draft":            {get(e.desk(other), draft), "NotFound NOT_FOUND"},
		"a draft, to the public":     {get(context.Background(), draft), "NotFound NOT_FOUND"},
	} {
		if got := refusal(c.call()); got != c.want {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
	if after := e.size(); after != before {
		t.Errorf("the log grew from %d to %d", before, after)
	}
}

func mask(paths ...string) *fieldmaskpb.FieldMask { return &fieldmaskpb.FieldMask{Paths: paths} }

// A batch is stored as a whole or not at all, and says which of its requests is wrong.
func TestBatchAllOrNone(t *testing.T) {
	e := newEnv(t)
	one := func(title, category string) *createReq {
		return &createReq{Parent: town, Disclosure: &disclosureT{Title: title, Category: category}}
	}
	strange := one("e", document)
	strange.Parent = other
	for _, c := range []struct {
		requests []*createReq
		want     string
	}{
		{nil, "InvalidArgument INVALID_FIELD requests=REQUIRED"},
		{[]*createReq{one("a", document), one("", document)}, "InvalidArgument INVALID_FIELD requests[1].disclosure.title=REQUIRED"},
		{
			[]*createReq{one("a", document), one("b", "gossip"), one("c", "rumour"), strange},
			"InvalidArgument INVALID_FIELD requests[1].disclosure.category=CATEGORY_UNKNOWN_TO_FORM " +
				"requests[2].disclosure.category=CATEGORY_UNKNOWN_TO_FORM requests[3].parent=PARENT_DIFFERS",
		},
		{make([]*createReq, 501), "InvalidArgument INVALID_FIELD"},
	} {
		for i, r := range c.requests {
			if r == nil {
				c.requests[i] = one("x", document)
			}
		}
		_, err := e.BatchCreateDisclosures(e.desk(town), &batchReq{Parent: town, Requests: c.requests})
		if got := refusal(err); !strings.HasPrefix(got, c.want) {
			t.Errorf("%d requests: %s, want %s", len(c.requests), got, c.want)
		}
		if n := e.size(); n != 0 {
			t.Fatalf("%d entries are stored", n)
		}
	}

	in := &batchReq{Parent: town, RequestId: "batch-1"}
	for range 500 {
		in.Requests = append(in.Requests, one("x", "other"))
	}
	made, err := e.BatchCreateDisclosures(e.desk(town), in)
	ok(t, err)
	again, err := e.BatchCreateDisclosures(e.desk(town), in)
	ok(t, err)
	if n := e.size(); n != 500 || len(made.GetDisclosures()) != 500 || len(again.GetDisclosures()) != 500 {
		t.Fatalf("%d entries, %d and %d disclosures", n, len(made.GetDisclosures()), len(again.GetDisclosures()))
	}
	for i, d := range made.GetDisclosures() {
		if again.GetDisclosures()[i].GetName() != d.GetName() || i > 0 && d.GetName() <= made.GetDisclosures()[i-1].GetName() {
			t.Fatalf("disclosure %d is out of order or another one", i)
		}
	}
}

// A refusal is in the language that is asked for, with the values of the case.
func TestLanguages(t *testing.T) {
	e := newEnv(t)
	name := e.draft(town, "a", document).GetName()
	desk := e.desk(town)
	md, _ := metadata.FromOutgoingContext(desk)
	for language, want := range map[string]string{"en": "Publication date 2019-01-01 is after today", "zh-CN,en;q=0.5": "公开日期2019-01-01晚于今天"} {
		md.Set("accept-language", language)
		_, err := e.PublishDisclosure(metadata.NewOutgoingContext(context.Background(), md), &publishReq{Name: name, PublishedOn: day("2019-01-01")})
		got := ""
		for _, detail := range status.Convert(err).Details() {
			if m, ok := detail.(*errdetails.LocalizedMessage); ok {
				got = m.GetMessage()
			}
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: %q", language, got)
		}
		if m := status.Convert(err).Message(); !strings.Contains(m, "is after today") {
			t.Errorf("%s: message %q", language, m)
		}
	}
}

// verbatim sends bytes as they are, as no client of ours would.
type verbatim struct{}

func (verbatim) Marshal(v any) ([]byte, error)   { return v.([]byte), nil }
func (verbatim) Unmarshal(_ []byte, _ any) error { return nil }
func (verbatim) Name() string                    { return "proto" }

// A title that is not UTF-8 is refused with its field, and nothing is stored.
func TestNotUTF8(t *testing.T) {
	e := newEnv(t)
	in, err := proto.Marshal(&createReq{Parent: town, Disclosure: &disclosureT{Title: "TITLE", Category: document}})
	ok(t, err)
	in = bytes.Replace(in, []byte("TITLE"), []byte("\xff\xfeTLE"), 1)
	err = e.conn.Invoke(e.desk(town), disclosurev1.DisclosureService_CreateDisclosure_FullMethodName, in, new([]byte), grpc.ForceCodec(verbatim{}))
	if got := refusal(err); got != "InvalidArgument UNDECODABLE title=NOT_UTF8" || e.size() != 0 {
		t.Errorf("%s, %d entries: %v", got, e.size(), err)
	}
}
