package report

import (
	"context"
	"fmt"
	"slices"
	"strings"

	apiv1 "gongkai/proto/gongkai/api/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/server"
	"gongkai/services/law/form"
	"gongkai/services/law/organ"

	"google.golang.org/protobuf/proto"
)

// maxScanned is about how many log entries a page of a lineage looks through: no index leads from a cell to its entries,
// as each would cost every fact a row.
const maxScanned = 20_000

// ListLineage lists what a figure of a roll-up sums. Errors: NOT_FOUND, INVALID_ARGUMENT for a cell that the form does
// not have or a page token of another query, PERMISSION_DENIED, UNAVAILABLE if a log is away.
func (s *Server) ListLineage(ctx context.Context, in *reportv1.ListLineageRequest) (*reportv1.ListLineageResponse, error) {
	after, size, err := server.Page(in, 100, 1000)
	if err != nil {
		return nil, err
	}
	n, err := parseName(in.GetName())
	if err != nil {
		return nil, err
	}
	f, err := s.Forms.For(n.period)
	if err != nil {
		return nil, err
	}
	if _, ok := f.Cell(in.GetCell()); !ok {
		return nil, fault.Field("cell", form.UnknownCell, "cell", in.GetCell(), "form", f.ID)
	}
	l := lineage{Server: s, n: n, form: f, in: in, size: size, cursor: &storev1.LineageCursor{}}
	if err := l.allowed(ctx); err != nil {
		return nil, err
	}
	if after == nil {
		err = l.begin(ctx)
	} else if proto.Unmarshal(after, l.cursor) != nil {
		err = fault.Invalid("page_token", apiv1.ErrorReason_ERROR_REASON_INVALID_PAGE_TOKEN, fmt.Errorf("it is no cursor"))
	}
	if err != nil {
		return nil, err
	}
	l.out = &reportv1.ListLineageResponse{Total: l.cursor.GetTotal()}
	var more bool
	if in.GetBasis() == reportv1.RollupBasis_ROLLUP_BASIS_RECORDS {
		l.out.Basis = l.cursor.GetBasis()
		more, err = l.entries(ctx)
	} else {
		more, err = l.reports(ctx)
	}
	if err != nil || !more {
		return l.out, err
	}
	next, err := proto.MarshalOptions{Deterministic: true}.Marshal(l.cursor)
	if err != nil {
		return nil, fmt.Errorf("encode cursor: %w", err)
	}
	l.out.NextPageToken, err = server.NextPage(in, next)
	return l.out, err
}

// lineage is one call for the lineage of a figure.
type lineage struct {
	*Server
	n      reportName
	form   *form.Form
	in     *reportv1.ListLineageRequest
	size   int
	cursor *storev1.LineageCursor
	out    *reportv1.ListLineageResponse

	units  map[unit]int64
	shares map[share]int64
	heirs  map[organ.ID]int64
}

// allowed refuses who may not see the basis.
func (l *lineage) allowed(ctx context.Context) error {
	if l.in.GetBasis() != reportv1.RollupBasis_ROLLUP_BASIS_RECORDS {
		return nil
	}
	if l.in.GetOwn() {
		if all, err := seesAll(ctx, string(l.n.organization)); all || err != nil {
			return err
		}
	}
	return mayOversee(ctx, l.n.organization)
}

// begin notes the figure and the positions of the logs that it stands on.
func (l *lineage) begin(ctx context.Context) error {
	if err := l.meet(ctx, l.n.organization); err != nil {
		return err
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	if err := l.existed(l.n); err != nil {
		return err
	}
	return l.DB.View(ctx, func(r kv.Reader) error {
		lines, err := l.lines(r, l.n, l.form)
		if err != nil {
			return err
		}
		for _, line := range lines {
			switch {
			case l.in.GetOwn() && !line.own:
			case l.in.GetBasis() == reportv1.RollupBasis_ROLLUP_BASIS_RECORDS:
				l.cursor.Total += line.whole.records[l.in.GetCell()]
			default:
				l.cursor.Total += line.whole.submitted[l.in.GetCell()]
			}
		}
		basis, err := positions(r)
		for _, at := range basis {
			if at.GetLog() != "logs/"+directoryFeed { // which has no facts
				l.cursor.Basis = append(l.cursor.Basis, &reportv1.FeedPosition{Log: at.GetLog(), Size: at.GetSize()})
			}
		}
		return err
	})
}

// reports lists the accepted reports, and tells whether there are more.
func (l *lineage) reports(ctx context.Context) (more bool, err error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	within := []organ.ID{l.n.organization}
	if !l.in.GetOwn() {
		within = l.within(l.n)
	}
	begin := 0
	if last := l.cursor.GetOrganization(); last != "" {
		begin, _ = slices.BinarySearch(within, organ.ID(last)+"\x00")
	}
	err = l.DB.View(ctx, func(r kv.Reader) error {
		for i, id := range within[begin:] {
			stored, err := findReport(r, reportName{id, l.n.period})
			if err != nil {
				return err
			}
			if item := l.report(stored.GetReport(), id); item != nil {
				l.out.Items = append(l.out.Items, item)
			}
			l.cursor.Organization = string(id)
			if more = begin+i+1 < len(within); more && (len(l.out.GetItems()) == l.size || i+1 == maxWalked) {
				return nil
			}
		}
		return nil
	})
	return more, err
}

// report is what an accepted report adds to the figure; nil for another, or nothing.
func (l *lineage) report(r *reportv1.Report, id organ.ID) *reportv1.LineageItem {
	if !isAccepted(r) {
		return nil
	}
	for _, figure := range ownFigures(r) {
		if figure.GetCell() == l.in.GetCell() && valueOf(figure) != 0 {
			return &reportv1.LineageItem{
				Organization: "organizations/" + string(id), DisplayName: l.nameIn(reportName{id, l.n.period}),
				Resource: r.GetName(), Amount: valueOf(figure), Version: r.GetVersion(),
			}
		}
	}
	return nil
}

// entries lists the log entries, and tells whether there may be more.
func (l *lineage) entries(ctx context.Context) (more bool, err error) {
	l.units, l.shares = make(map[unit]int64), make(map[share]int64)
	if err := l.findHeirs(ctx); err != nil {
		return false, err
	}
	for scanned := 0; int(l.cursor.GetLog()) < len(l.cursor.GetBasis()) && l.cursor.GetLog() >= 0; {
		at := l.cursor.GetBasis()[l.cursor.GetLog()]
		left := at.GetSize() - l.cursor.GetIndex()
		if left <= 0 || l.cursor.GetIndex() < 0 {
			l.cursor.Log, l.cursor.Index = l.cursor.GetLog()+1, 0
			continue
		}
		if scanned >= maxScanned || len(l.out.GetItems()) >= l.size {
			return true, nil
		}
		client, ok := l.Feeds[strings.TrimPrefix(at.GetLog(), "logs/")]
		if !ok {
			return false, fault.Busy(fmt.Errorf("%s is not followed", at.GetLog()))
		}
		page, err := client.ListEntries(ctx, &logv1.ListEntriesRequest{
			Parent: at.GetLog(), Start: l.cursor.GetIndex(), PageSize: int32(min(left, 1000)), Decode: true,
		})
		if err != nil {
			return false, fault.Busy(fmt.Errorf("read %s: %w", at.GetLog(), err))
		}
		if len(page.GetEntries()) == 0 {
			return false, fault.Busy(fmt.Errorf("%s ends at %d, folded are %d", at.GetLog(), page.GetSize(), at.GetSize()))
		}
		scanned += len(page.GetEntries())
		if err := l.take(at.GetLog(), page.GetEntries()); err != nil {
			return false, err
		}
	}
	return false, nil
}

// take adds the entries of a page of a log to the answer, until that is full.
func (l *lineage) take(log string, entries []*logv1.LogEntry) error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, e := range entries {
		if len(l.out.GetItems()) >= l.size {
			return nil
		}
		item := &reportv1.LineageItem{Resource: e.GetEntry().GetResource(), Entry: fmt.Sprintf("%s/entries/%d", log, e.GetIndex()), Kind: e.GetEntry().GetKind()}
		if err := l.count(item, e.GetEntry().GetBefore(), -1); err != nil {
			return err
		}
		if err := l.count(item, e.GetEntry().GetAfter(), 1); err != nil {
			return err
		}
		if item.GetAmount() != 0 {
			item.DisplayName = l.nameIn(reportName{organ.ID(strings.TrimPrefix(item.GetOrganization(), "organizations/")), l.n.period})
			l.out.Items = append(l.out.Items, item)
		}
		l.cursor.Index = e.GetIndex() + 1
	}
	return nil
}

// count adds to an item what facts add to the figure.
func (l *lineage) count(item *reportv1.LineageItem, facts []*logv1.Fact, sign int64) error {
	for _, fact := range facts {
		d, id, err := countedAt(fact)
		if err != nil {
			return err
		}
		when, counted := l.when(d)
		if !counted {
			continue
		}
		times := l.share(share{id, when})
		if when != l.n.period || goesOn(fact.GetMeasure()) {
			times += l.heirs[id]
		}
		amount := sign * fact.GetValue() * l.unit(unit{fact.GetMeasure(), when == l.n.period}) * times
		if amount != 0 {
			item.Amount += amount
			item.Organization, item.Date = fact.GetOrganization(), fact.GetDate()
		}
	}
	return nil
}
