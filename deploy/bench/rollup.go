package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/access"
)

// measureRollup reads the city's roll-up, one call after the other, in turns of few records and of many.
func measureRollup(ctx context.Context, b *bench) (rows []row, err error) {
	few, many := b.size(10_000, 2_000), b.size(1_000_000, 20_000)
	var readers [2]*reader
	for i, records := range []int{few, many} {
		data, err := b.city(ctx, records)
		if err != nil {
			return nil, err
		}
		c, err := b.serve(ctx, data)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, c.stop()) }()
		if readers[i], err = newReader(ctx, data, c); err != nil {
			return nil, err
		}
		defer readers[i].close()
	}
	var found turns
	for turn := range b.rounds + 1 {
		var took [2]float64
		for i, r := range readers {
			each, err := r.read(b.size(500, 100))
			if err != nil {
				return nil, err
			}
			took[i] = each.Seconds()
		}
		b.say("  %d records %.3f ms, %d records %.3f ms", few, took[0]*1000, many, took[1]*1000)
		if turn > 0 {
			found.add(took[1], took[0])
		}
	}
	const most = 1.3
	return []row{{
		what: text{
			fmt.Sprintf("roll-up of %d townships with %s records; yardstick: with %s", towns, number(float64(many)), number(float64(few))),
			fmt.Sprintf("汇总 %d 个乡镇，%s 条记录；对照：%s 条", towns, number(float64(many)), number(float64(few))),
		},
		measured: number(median(found.measured)*1000) + " ms", yardstick: number(median(found.yardstick)*1000) + " ms",
		ratio: fmt.Sprintf("%.2f", found.ratio()), target: fmt.Sprintf("≤ %.1f", most), met: found.ratio() <= most,
	}}, nil
}

// reader reads the city's roll-up.
type reader struct {
	reportv1.ReportServiceClient
	ctx   context.Context
	close func()
}

func newReader(ctx context.Context, data string, c *child) (*reader, error) {
	conns, err := c.conns(1)
	if err != nil {
		return nil, err
	}
	ctx, err = signIn(ctx, data, access.Supervisor, cityCode)
	return &reader{ReportServiceClient: reportv1.NewReportServiceClient(conns[0]), ctx: ctx, close: func() { closeAll(conns) }}, err
}

func (r *reader) rollup() (*reportv1.Rollup, error) {
	return r.GetRollup(r.ctx, &reportv1.GetRollupRequest{Name: "organizations/" + cityCode + "/rollups/" + period})
}

// read reads it so many times, and returns how long one took.
func (r *reader) read(times int) (time.Duration, error) {
	begin := time.Now()
	for range times {
		if _, err := r.rollup(); err != nil {
			return 0, fmt.Errorf("read the roll-up: %w", err)
		}
	}
	return time.Since(begin) / time.Duration(times), nil
}
