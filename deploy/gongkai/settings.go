package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gongkai/gateway/page"
	"gongkai/services/suite"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"
)

// settings are what serve can be told: by flags, by the environment (GONGKAI_ and the flag's name in capitals,
// as GONGKAI_GRPC_LISTEN), or by a file. A flag goes before the environment, the environment before the file.
type settings struct {
	Config     settingsFile `placeholder:"FILE" help:"YAML file with settings, named as the flags are. (配置文件)"`
	Target     []string     `default:"all" enum:"all,directory,disclosure,request,report,calculator,gateway" placeholder:"NAME" help:"What this process runs, may be repeated: ${enum}. (运行哪些服务)"`
	Directory  string       `placeholder:"HOST:PORT" help:"Where the directory answers, if not here. (机关名录服务地址)"`
	Disclosure string       `placeholder:"HOST:PORT" help:"Where disclosure answers, if not here. (主动公开服务地址)"`
	Request    string       `placeholder:"HOST:PORT" help:"Where request answers, if not here. (依申请公开服务地址)"`
	Report     string       `placeholder:"HOST:PORT" help:"Where report answers, if not here. (年度报告服务地址)"`
	Calculator string       `placeholder:"HOST:PORT" help:"Where the calculator answers, if not here. (计算服务地址)"`
	Data       string       `default:"gongkai-data" placeholder:"DIR" help:"Folder that holds everything, made if it is not there; default ${default}. (数据目录)"`
	TokenKey   string       `type:"path" placeholder:"FILE" help:"Key that signs tokens, the same for every process of a suite; default: keys/token.pem in the data folder. (令牌密钥)"`
	Listen     string       `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address of the page, REST and OpenAPI, default ${default}; port 0: any free one. (网页与REST地址)"`
	GRPCListen string       `name:"grpc-listen" placeholder:"HOST:PORT" help:"Address of gRPC; default: the port after that of --listen, or that of --listen without the gateway. (gRPC地址)"`
	Security   security     `embed:""`
	Visibility visibility   `embed:""`
	Holidays   string       `type:"path" placeholder:"FILE" help:"YAML file of further holiday notices, as a new year's; see gongkai calc workday --help. (补充放假通知)"`
	Letters    string       `type:"path" placeholder:"DIR" help:"Folder of the organs' own templates of letters, refused at start with file and line. (自备文书模板目录)"`
	Forms      string       `type:"path" placeholder:"DIR" help:"Folder of further report forms, as a new year's, refused at start with file and place. (补充报告格式目录)"`
	Origin     string       `default:"gongkai.local" placeholder:"NAME" help:"Name of this suite in the checkpoints of its logs, set once for all; default ${default}. (日志检查点中的名称)"`
	Home       string       `default:"652701" placeholder:"CODE" help:"Organisation whose roll-up is the first page; default ${default}. (首页机关)"`
	Period     string       `default:"2018" placeholder:"PERIOD" help:"Period of the first page, as 2018, 2018-q2 or 2018-06; default ${default}. (首页期间)"`
	LogLevel   string       `default:"info" enum:"debug,info,warn,error" help:"Least level that is logged: ${enum}. (日志级别)"`
}

// gatewayTarget is the target beside the services.
const gatewayTarget = "gateway"

// options are the settings, ready to be run.
func (c settings) options(log *lines) (options, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return options{}, fmt.Errorf("read --log-level: %w", err)
	}
	o := options{
		data: c.Data, origin: c.Origin, tokenKey: c.TokenKey, listen: c.Listen, grpcListen: c.GRPCListen, holidays: c.Holidays, letters: c.Letters, forms: c.Forms,
		home: page.Home{Organization: c.Home, Period: c.Period}, security: c.Security, visibility: c.Visibility, logger: logger(log, level),
		addresses: make(map[string]string),
	}
	if slices.Contains(c.Target, "all") {
		o.gateway = true
	} else {
		o.gateway = slices.Contains(c.Target, gatewayTarget)
		o.run = slices.DeleteFunc(slices.Clone(c.Target), func(t string) bool { return t == gatewayTarget })
	}
	for name, address := range map[string]string{
		"directory": c.Directory, "disclosure": c.Disclosure, "request": c.Request, "report": c.Report, "calculator": c.Calculator,
	} {
		if address != "" {
			o.addresses[name] = address
		}
	}
	return o, o.complete()
}

// complete refuses settings that leave something open.
func (o options) complete() error {
	var errs []error
	for _, t := range suite.Targets() {
		_, elsewhere := o.addresses[t.Name]
		here := o.run == nil || slices.Contains(o.run, t.Name)
		if here && elsewhere {
			errs = append(errs, fmt.Errorf("--%s says that %s answers elsewhere, but it is to run here", t.Name, t.Name))
		}
		if o.gateway && !here && !elsewhere {
			errs = append(errs, fmt.Errorf("the gateway needs to know where %s answers: --%s HOST:PORT", t.Name, t.Name))
		}
	}
	errs = append(errs, o.visibility.check())
	errs = append(errs, suite.Options{Run: o.run, Addresses: o.addresses}.Check())
	for _, name := range slices.Sorted(maps.Keys(o.addresses)) {
		if _, _, err := net.SplitHostPort(o.addresses[name]); err != nil {
			errs = append(errs, fmt.Errorf("--%s is no HOST:PORT: %w", name, err))
		}
	}
	return oneLine(errs)
}

// oneLine joins errors into one line; nil if there is none.
func oneLine(errs []error) error {
	var texts []string
	for _, err := range errs {
		if err != nil {
			texts = append(texts, err.Error())
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return errors.New(strings.Join(texts, "; "))
}

// check looks at what the options name: certificates, keys, the data folder.
func (o options) check() error {
	_, serverErr := o.security.server(o.logger, true)
	_, clientErr := o.connections()
	errs := []error{serverErr, clientErr}
	if o.tokenKey != "" {
		_, err := os.Stat(o.tokenKey)
		errs = append(errs, err)
	}
	if o.stores() {
		errs = append(errs, writable(existing(o.data)))
	}
	_, err := readCalendar(o.holidays)
	errs = append(errs, err)
	_, err = readLetters(o.letters)
	errs = append(errs, err)
	_, err = readForms(o.forms)
	errs = append(errs, err)
	return oneLine(errs)
}

// existing is a folder, or if it is not there, the nearest one above it that is: checking makes none.
func existing(folder string) string {
	for {
		above := filepath.Dir(folder)
		if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) || above == folder {
			return folder
		}
		folder = above
	}
}

// connections are how those to other processes are secured; nil: not at all, of which it warns if they leave the
// machine.
func (o options) connections() (*tls.Config, error) {
	client, err := o.security.client(o.logger)
	if client != nil || err != nil {
		return client, err
	}
	var open []string
	for _, name := range slices.Sorted(maps.Keys(o.addresses)) {
		if host, _, _ := net.SplitHostPort(o.addresses[name]); host != "localhost" && !net.ParseIP(host).IsLoopback() {
			open = append(open, o.addresses[name])
		}
	}
	if len(open) > 0 {
		o.logger.Warn("connections to other machines are not secured: tokens and data can be read on the way; give --tls-ca", "to", open)
	}
	return nil, nil
}

// describe tells in one line what runs and where. It holds no secret.
func (o options) describe() string {
	var parts []string
	if o.gateway {
		parts = append(parts, "page and REST on "+o.listen)
	}
	if o.services() {
		run := o.run
		if run == nil {
			run = []string{"all"}
		}
		parts = append(parts, "gRPC on "+o.wantsGRPC(), "services "+strings.Join(run, ", "), o.keeps())
	}
	for _, name := range slices.Sorted(maps.Keys(o.addresses)) {
		parts = append(parts, name+" at "+o.addresses[name])
	}
	if o.visibility.AdminListen != "" {
		parts = append(parts, "metrics on "+o.visibility.AdminListen)
	}
	if o.security.Cert != "" {
		parts = append(parts, "certificate "+o.security.Cert)
	}
	return strings.Join(parts, ", ")
}

// keeps is where the services keep their data, in words.
func (o options) keeps() string {
	if !o.stores() {
		return "nothing kept"
	}
	return "data " + o.data
}

// wantsGRPC is where gRPC shall be, in words.
func (o options) wantsGRPC() string {
	switch {
	case o.grpcListen != "":
		return o.grpcListen
	case o.gateway:
		return "the port after it"
	default:
		return o.listen
	}
}

// describe tells in one line where the process answers.
func (p *process) describe(o options) string {
	var parts []string
	if p.web != nil {
		parts = append(parts, "page and REST "+p.address(), "OpenAPI "+p.address()+"/openapi.yaml")
	}
	if p.grpc != nil {
		parts = append(parts, "gRPC "+p.grpcAddress(), o.keeps())
	}
	if p.admin != nil {
		parts = append(parts, "metrics http://"+reachable(p.admin.Addr())+"/metrics")
	}
	return strings.Join(parts, ", ")
}

// settingsFile is the name of a file of settings. Of several commands that have such a flag, only that which is run
// reads it.
type settingsFile string

// BeforeResolve reads the file when the command line and the environment were read.
func (settingsFile) BeforeResolve(k *kong.Kong, ctx *kong.Context, flag *kong.Path) error {
	name, _ := ctx.FlagValue(flag.Flag).(settingsFile)
	if name == "" || ctx.Selected() == nil || !slices.Contains(ctx.Selected().Flags, flag.Flag) {
		return nil
	}
	file, err := k.LoadConfig(string(name))
	if err != nil {
		return err
	}
	ctx.AddResolver(file)
	return nil
}

// configuration is a file of settings. It gives those that neither a flag nor the environment gives.
type configuration map[string]any

// readConfiguration reads a YAML file whose keys are named as the flags of serve are.
func readConfiguration(r io.Reader) (kong.Resolver, error) {
	var c configuration
	if err := yaml.NewDecoder(r).Decode(&c); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read settings: %s", yaml.FormatError(err, false, false))
	}
	return c, nil
}

// Validate implements [kong.Resolver]: it refuses a key that is no setting.
func (c configuration) Validate(app *kong.Application) error {
	known := make(map[string]bool)
	for _, command := range app.Children {
		if command.Name == "serve" {
			for _, flag := range command.Flags {
				known[flag.Name] = flag.Name != "config"
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(c)) {
		if !known[key] {
			return fmt.Errorf("the file of settings has %q, which is none (配置文件中没有这一项)", key)
		}
	}
	return nil
}

// Resolve implements [kong.Resolver].
func (c configuration) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Envs {
		if _, set := os.LookupEnv(name); set {
			return nil, nil
		}
	}
	return worded(c[flag.Name]), nil
}

// worded makes text of numbers, also in a list: a code or a year needs no quotes in the file.
func worded(value any) any {
	switch v := value.(type) {
	case uint64, int64, float64:
		return fmt.Sprint(v)
	case []any:
		for i, one := range v {
			v[i] = worded(one)
		}
	}
	return value
}

// knownEnvironment refuses a variable that is named as a setting is, and is that of no command.
func knownEnvironment(parser *kong.Kong) error {
	known := make(map[string]bool)
	for _, command := range parser.Model.Children {
		for _, flag := range command.Flags {
			for _, name := range flag.Envs {
				known[name] = true
			}
		}
	}
	for _, setting := range os.Environ() {
		if name, _, _ := strings.Cut(setting, "="); strings.HasPrefix(name, "GONGKAI_") && !known[name] {
			return fmt.Errorf("the environment has %s, which is no setting (环境变量中没有这一项)", name)
		}
	}
	return nil
}
