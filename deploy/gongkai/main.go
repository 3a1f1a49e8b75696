// Command gongkai is the whole suite in one binary: every service, the gateway, and the tools around them.
//
// Run `gongkai demo` for a first look, `gongkai --help` for what else there is. What a command is asked for goes to
// stdout, logs and errors to stderr.
//
// Exit codes: 0; 1 if it could not be done; 2 for a command line that is not understood, or a report that cannot be
// read; 130 if Ctrl-C or SIGTERM came before it was done.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"gongkai/services/chassis/backup"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"

	"github.com/alecthomas/kong"
	kongcompletion "github.com/jotaen/kong-completion"
)

// commands is the command line.
type commands struct {
	Demo        demoCommand               `cmd:"" help:"Do the year 2018 of a real city and show the roll-up. (用一个真实城市演示)"`
	Serve       serveCommand              `cmd:"" help:"Run all services and the gateway, or some of them. (运行服务)"`
	CheckConfig checkConfigCommand        `cmd:"" help:"Read the settings of serve and tell what it would run. (检查配置)"`
	Token       tokenCommand              `cmd:"" help:"Mint a token for an account. (签发令牌)"`
	Import      importCommand             `cmd:"" help:"Import a ledger that is kept as a spreadsheet. (导入台账)"`
	Export      exportCommand             `cmd:"" help:"Export disclosures as a spreadsheet. (导出台账)"`
	Template    templateCommand           `cmd:"" help:"Get a spreadsheet to fill in and import. (下载台账模板)"`
	Report      reportCommand             `cmd:"" help:"Annual reports: check them as organs publish them, export, due dates, signed copies. (年度报告)"`
	Calc        calcCommand               `cmd:"" help:"Compute what the law says: deadlines, working days, fees, grounds, appeals. (计算器)"`
	Fsck        fsckCommand               `cmd:"" help:"Verify a data folder: hashes, records, totals. (核验数据目录)"`
	Backup      backupCommand             `cmd:"" help:"Save all stores as of one moment, also while the services run. (备份)"`
	Restore     restoreCommand            `cmd:"" help:"Verify a backup and put it into a data folder. (恢复)"`
	Rebuild     rebuildCommand            `cmd:"" help:"Fold the totals anew, after a store was put back to an older copy. (重建汇总)"`
	Version     versionCommand            `cmd:"" help:"Print the version. (版本)"`
	Completion  kongcompletion.Completion `cmd:"" help:"Print shell code that completes commands and flags: bash, zsh, fish. (命令补全)"`
}

const description = `gongkai (公开) keeps what townships disclose, what they are asked for and what they report, and rolls it up to their city's transparency leading group.

公开：乡镇登记主动公开的信息、办理依申请公开、编报年度报告，汇总到县（市）政务公开领导小组。

Start with (先运行): gongkai demo`

// streams is where a command writes.
type streams struct {
	out, err io.Writer
	log      *lines // to err, made by run
}

const (
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130
)

// errInterrupted is what a command returns that was stopped before it was done.
var errInterrupted = errors.New("interrupted (已中断)")

func main() {
	os.Exit(run(os.Args[1:], streams{out: os.Stdout, err: os.Stderr}))
}

// run runs one command line and returns its exit code.
func run(args []string, s streams) (code int) {
	defer func() { // kong ends a --help by its Exit function
		switch v := recover().(type) {
		case nil:
		case exit:
			code = int(v)
		default:
			panic(v)
		}
	}()
	s.log = &lines{w: s.err}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	var c commands
	parser, err := kong.New(&c, kong.Name("gongkai"), kong.Description(description), kong.Bind(s),
		kong.Writers(s.out, s.err), kong.Exit(func(code int) { panic(exit(code)) }),
		kong.DefaultEnvars("GONGKAI"), kong.Configuration(readConfiguration))
	if err != nil {
		fmt.Fprintln(s.err, "gongkai:", err)
		return exitFailed
	}
	kongcompletion.Register(parser)
	parsed, err := parser.Parse(args)
	if err != nil {
		return usage(parser, err, s)
	}
	err = parsed.Run(s)
	s.log.flush()
	var coded exitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &coded):
		return coded.code
	case errors.Is(err, errInterrupted), errors.Is(err, context.Canceled):
		fmt.Fprintln(s.err, "gongkai:", errInterrupted)
		return exitInterrupted
	}
	fmt.Fprintln(s.err, "gongkai:", plain(err))
	return exitFailed
}

// exit is how kong ends the command line, without ending the process.
type exit int

// usage says on stderr what is wrong with a command line, and how it should look.
func usage(parser *kong.Kong, err error, s streams) int {
	parser.Stdout = s.err
	var wrong *kong.ParseError
	if errors.As(err, &wrong) {
		if err := wrong.Context.PrintUsage(true); err != nil {
			return exitFailed
		}
		fmt.Fprintln(s.err)
	}
	fmt.Fprintln(s.err, "gongkai:", err)
	return exitUsage
}

// plain says an error in one line, with what to do where that is known.
func plain(err error) string {
	var panicked *kv.PanicError
	switch text := strings.ReplaceAll(err.Error(), "\n", "; "); {
	case errors.As(err, &panicked):
		return fmt.Sprintf("the data are damaged: %v", panicked.Value)
	case errors.Is(err, kv.ErrLocked):
		return text + "; stop the other process, or choose another folder with --data (数据目录正被另一进程使用)"
	case errors.Is(err, kv.ErrFormat):
		return text + "; use the version that wrote it, or a newer one (请使用较新的版本)"
	case errors.Is(err, backup.ErrVersion):
		return text + "; use the version that wrote it, or a newer one (请使用较新的版本)"
	case errors.Is(err, eventlog.ErrDiverged):
		return text + "; a store was put back to an older copy: restore all of them from one backup, or run `gongkai rebuild --data DIR` (数据库旧于汇总进度，请整体恢复或重建)"
	default:
		return text
	}
}
