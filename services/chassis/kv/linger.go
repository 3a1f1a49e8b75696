package kv

import "time"

// linger keeps a transaction open for those whom the last commit has answered. Callers that come again at once would
// else fall into groups, of which one is synced while the others wait, and each commit would be shared by a part of
// them.
//
// It waits for as many as the last commit answered and found waiting: not longer than that commit took, and not longer
// than a quarter of that for the next one. Where that does not pay, because callers do not come again, it waits ever
// more rarely.
type linger struct {
	want    int           // callers that the transaction is to have; 0: it does not wait
	patient time.Duration // how long it waits for all of them together
	began   time.Time     // when it began to wait; zero: it has not
	begun   int           // callers in the transaction then
	skip    int           // so many transactions do not wait
	failed  int           // how often in a row waiting has not paid
}

// shares are the parts of a commit's time that the next caller may take to come.
const shares = 4

// after takes note of a commit, and of how many waited at its end.
func (l *linger) after(c *Commit, waiting int) {
	switch {
	case l.began.IsZero():
		l.skip = max(l.skip-1, 0)
	case l.paid(c):
		l.failed = 0
	default:
		l.failed = min(l.failed+1, 6)
		l.skip = 1 << l.failed
	}
	l.want, l.patient, l.began = c.Callers+waiting, c.Ended.Sub(c.Ran), time.Time{}
	if l.skip > 0 {
		l.want = 0
	}
}

// paid tells whether those who came while a transaction was kept open were worth the time: as many for it as a commit
// without them has.
func (l *linger) paid(c *Commit) bool {
	waited := c.Ran.Sub(l.began)
	alone := c.Ended.Sub(c.Began) - waited
	return time.Duration(c.Callers-l.begun)*alone >= time.Duration(l.begun)*waited
}

// wait waits until somebody has come to join a transaction that so many share already; false: it waits no more.
func (l *linger) wait(d *DB, joined int) bool {
	if joined == 0 || joined >= l.want {
		return false
	}
	now := time.Now()
	if l.began.IsZero() {
		l.began, l.begun = now, joined
	}
	left := min(l.patient-now.Sub(l.began), l.patient/shares)
	if left <= 0 {
		return false
	}
	t := time.NewTimer(left)
	defer t.Stop()
	for {
		select {
		case <-d.arrived:
			if d.waiting() > 0 {
				return true
			}
			if d.closed.Load() {
				return false
			}
		case <-t.C:
			return false
		}
	}
}
