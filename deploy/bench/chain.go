package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
)

// measureChain runs the benchmark of the chain's steps, in a process of its own, and tells what each costs a call.
func measureChain(ctx context.Context, b *bench) ([]row, error) {
	took := make(map[string][]float64)
	var steps []string
	for range b.rounds {
		out, err := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^BenchmarkSteps$", "-benchtime", b.chainTime(), "gongkai/services/chassis/server").CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("run the benchmark of the chain: %w\n%s", err, out)
		}
		for _, m := range benchLine.FindAllSubmatch(out, -1) {
			name := string(m[1])
			ns, err := strconv.ParseFloat(string(m[2]), 64)
			if err != nil {
				return nil, fmt.Errorf("read the benchmark of the chain: %w", err)
			}
			if took[name] == nil {
				steps = append(steps, name)
			}
			took[name] = append(took[name], ns)
		}
	}
	all := median(took["all"])
	var rows []row
	for _, step := range steps {
		cost := median(took[step])
		rows = append(rows, row{
			what:     text{"interceptor: " + stepNames[step][english], "拦截器：" + stepNames[step][chinese]},
			measured: fmt.Sprintf("%.2f µs", cost/1000), yardstick: fmt.Sprintf("%.2f µs", all/1000), ratio: fmt.Sprintf("%.2f", cost/all),
		})
	}
	return rows, nil
}

func (b *bench) chainTime() string {
	if b.quick {
		return "50ms"
	}
	return "500ms"
}

var benchLine = regexp.MustCompile(`(?m)^BenchmarkSteps/(\w+?)(?:-\d+)?\s+\d+\s+([0-9.]+) ns/op`)

// stepNames are the names of the steps, as the benchmark has them.
var stepNames = map[string]text{
	"id":                     {"the call's id", "调用编号"},
	"time_limit":             {"time limit", "时限"},
	"identity":               {"identity, token cached", "身份（令牌已缓存）"},
	"drain":                  {"graceful stop", "平稳停止"},
	"validation":             {"validation, dates included", "校验（含日期）"},
	"permission":             {"permission in a subtree", "下级机关权限"},
	"metrics_and_access_log": {"metrics, and the access log in a file", "指标与访问日志（写入文件）"},
	"all":                    {"all of them", "合计"},
}
