package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"
)

// language is one of the READMEs.
type language int

const (
	english language = iota
	chinese
)

// text is a text in both languages.
type text [2]string

// row is a line of the table.
type row struct {
	what text
	// measured and yardstick are the medians, with their units; yardstick may be empty.
	measured, yardstick string
	// ratio is the median of the ratios of the turns, or what is compared with the target otherwise; may be empty.
	ratio string
	// target is what is to be reached; empty if nothing is.
	target string
	met    bool
}

func (r row) line(l language) string {
	target := r.target
	if target != "" {
		target += map[bool]string{true: " ✓", false: " ✗"}[r.met]
	}
	return "| " + strings.Join([]string{r.what[l], r.measured, r.yardstick, r.ratio, target}, " | ") + " |"
}

// median sorts a copy.
func median(values []float64) float64 { return quantile(values, 0.5) }

func quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

// turns are the figures of the turns of a measurement and its yardstick, in the same unit.
type turns struct{ measured, yardstick []float64 }

func (t *turns) add(measured, yardstick float64) {
	t.measured, t.yardstick = append(t.measured, measured), append(t.yardstick, yardstick)
}

// ratio is the median of the ratios of the turns.
func (t turns) ratio() float64 {
	var ratios []float64
	for i := range t.measured {
		ratios = append(ratios, t.measured[i]/t.yardstick[i])
	}
	return median(ratios)
}

// atLeast is the row of turns in which more is better.
func (t turns) atLeast(what text, unit string, target float64) row {
	return row{
		what: what, measured: number(median(t.measured)) + unit, yardstick: number(median(t.yardstick)) + unit,
		ratio: fmt.Sprintf("%.2f", t.ratio()), target: fmt.Sprintf("≥ %.1f", target), met: t.ratio() >= target,
	}
}

// number writes a figure with three digits that count, thousands apart.
func number(v float64) string {
	if v < 100 {
		return fmt.Sprintf("%.3g", v)
	}
	digits := fmt.Sprintf("%.0f", v)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// table is all that was measured.
type table struct {
	rows    []row
	machine text
	quick   bool
}

// marks stand around the table in a README.
const markBegin, markEnd = "<!-- bench -->\n", "<!-- /bench -->"

func (t table) markdown(l language) string {
	var out strings.Builder
	out.WriteString(text{"| what | measured | yardstick | ratio | target |\n", "| 项目 | 实测 | 对照 | 比值 | 目标 |\n"}[l])
	out.WriteString("|---|---|---|---|---|\n")
	for _, r := range t.rows {
		out.WriteString(r.line(l) + "\n")
	}
	out.WriteString("\n" + t.machine[l] + "\n")
	return out.String()
}

// writeInto puts the table between the marks of a file.
func (t table) writeInto(file string, l language) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	changed, err := between(string(old), t.markdown(l))
	if err != nil {
		return fmt.Errorf("write the table into %s: %w", file, err)
	}
	return os.WriteFile(file, []byte(changed), 0o644)
}

// between replaces what stands between the marks of a text.
func between(old, with string) (string, error) {
	before, rest, begins := strings.Cut(old, markBegin)
	_, after, ends := strings.Cut(rest, markEnd)
	if !begins || !ends {
		return "", errors.New("it has no marks " + strings.TrimSpace(markBegin) + " and " + markEnd)
	}
	return before + markBegin + with + markEnd + after, nil
}

// describeMachine tells what the figures were measured on, and how busy it was besides.
func describeMachine() text {
	cpu := "unknown"
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(info)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				cpu = strings.TrimSpace(value)
				break
			}
		}
	}
	commit := "unknown"
	if out, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output(); err == nil {
		commit = strings.TrimSpace(string(out))
	}
	facts := fmt.Sprintf("%s, %d CPU, %s/%s, %s, commit %s, %s", cpu, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH,
		runtime.Version(), commit, time.Now().Format(time.DateOnly))
	return text{
		"Measured by `go run ./deploy/bench`, client and server on the same machine: " + facts + load("; load average %s") + ".",
		"由 `go run ./deploy/bench` 测得，客户端与服务端在同一台机器上：" + facts + load("；系统负载 %s") + "。",
	}
}

// load is the load average of the last 15 minutes, the run's own included; empty where the system does not tell.
func load(format string) string {
	averages, err := os.ReadFile("/proc/loadavg")
	fields := strings.Fields(string(averages))
	if err != nil || len(fields) < 3 {
		return ""
	}
	return fmt.Sprintf(format, fields[2])
}
