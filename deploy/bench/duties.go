package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"

	"google.golang.org/grpc"
)

// openRequests is how many requests of the city are open. How many were concluded before makes no difference to the
// keys that are read, which a test of package request holds.
const openRequests = 2_000

// measureDuties reads the first page of the duties of all townships of a city, as its supervisor does, one call after
// the other.
func measureDuties(ctx context.Context, b *bench) (rows []row, err error) {
	data, err := b.requested(ctx, openRequests)
	if err != nil {
		return nil, err
	}
	c, err := b.serve(ctx, data)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.stop()) }()
	conns, err := c.conns(1)
	if err != nil {
		return nil, err
	}
	defer closeAll(conns)
	if ctx, err = signIn(ctx, data, access.Supervisor, cityCode); err != nil {
		return nil, err
	}
	client := requestv1.NewRequestServiceClient(conns[0])
	var took []float64 // in milliseconds
	duties := 0
	for i := range b.size(1_000, 200) {
		begin := time.Now()
		out, err := client.ListDuties(ctx, &requestv1.ListDutiesRequest{Parent: "organizations/" + cityCode, Subtree: true}, grpc.WaitForReady(true))
		if err != nil {
			return nil, fmt.Errorf("list duties: %w", err)
		}
		if duties = len(out.GetDuties()); i >= 20 { // the first are to warm up
			took = append(took, time.Since(begin).Seconds()*1000)
		}
	}
	const most = 5.0
	typical := median(took)
	return []row{{
		what: text{
			fmt.Sprintf("page of %d of a city's duties over gRPC, %s requests open in %d townships: p50, p99 of %d", duties, number(openRequests), towns, len(took)),
			fmt.Sprintf("经 gRPC 列出一市待办，每页 %d 件（%d 个乡镇共 %[3]s 件在办）：p50、p99（共 %[4]d 次）", duties, towns, number(openRequests), len(took)),
		},
		measured: fmt.Sprintf("%.3g ms, %.3g ms", typical, quantile(took, 0.99)), target: fmt.Sprintf("p50 ≤ %.0f ms", most), met: typical <= most,
	}}, nil
}
