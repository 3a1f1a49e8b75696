package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	reportv1 "gongkai/proto/gongkai/report/v1"
)

// measureLag measures how long after its acknowledgement a published record shows in the city's roll-up, while others
// publish at half of the highest rate: with everything in one process, and with every service in its own.
func measureLag(ctx context.Context, b *bench) (rows []row, err error) {
	base, err := b.drafted(ctx, b.size(100_000, 10_000), b.size(40, 20))
	if err != nil {
		return nil, err
	}
	for _, how := range []struct {
		what  text
		start func(context.Context, string) (*apart, error)
	}{
		{text{"one process", "单进程"}, b.whole},
		{text{"feeds over TCP, a process each", "各服务独立进程，日志订阅走 TCP"}, b.apart},
	} {
		l, err := b.lagOf(ctx, base, how.start)
		if err != nil {
			return nil, err
		}
		const most = 100.0
		p99 := quantile(l.lags, 0.99)
		rows = append(rows, row{
			what: text{
				fmt.Sprintf("from published to shown in the roll-up, at %.0f publications a second, %s: p50, p99 of %d", l.rate, how.what[english], len(l.lags)),
				fmt.Sprintf("自公开到计入汇总，每秒公开 %.0f 条，%s：p50、p99（共 %d 次）", l.rate, how.what[chinese], len(l.lags)),
			},
			measured: fmt.Sprintf("%.3g ms, %.3g ms", quantile(l.lags, 0.5), p99), target: fmt.Sprintf("p99 ≤ %.0f ms", most), met: p99 <= most,
		})
	}
	return rows, nil
}

// apart is a running suite: where its services answer, and all its processes.
type apart struct {
	disclosure, report *child
	all                []*child
}

func (a *apart) stop() error {
	var errs []error
	for i := len(a.all) - 1; i >= 0; i-- {
		errs = append(errs, a.all[i].stop())
	}
	return errors.Join(errs...)
}

// whole runs everything in one process.
func (b *bench) whole(ctx context.Context, data string) (*apart, error) {
	c, err := b.serve(ctx, data)
	return &apart{disclosure: c, report: c, all: []*child{c}}, err
}

// apart runs each service in a process of its own, on the data folder that they have had in common.
func (b *bench) apart(ctx context.Context, data string) (_ *apart, err error) {
	a := &apart{}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.stop())
		}
	}()
	started := make(map[string]*child)
	for _, target := range []struct {
		name  string
		needs []string
	}{{"directory", nil}, {"disclosure", []string{"directory"}}, {"request", []string{"directory"}}, {"report", []string{"directory", "disclosure", "request"}}} {
		flags := []string{"--target", target.name}
		for _, need := range target.needs {
			flags = append(flags, "--"+need, started[need].grpc)
		}
		c, err := b.serve(ctx, data, flags...)
		if err != nil {
			return nil, err
		}
		started[target.name], a.all = c, append(a.all, c)
	}
	a.disclosure, a.report = started["disclosure"], started["report"]
	return a, nil
}

// lagging is what a run of publications gave.
type lagging struct {
	rate float64   // publications a second
	lags []float64 // in milliseconds
}

// lagOf publishes half of the drafts as fast as it goes, to learn the rate, and the others at half that rate.
func (b *bench) lagOf(ctx context.Context, base string, start func(context.Context, string) (*apart, error)) (l lagging, err error) {
	data := filepath.Join(b.folder, "lag")
	defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	if err := copied(base, data); err != nil {
		return l, err
	}
	names, err := shuffledDrafts(filepath.Join(data, "disclosure.db"))
	if err != nil {
		return l, err
	}
	a, err := start(ctx, data)
	if err != nil {
		return l, err
	}
	defer func() { err = errors.Join(err, a.stop()) }()
	p, err := newPublisher(ctx, data, a.disclosure)
	if err != nil {
		return l, err
	}
	defer closeAll(p.conns)
	r, err := newReader(ctx, data, a.report)
	if err != nil {
		return l, err
	}
	defer r.close()
	for _, c := range a.all {
		if _, err := c.serving(ctx); err != nil {
			return l, err
		}
	}
	half := len(names) / 2
	w := &watch{reader: r, publisher: p}
	if l.rate, err = w.asFast(names[:half]); err != nil {
		return l, err
	}
	l.rate /= 2
	l.lags, err = w.at(l.rate, names[half:])
	return l, err
}

// watch publishes, and watches the roll-up for it.
type watch struct {
	*reader
	*publisher

	mu      sync.Mutex
	acks    []time.Time // of the publications, in the order in which they were acknowledged
	started int         // shown records before the first of them
}

const lagCallers = 64

// asFast publishes as fast as it goes, and returns how many a second that is.
func (w *watch) asFast(names []string) (float64, error) {
	if err := w.warm(lagCallers); err != nil {
		return 0, err
	}
	begin := time.Now()
	err := w.each(names, nil)
	return float64(len(names)) / time.Since(begin).Seconds(), err
}

// each publishes with many callers; next, if any, tells when the next may begin.
func (w *watch) each(names []string, next <-chan time.Time) error {
	queue := make(chan string, len(names))
	for _, name := range names {
		queue <- name
	}
	close(queue)
	return together(lagCallers, func(caller int) error {
		for name := range queue {
			if next != nil {
				<-next
			}
			if err := w.publish(caller, name); err != nil {
				return err
			}
			w.mu.Lock()
			w.acks = append(w.acks, time.Now())
			w.mu.Unlock()
		}
		return nil
	})
}

// at publishes at a steady rate, and returns how many milliseconds after its acknowledgement each one was shown. Which
// record is shown the roll-up does not tell: the n-th acknowledged one is taken to be shown when n are.
func (w *watch) at(rate float64, names []string) (lags []float64, err error) {
	if w.started, err = w.settled(); err != nil {
		return nil, err
	}
	w.acks = nil
	ticks := make(chan time.Time)
	ended := make(chan error, 1)
	done := make(chan struct{})
	go func() { ended <- w.each(names, ticks) }()
	go pace(rate, len(names), ticks, done)
	defer close(done)
	for shown := 0; shown < len(names); {
		select {
		case err := <-ended:
			if err != nil {
				return nil, err
			}
		default:
		}
		total, err := w.shown()
		if err != nil {
			return nil, err
		}
		now := time.Now()
		w.mu.Lock()
		for ; shown < min(total-w.started, len(w.acks)); shown++ {
			lags = append(lags, max(0, now.Sub(w.acks[shown]).Seconds()*1000))
		}
		w.mu.Unlock()
	}
	return lags, nil
}

// pace sends so many ticks, at a steady rate whatever becomes of them.
func pace(rate float64, n int, ticks chan<- time.Time, done <-chan struct{}) {
	begin := time.Now()
	for i := range n {
		time.Sleep(time.Until(begin.Add(time.Duration(float64(i) / rate * float64(time.Second)))))
		select {
		case ticks <- time.Now():
		case <-done:
			return
		}
	}
}

// shown is how many records the city's roll-up shows.
func (w *watch) shown() (int, error) {
	out, err := w.rollup()
	if err != nil {
		return 0, fmt.Errorf("read the roll-up: %w", err)
	}
	return records(out), nil
}

func records(out *reportv1.Rollup) int { return int(out.GetTotals()["disclosed.total"].GetRecords()) }

// settled waits until the roll-up stands still, and returns what it shows.
func (w *watch) settled() (int, error) {
	before := -1
	for {
		now, err := w.shown()
		if err != nil || now == before {
			return now, err
		}
		before = now
		time.Sleep(200 * time.Millisecond)
	}
}
