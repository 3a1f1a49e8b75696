package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"gongkai/services/chassis/telemetry"
)

// visibility is how a process is seen from outside.
type visibility struct {
	AdminListen   string  `name:"admin-listen" placeholder:"HOST:PORT" help:"Address of metrics, readiness and profiles, as 127.0.0.1:9090; default: none. It asks nobody who they are. (监测地址)"`
	TraceEndpoint string  `name:"trace-endpoint" placeholder:"URL" help:"OpenTelemetry collector that takes traces by OTLP over gRPC, as http://127.0.0.1:4317. (链路追踪地址)"`
	TraceSample   float64 `name:"trace-sample" default:"0" placeholder:"SHARE" help:"Share of traces that are sampled, from 0 to 1, the same in every process; default ${default}: none. (链路追踪采样率)"`
}

// check refuses settings that do not fit together.
func (v visibility) check() error {
	if v.TraceSample < 0 || v.TraceSample > 1 {
		return fmt.Errorf("--trace-sample is %v, not from 0 to 1", v.TraceSample)
	}
	if v.TraceSample > 0 && v.TraceEndpoint == "" {
		return errors.New("--trace-sample needs to know where traces go: --trace-endpoint URL")
	}
	if v.TraceEndpoint != "" {
		u, err := url.Parse(v.TraceEndpoint)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return errors.New("--trace-endpoint is no URL as http://HOST:PORT")
		}
	}
	if v.AdminListen != "" {
		if _, _, err := net.SplitHostPort(v.AdminListen); err != nil {
			return fmt.Errorf("--admin-listen is no HOST:PORT: %w", err)
		}
	}
	return nil
}

// metrics are nil if nobody can look at them.
func (v visibility) metrics() *telemetry.Metrics {
	if v.AdminListen == "" {
		return nil
	}
	return telemetry.NewMetrics(version())
}

// tracing is nil if no trace is sampled.
func (v visibility) tracing(ctx context.Context) (*telemetry.Tracing, error) {
	if v.TraceSample == 0 {
		return nil, nil
	}
	exporter, err := telemetry.OTLP(ctx, v.TraceEndpoint)
	if err != nil {
		return nil, err
	}
	return telemetry.NewTracing(exporter, v.TraceSample, version()), nil
}

// serveAdmin begins to answer on the address of its own.
func (p *process) serveAdmin() {
	admin := telemetry.Admin{Metrics: p.metrics, Alive: p.suite.Err, Conditions: p.suite.Conditions}
	p.watched = admin.Server()
	go func() {
		if err := p.watched.Serve(p.admin); !errors.Is(err, http.ErrServerClosed) {
			p.ended <- err
		}
	}()
}
