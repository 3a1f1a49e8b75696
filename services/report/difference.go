package report

import (
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/law/form"
)

// differences explains, cell by cell, why the two bases of a line differ: what its own report does not
// hold, by where that stands, and what differs further down. The parts of a cell add up to its difference.
func (l line) differences(f *form.Form, status reportv1.RollupStatus) []*reportv1.Difference {
	var out []*reportv1.Difference
	for _, c := range f.Cells() {
		if unrecorded(c) {
			continue
		}
		whole := l.whole.records[c.ID] - l.whole.submitted[c.ID]
		self := l.self.records[c.ID] - l.self.submitted[c.ID]
		found := func(cause reportv1.DifferenceCause, part int64) {
			if part != 0 {
				out = append(out, &reportv1.Difference{
					Organization: "organizations/" + string(l.organization), Cell: c.ID, Difference: count(part), Cause: cause,
				})
			}
		}
		if status == reportv1.RollupStatus_ROLLUP_STATUS_ACCEPTED {
			found(reportv1.DifferenceCause_DIFFERENCE_CAUSE_LATE, l.self.late[c.ID])
			found(reportv1.DifferenceCause_DIFFERENCE_CAUSE_REPORTED, self-l.self.late[c.ID])
		} else {
			found(causes[status], self)
		}
		found(reportv1.DifferenceCause_DIFFERENCE_CAUSE_BELOW, whole-self)
	}
	return out
}

var causes = map[reportv1.RollupStatus]reportv1.DifferenceCause{
	reportv1.RollupStatus_ROLLUP_STATUS_NOT_OWED:  reportv1.DifferenceCause_DIFFERENCE_CAUSE_NOT_OWED,
	reportv1.RollupStatus_ROLLUP_STATUS_MISSING:   reportv1.DifferenceCause_DIFFERENCE_CAUSE_MISSING,
	reportv1.RollupStatus_ROLLUP_STATUS_SUBMITTED: reportv1.DifferenceCause_DIFFERENCE_CAUSE_SUBMITTED,
	reportv1.RollupStatus_ROLLUP_STATUS_RETURNED:  reportv1.DifferenceCause_DIFFERENCE_CAUSE_RETURNED,
}
