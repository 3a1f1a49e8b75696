package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc/metadata"
)

// measureProcess measures what a process of the whole suite takes: memory after the demo, and time to serve.
func measureProcess(ctx context.Context, b *bench) ([]row, error) {
	memory, err := b.memoryAfterDemo(ctx)
	if err != nil {
		return nil, err
	}
	start, err := b.timeToServe(ctx)
	return append(memory, start), err
}

// memoryAfterDemo runs the demo, which does a city's year and goes on serving, and looks a minute later.
func (b *bench) memoryAfterDemo(ctx context.Context) (_ []row, err error) {
	c, err := b.start(ctx, b.gongkai, "demo", "--data", filepath.Join(b.folder, "demo"), "--listen", "127.0.0.1:0", "--lang", "en")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.stop()) }()
	wait := time.Minute
	if b.quick {
		wait = 5 * time.Second
	}
	select {
	case <-time.After(wait):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	anonymous, file, err := resident(c.command.Process.Pid)
	if err != nil {
		return nil, err
	}
	const most = 64.0
	return []row{{
		what: text{
			fmt.Sprintf("memory of the whole suite, %.0f s after the demo: anonymous, and file-backed", wait.Seconds()),
			fmt.Sprintf("演示结束 %.0f 秒后整套服务的内存：匿名内存，文件映射", wait.Seconds()),
		},
		measured: fmt.Sprintf("%.1f MiB, %.1f MiB", anonymous, file), target: fmt.Sprintf("anonymous < %.0f MiB", most), met: anonymous < most,
	}}, nil
}

// resident is a process's resident memory in MiB: anonymous, and mapped from files.
func resident(pid int) (anonymous, file float64, err error) {
	status, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0, fmt.Errorf("read the memory of a process: %w", err)
	}
	defer func() { _ = status.Close() }()
	for lines := bufio.NewScanner(status); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 2 {
			continue
		}
		kib, _ := strconv.ParseFloat(fields[1], 64)
		switch fields[0] {
		case "RssAnon:":
			anonymous = kib / 1024
		case "RssFile:":
			file = kib / 1024
		}
	}
	if anonymous == 0 {
		return 0, 0, errors.New("the system does not tell a process's anonymous memory")
	}
	return anonymous, file, nil
}

// timeToServe starts the suite on many records several times; the first brings the files into the page cache.
func (b *bench) timeToServe(ctx context.Context) (row, error) {
	records := b.size(1_000_000, 20_000)
	data, err := b.city(ctx, records)
	if err != nil {
		return row{}, err
	}
	var took []float64
	for turn := range b.rounds + 1 {
		c, err := b.serve(ctx, data)
		if err != nil {
			return row{}, err
		}
		each, err := c.serving(ctx)
		if err := errors.Join(err, c.stop()); err != nil {
			return row{}, err
		}
		if turn > 0 {
			took = append(took, each.Seconds()*1000)
		}
	}
	const most = 300.0
	return row{
		what: text{
			fmt.Sprintf("from exec to health SERVING, %s records, page cache warm", number(float64(records))),
			fmt.Sprintf("自启动到健康检查为 SERVING，%s 条记录，页缓存已热", number(float64(records))),
		},
		measured: number(median(took)) + " ms", target: fmt.Sprintf("< %.0f ms", most), met: median(took) < most,
	}, nil
}

// bearing puts a token into a call.
func bearing(ctx context.Context, token string) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token)
}
