package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"time"
)

// The country has so many divisions of each level.
const provinces, prefectures, counties, townships = 31, 342, 2_978, 41_352

// measureNation rebuilds the totals of a country's year from its log, and reads roll-ups of it, in a process of its
// own; PostgreSQL's GROUP BY ROLLUP over as many facts of the same places stands beside it.
func measureNation(ctx context.Context, b *bench) ([]row, error) {
	out, err := b.runNation(ctx)
	if err != nil {
		return nil, fmt.Errorf("run the benchmark of the country: %w", err)
	}
	found := make(map[string]map[string]float64) // by benchmark and unit
	for _, line := range nationLine.FindAllSubmatch(out, -1) {
		units := make(map[string]float64)
		for _, m := range nationFigure.FindAllSubmatch(line[2], -1) {
			if units[string(m[2])], err = strconv.ParseFloat(string(m[1]), 64); err != nil {
				return nil, fmt.Errorf("read the benchmark of the country: %w", err)
			}
		}
		found[string(line[1])] = units
	}
	facts := number(float64(townships * b.nation))
	rebuilt, scanned := found["rebuild"], found["scan_with_decoding"]
	ratio := rebuilt["facts/s"] / scanned["facts/s"]
	const least, fast, most, soon = 0.6, 500_000, 1024.0, 5.0
	rows := []row{
		{
			what:     text{"rebuild from a log of " + facts + " facts; yardstick: its scan with decoding", "由 " + facts + " 条事实的日志重建；对照：解码扫描"},
			measured: number(rebuilt["facts/s"]) + "/s", yardstick: number(scanned["facts/s"]) + "/s", ratio: fmt.Sprintf("%.2f", ratio),
			target: fmt.Sprintf("≥ %s/s, ≥ %.1f", number(fast), least), met: ratio >= least && rebuilt["facts/s"] >= fast,
		},
		{
			what:     text{"the same: anonymous memory", "同上：匿名内存"},
			measured: number(rebuilt["MiB-anonymous"]) + " MiB", target: fmt.Sprintf("< %.0f MiB", most), met: rebuilt["MiB-anonymous"] < most,
		},
	}
	for _, read := range []struct {
		name string
		what text
	}{{"nation", text{"the country", "全国"}}, {"province", text{"a province", "一省"}}, {"city", text{"a city", "一市"}}} {
		took := found[read.name]["ns/op"] / float64(time.Millisecond)
		rows = append(rows, row{
			what: text{
				fmt.Sprintf("roll-up of %s over gRPC, %s facts: %.0f keys read", read.what[english], facts, found[read.name]["keys/op"]),
				fmt.Sprintf("经 gRPC 汇总%s，%s 条事实：读键 %.0f 个", read.what[chinese], facts, found[read.name]["keys/op"]),
			},
			measured: number(took) + " ms", target: fmt.Sprintf("< %.0f ms", soon), met: took > 0 && took < soon,
		})
	}
	return append(rows, b.measureGrouping(ctx)), nil
}

// bytesPerFact is how much of a disk a fact of the country takes at most, in the log and in the totals.
const bytesPerFact = 1200

// runNation runs the benchmark in the folder of the run, which is removed in the end whatever happens, and returns what
// it measures. How far it is, it tells as it goes.
func (b *bench) runNation(ctx context.Context) ([]byte, error) {
	const gib = 1 << 30
	need := float64(townships*b.nation) * bytesPerFact / gib
	var disk syscall.Statfs_t
	if err := syscall.Statfs(b.folder, &disk); err != nil {
		return nil, fmt.Errorf("look how much room there is: %w", err)
	}
	free := float64(disk.Bavail) * float64(disk.Bsize) / gib
	b.say("  %s facts take up to %.1f GiB of disk, %.1f GiB are free in %s", number(float64(townships*b.nation)), need, free, filepath.Dir(b.folder))
	if need > free {
		return nil, errors.New("there is not enough room: choose another disk with -dir, or fewer facts with -nation")
	}
	program := filepath.Join(b.folder, "nation.test")
	if out, err := exec.CommandContext(ctx, "go", "test", "-c", "-o", program, "gongkai/services/report").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build it: %w\n%s", err, out)
	}
	run := exec.CommandContext(ctx, program, "-test.run", "^$", "-test.bench", "^BenchmarkNation$", "-test.timeout", "3h", "-nation", strconv.Itoa(b.nation))
	run.Dir, run.Env, run.Stderr = b.folder, append(os.Environ(), "TMPDIR="+b.folder), b.log
	return run.Output()
}

var (
	nationLine   = regexp.MustCompile(`(?m)^BenchmarkNation/(\w+?)(?:-\d+)?\s+\d+\s+(.*)$`)
	nationFigure = regexp.MustCompile(`([0-9.]+) ([A-Za-z-]+/?[a-z]*)`)
)

// measureGrouping has PostgreSQL group as many facts by the levels of the country.
func (b *bench) measureGrouping(ctx context.Context) row {
	facts := number(float64(townships * b.nation))
	r := row{
		what:     text{"for orientation: PostgreSQL, GROUP BY ROLLUP over " + facts + " facts", "参考：PostgreSQL 对 " + facts + " 条事实做 GROUP BY ROLLUP"},
		measured: "not measured",
	}
	took, err := b.grouping(ctx)
	if err != nil {
		b.say("  PostgreSQL is left out: %v", err)
		return r
	}
	r.measured = number(took) + " ms"
	return r
}

// grouping returns how many milliseconds the median of three groupings takes.
func (b *bench) grouping(ctx context.Context) (took float64, err error) {
	p, stop, err := b.startPostgres(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = stop(err) }()
	fill := fmt.Sprintf(`CREATE TABLE fact AS SELECT (t %% %d %% %d %% %d)::int4 AS province, (t %% %d %% %d)::int4 AS prefecture, (t %% %d)::int4 AS county,
		t::int4 AS township, (i %% 5)::int2 AS category, (1 + i * 12 / %d)::int2 AS month, 1::int4 AS value
		FROM generate_series(0, %d) t, generate_series(0, %d) i`,
		counties, prefectures, provinces, counties, prefectures, counties, b.nation, townships-1, b.nation-1)
	if _, err := p.sql(ctx, fill); err != nil {
		return 0, err
	}
	if _, err := p.sql(ctx, "VACUUM ANALYZE fact"); err != nil {
		return 0, err
	}
	var times []float64
	for range 3 {
		out, err := p.sql(ctx, `\timing on`, "SELECT count(*) FROM (SELECT category, sum(value) FROM fact GROUP BY category, ROLLUP (province, prefecture, county, township)) g")
		if err != nil {
			return 0, err
		}
		m := timing.FindStringSubmatch(out)
		if m == nil {
			return 0, fmt.Errorf("read what psql says: %s", out)
		}
		ms, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			return 0, fmt.Errorf("read what psql says: %w", err)
		}
		times = append(times, ms)
	}
	return median(times), nil
}

var timing = regexp.MustCompile(`Time: ([0-9.]+) ms`)
