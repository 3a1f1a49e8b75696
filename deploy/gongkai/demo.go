package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"gongkai/deploy/demo"
	"gongkai/gateway/page"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/access"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// demoCommand does the main job on a real city and goes on serving.
// The environment sets nothing of it: GONGKAI_DATA is a folder of real data.
type demoCommand struct {
	Data   string `placeholder:"DIR" env:"-" help:"Keep the data in this folder; default: a temporary one. (数据目录)"`
	Listen string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" env:"-" help:"Address of the page and REST, default ${default}; gRPC takes the port after it. Port 0: any free ports. (地址)"`
	Output string `default:"table" enum:"table,json" env:"-" help:"What is printed: table, or json, the roll-up as REST returns it. (输出)"`
	Lang   string `default:"zh" enum:"zh,en" env:"-" help:"Language of the table: ${enum}. (语言)"`
	Exit   bool   `env:"-" help:"Stop after the table. (显示后退出)"`
}

// Run does the year, prints the roll-up, and serves until Ctrl-C.
func (c *demoCommand) Run(s streams) (err error) {
	ctx, stop := interrupted()
	defer stop()
	data, temporary := c.Data, c.Data == ""
	if temporary {
		if data, err = os.MkdirTemp("", "gongkai-demo-"); err != nil {
			return fmt.Errorf("make a temporary data folder: %w", err)
		}
		defer func() { _ = os.RemoveAll(data) }()
	}
	p, err := open(ctx, options{
		gateway: true,
		data:    data, origin: "gongkai.local", listen: c.Listen,
		home: page.Home{Organization: demo.CityID, Period: demo.Period}, logger: logger(s.log, slog.LevelWarn),
	})
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := p.close(); closeErr != nil && err == nil {
			err = fmt.Errorf("stop: %w", closeErr)
		}
	}()
	result, err := c.year(ctx, s.err, p)
	if err != nil {
		return err
	}
	if err := c.printYear(s.out, result); err != nil {
		return err
	}
	later, err := demo.Later(ctx, demo.Options{BaseURL: p.address(), Tokens: p.tokens, Language: c.Lang})
	if err != nil {
		if ctx.Err() != nil {
			return errInterrupted
		}
		return err
	}
	told, err := demo.Story(ctx, demo.Options{BaseURL: p.address(), Tokens: p.tokens, Language: c.Lang}, c.Output == "table" && !result.Reused)
	if err != nil {
		if ctx.Err() != nil {
			return errInterrupted
		}
		return err
	}
	debug.FreeOSMemory()
	if err := c.printLater(s, p, later, told, data, temporary); err != nil || c.Exit {
		return err
	}
	return p.wait(ctx)
}

// garbage is how much the heap may grow while the year is done, in percent: client and server share a machine, and
// leave it to others when they are done.
const garbage = 300

// year does the year, with a progress bar on a terminal.
func (c *demoCommand) year(ctx context.Context, w io.Writer, p *process) (*demo.Result, error) {
	defer debug.SetGCPercent(debug.SetGCPercent(garbage))
	bar := newBar(w, "公开 publish")
	result, err := demo.Run(ctx, demo.Options{BaseURL: p.address(), Tokens: p.tokens, Progress: bar.set, Language: c.Lang})
	bar.clear()
	if err != nil && ctx.Err() != nil {
		return nil, errInterrupted
	}
	return result, err
}

// tokens mints the tokens of the township portals and of the leading group's office.
func (p *process) tokens(role, organization string) (string, error) {
	r, err := access.ParseRole(role)
	if err != nil {
		return "", err
	}
	return p.suite.Issuer.Mint(access.Identity{
		Account: account(organization, r), Grants: []access.Grant{{Role: r, Organization: organization}},
	}, tokenHolds)
}

// tokenHolds is how long the tokens of the demo hold, that in the sign-in link too.
const tokenHolds = time.Hour

// printYear prints the roll-up, and at which rate it came about. If the roll-up shall be JSON, it is all there is.
func (c *demoCommand) printYear(w io.Writer, result *demo.Result) error {
	if c.Output == "json" {
		_, err := fmt.Fprintln(w, string(result.RollupJSON))
		return err
	}
	if err := demo.Table(w, result.Rollup, result.Form, c.Lang); err != nil {
		return err
	}
	printRate(w, result)
	return nil
}

// printLater prints what became of the years after, the story of one request, and where to look further. If the roll-up is JSON, that is not on stdout.
func (c *demoCommand) printLater(s streams, p *process, later *reportv1.Report, told *demo.Told, data string, temporary bool) error {
	more := s.out
	if c.Output == "json" {
		if more = s.err; c.Exit {
			return nil
		}
	} else if err := c.printStory(s.out, later, told); err != nil {
		return err
	}
	fmt.Fprintln(more)
	if temporary {
		data += " (临时目录，结束时删除 temporary, removed at the end)"
	}
	if c.Exit {
		if !temporary {
			fmt.Fprintln(more, "数据 data     "+data)
		}
		return nil
	}
	return printAddresses(more, p, data)
}

// printStory prints what became of the later report, and the story of one request, if there is one.
func (c *demoCommand) printStory(w io.Writer, later *reportv1.Report, told *demo.Told) error {
	if err := demo.WriteLater(w, later, c.Lang); err != nil || told == nil {
		return err
	}
	return demo.WriteStory(w, told, c.Lang)
}

func printRate(w io.Writer, r *demo.Result) {
	if r.Reused {
		fmt.Fprint(w, "\n数据目录中已有本年数据，未重新录入 (the year was in the data folder already; nothing was entered)\n\n")
		return
	}
	fmt.Fprintf(w, "\n%d 条记录，%d 次REST调用，%.1f 秒，每秒 %.0f 次 (%d records, %d REST calls in %.1f s, %.0f a second)\n\n",
		r.Records, r.Calls, r.Elapsed.Seconds(), r.Rate(), r.Records, r.Calls, r.Elapsed.Seconds(), r.Rate())
}

func printAddresses(w io.Writer, p *process, data string) error {
	supervisor, err := p.tokens(string(access.Supervisor), demo.CityID)
	if err != nil {
		return err
	}
	url, grpc := p.address(), p.grpcAddress()
	_, err = fmt.Fprintf(w, `网页 page     %[1]s/
登录 sign in  %[1]s/sign-in?token=%[6]s
REST          %[1]s/v1/organizations/%[5]s/rollups/%[4]s
OpenAPI       %[1]s/openapi.yaml
gRPC          %[2]s
数据 data     %[7]s

试一试 try:
  curl -s '%[1]s/v1/organizations/%[3]s/reports/%[4]s'
  curl -s -H 'Accept-Language: en' '%[1]s/v1/organizations/%[3]s/disclosures?pageSize=3'
  curl -s '%[1]s/logs/disclosure/checkpoint'
  curl -s -H 'Authorization: Bearer %[6]s' '%[1]s/v1/organizations/%[5]s/rollups/%[4]s'
  grpcurl -plaintext %[2]s list
  grpcurl -plaintext -d '{"name":"organizations/%[5]s/rollups/%[4]s"}' %[2]s gongkai.report.v1.ReportService/GetRollup

Ctrl-C 结束 ends
`, url, grpc, demo.TownshipID, demo.Period, demo.CityID, supervisor, data)
	return err
}

// bar is a progress bar on a terminal, and nothing elsewhere.
type bar struct {
	mu    sync.Mutex // guards what follows
	drawn *progressbar.ProgressBar
	done  int
}

func newBar(w io.Writer, description string) *bar {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return &bar{}
	}
	return &bar{drawn: progressbar.NewOptions(0, progressbar.OptionSetWriter(w), progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetDescription(description), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100*time.Millisecond))}
}

// set draws the bar; it is called from many goroutines. A bar that cannot be drawn is no reason to stop.
func (b *bar) set(done, total int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.drawn == nil || done <= b.done {
		return
	}
	b.done = done
	if b.drawn.GetMax() != total {
		b.drawn.ChangeMax(total)
	}
	_ = b.drawn.Set(done)
}

// clear leaves the line to what comes next.
func (b *bar) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.drawn != nil {
		_ = b.drawn.Clear()
	}
}
