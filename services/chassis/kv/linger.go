package kv

import "time"

// linger keeps a transaction open for those whom the last commit has answered. Callers that come again at once would
// else fall into groups, of which one is synced while the others wait, and each commit would be shared by a part of
// them.
//
// It waits for as many as the last commit answered and found waiting, for each no longer than a quarter of the time which
// that commit took: while they keep coming, the processors have work. Where that does not pay, because callers come at
// their own pace and not when they are answered, it waits ever more rarely.
type linger struct {
	want   int           // callers that the transaction is to have; 0: it does not wait
	took   time.Duration // the last commit
	began  time.Time     // when it began to wait; zero: it has not
	begun  int           // callers in the transaction then
	skip   int           // so many transactions do not wait
	failed int           // how often in a row waiting has not paid
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
	l.want, l.took, l.began = c.Callers+waiting, c.Ended.Sub(c.Ran), time.Time{}
	if l.skip > 0 {
		l.want = 0
	}
}

// paid tells whether those who came while a transaction was kept open were worth the time: twice as many for it as a
// commit without them has. Of callers who come at their own pace there are just as many.
func (l *linger) paid(c *Commit) bool {
	waited := c.Ran.Sub(l.began)
	alone := c.Ended.Sub(c.Began) - waited
	return time.Duration(c.Callers-l.begun)*alone >= 2*time.Duration(l.begun)*waited
}

// wait waits until somebody has come to join a transaction that so many share already; false: it waits no more.
func (l *linger) wait(d *DB, joined int) bool {
	if joined == 0 || joined >= l.want {
		return false
	}
	if l.began.IsZero() {
		l.began, l.begun = time.Now(), joined
	}
	t := time.NewTimer(l.took / shares)
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
