package telemetry

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"gongkai/services/chassis/kv"
)

// Store is a store that is watched.
type Store struct {
	// Name is that of its service.
	Name string
	// Stats tells what it did.
	Stats func() kv.Stats
	// Size tells how many bytes its file has.
	Size func() (int64, error)
	// Entries tells how many entries its event log has.
	Entries func(context.Context) (int64, error)
}

// Feed is a log that is followed.
type Feed struct {
	// Follower is who follows it, Name the service whose log it is.
	Follower, Name string
	// Position tells how many entries are folded, and when the last were.
	Position func() (size int64, moved time.Time)
	// Source tells how many entries there are.
	Source func(context.Context) (int64, error)
}

// Sight is what is read when somebody looks, and not counted on the way.
type Sight struct {
	Stores []Store
	Feeds  []Feed
	// Ready tells whether the process is ready.
	Ready func(context.Context) bool
}

// patience is how long a look may wait for another process.
const patience = 2 * time.Second

// Watch adds what a process keeps and follows to its metrics. It is called once.
func (m *Metrics) Watch(s Sight) {
	if m != nil {
		m.registry.MustRegister(&sight{Sight: s, descs: newDescs()})
	}
}

// descs describe the metrics that are read when somebody looks.
type descs struct {
	commits, callers, commitTime, rollbacks, size, entries *prometheus.Desc
	position, lag, age, up, ready                          *prometheus.Desc
}

func newDescs() descs {
	store, feed := []string{"store"}, []string{"follower", "feed"}
	desc := func(name, help string, labels []string) *prometheus.Desc {
		return prometheus.NewDesc("gongkai_"+name, help, labels, nil)
	}
	return descs{
		commits:    desc("store_commits_total", "Commits that wrote something.", store),
		callers:    desc("store_commit_callers", "Callers that shared a commit.", store),
		commitTime: desc("store_commit_seconds_total", "Time that commits took to become durable.", store),
		rollbacks:  desc("store_rollbacks_total", "Transactions taken back after a failure.", store),
		size:       desc("store_size_bytes", "Size of the store's file.", store),
		entries:    desc("log_entries", "Entries in an event log.", []string{"log"}),
		position:   desc("feed_position_entries", "Entries of a feed that are folded.", feed),
		lag:        desc("feed_lag_entries", "Entries behind the source.", feed),
		age:        desc("feed_last_fold_age_seconds", "Time since the last fold, or since following began.", feed),
		up:         desc("feed_source_up", "Whether the source tells its size.", feed),
		ready:      desc("ready", "Whether the process is ready.", nil),
	}
}

// sight implements [prometheus.Collector].
type sight struct {
	Sight
	descs
}

// Describe implements [prometheus.Collector].
func (s *sight) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		s.commits, s.callers, s.commitTime, s.rollbacks, s.size, s.entries, s.position, s.lag, s.age, s.up, s.ready,
	} {
		to <- d
	}
}

// Collect implements [prometheus.Collector].
func (s *sight) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for _, store := range s.Stores {
		s.collectStore(ctx, to, store)
	}
	for _, feed := range s.Feeds {
		s.collectFeed(ctx, to, feed)
	}
	to <- prometheus.MustNewConstMetric(s.ready, prometheus.GaugeValue, number(s.Ready(ctx)))
}

func (s *sight) collectStore(ctx context.Context, to chan<- prometheus.Metric, store Store) {
	did := store.Stats()
	count := func(d *prometheus.Desc, v float64) {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, v, store.Name)
	}
	count(s.commits, float64(did.Commits))
	count(s.commitTime, did.CommitTime.Seconds())
	count(s.rollbacks, float64(did.Rollbacks))
	buckets, sum := make(map[float64]uint64), uint64(0)
	for i, n := range did.Sizes[:len(did.Sizes)-1] { // what the last one has beyond is +Inf's
		sum += n
		buckets[float64(uint64(1)<<i)] = sum
	}
	to <- prometheus.MustNewConstHistogram(s.callers, did.Commits, float64(did.Callers), buckets, store.Name)
	if n, err := store.Size(); err == nil {
		to <- prometheus.MustNewConstMetric(s.size, prometheus.GaugeValue, float64(n), store.Name)
	}
	if n, err := store.Entries(ctx); err == nil {
		to <- prometheus.MustNewConstMetric(s.entries, prometheus.GaugeValue, float64(n), store.Name)
	}
}

func (s *sight) collectFeed(ctx context.Context, to chan<- prometheus.Metric, feed Feed) {
	gauge := func(d *prometheus.Desc, v float64) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, feed.Follower, feed.Name)
	}
	at, moved := feed.Position()
	gauge(s.position, float64(at))
	if !moved.IsZero() {
		gauge(s.age, time.Since(moved).Seconds())
	}
	n, err := feed.Source(ctx)
	gauge(s.up, number(err == nil))
	if err == nil {
		gauge(s.lag, float64(max(n-at, 0))) // it may have moved on meanwhile
	}
}

func number(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func codeText(code int) string {
	if code == 0 {
		return "none"
	}
	return strconv.Itoa(code)
}
