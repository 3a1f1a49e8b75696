package deadline

import (
	"cmp"
	"errors"
	"slices"

	"gongkai/services/law"
	"gongkai/services/law/workday"
)

// Appeal is all that there is over one act: the act itself, a reconsideration, a suit; any of them may be missing.
//
// It is written in JSON with the names in the tags, dates as 2019-05-15.
type Appeal struct {
	Act             *Act             `json:"act,omitempty"`
	Reconsideration *Reconsideration `json:"reconsideration,omitempty"`
	Litigation      *Litigation      `json:"litigation,omitempty"`
}

// Limits are the limits of all parts, in the order in which they begin. What was applied for or filed after the
// applicant's limit is marked: it is for the body appealed to whether to take it. Once there is a reconsideration, the
// limit of a suit is that after it, and the direct one is left out (Litigation Law art. 45).
//
// It returns the errors of [AppealLimits], [Reconsideration.Limits] and [Litigation.Limits], with the parts' names in
// their fields, or a [*law.Breach] of [AppealBeginUnknown] if there is no part.
func (a Appeal) Limits(days workday.Calendar) (Limits, error) {
	var all Limits
	var errs []error
	var read readings
	add := func(part string, l Limits, err error) {
		errs = append(errs, within(part, err))
		all.Limits = append(all.Limits, l.Limits...)
		all.Marks = append(all.Marks, l.Marks...)
		for _, r := range l.Readings {
			read.add(r)
		}
	}
	if a.Act != nil {
		l, err := AppealLimits(*a.Act, days)
		if a.Reconsideration != nil {
			l.Limits = slices.DeleteFunc(l.Limits, func(one Limit) bool { return one.Kind == FileSuit })
		}
		add("act", l, err)
	}
	if r := a.Reconsideration; r != nil {
		l, err := r.Limits(days)
		add("reconsideration", l, err)
	}
	if a.Litigation != nil {
		l, err := a.Litigation.Limits(days)
		add("litigation", l, err)
	}
	if len(errs) == 0 {
		broken := law.Under(law.Citation{})
		broken.If(true, AppealBeginUnknown, "act.on")
		return Limits{}, broken.Err()
	}
	if err := law.Join(errs...); err != nil {
		return Limits{}, err
	}
	all.markLate(a)
	slices.SortStableFunc(all.Limits, func(a, b Limit) int { return cmp.Or(a.From.Compare(b.From), a.Until.Compare(b.Until)) })
	all.Readings = read.list()
	return all, nil
}

// markLate marks what was begun after its limit. After a reconsideration a suit has the limit of one.
func (l *Limits) markLate(a Appeal) {
	late := func(k LimitKind, on workday.Date) {
		if m, ok := l.MarkIfLate(k, on); ok && !on.IsZero() {
			l.Marks = append(l.Marks, m)
		}
	}
	if a.Reconsideration != nil {
		late(ApplyReconsideration, a.Reconsideration.AppliedOn)
	}
	switch {
	case a.Litigation == nil:
	case a.Reconsideration != nil:
		late(SueAfterReconsidering, a.Litigation.FiledOn)
	default:
		late(FileSuit, a.Litigation.FiledOn)
	}
}

// within puts the name of a part before the fields of a breach; any other error stays as it is.
func within(part string, err error) error {
	var breach *law.Breach
	if !errors.As(err, &breach) {
		return err
	}
	found := slices.Clone(breach.Violations)
	for i := range found {
		if found[i].Field != "" {
			found[i].Field = part + "." + found[i].Field
		}
	}
	return &law.Breach{Violations: found}
}
