package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// targets are what a suite run apart consists of.
var targets = []string{"calculator", "directory", "disclosure", "gateway", "report", "request"}

// keepsNothing tells whether a target has no data.
func keepsNothing(target string) bool { return target == gatewayTarget || target == "calculator" }

// installation is the processes of an installation, as its files describe them.
type installation struct {
	*testing.T
	root      string              // stands for the root of the machine
	processes []*installedProcess // of one way to run it
}

// installedProcess is what one process is given.
type installedProcess struct {
	target      string
	args        []string
	environment map[string]string
	reached     string // where the others reach it, HOST:PORT; empty: as it listens
	metrics     string // where check-config says that its metrics are
}

// submatch is what the first group of an expression finds; empty if it is not found.
func submatch(expression, text string) string {
	if m := regexp.MustCompile(expression).FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

// check has check-config judge each process, exactly as it is given its arguments and environment, on a machine where
// its files are there. It wants the targets named, and each address that one is given to be where that one answers.
func (in *installation) check(want ...string) {
	in.Helper()
	at := map[string]string{}
	var found []string
	for _, p := range in.processes {
		found = append(found, p.target)
		if p.reached == "" {
			p.reached = p.environment["GONGKAI_LISTEN"]
		}
		at[p.target] = p.reached
	}
	slices.Sort(found)
	if !slices.Equal(found, want) {
		in.Errorf("the targets are %v, want %v", found, want)
	}
	for _, p := range in.processes {
		in.Run(p.target, func(t *testing.T) {
			told := checkConfig(t, in.root, p)
			for _, address := range regexp.MustCompile(`(\w+) at (\S+:\d+)`).FindAllStringSubmatch(told, -1) {
				if at[address[1]] != address[2] {
					t.Errorf("it is told that %s answers at %s; that is at %q", address[1], address[2], at[address[1]])
				}
			}
			p.metrics = submatch(`metrics on (\S+:\d+)`, told)
			if p.target != "all" && p.target != gatewayTarget && !strings.Contains(told, "services "+p.target+",") {
				t.Errorf("it would not run %s: %s", p.target, told)
			}
		})
	}
}

// seen wants each process to show metrics and readiness, on an address of their own.
func (in *installation) seen() {
	in.Helper()
	for _, p := range in.processes {
		if p.metrics == "" || p.metrics == p.environment["GONGKAI_LISTEN"] {
			in.Errorf("%s shows its metrics on %q", p.target, p.metrics)
		}
	}
}

// checkConfig runs check-config as the process would run serve, and returns what it says.
func checkConfig(t *testing.T, root string, p *installedProcess) string {
	t.Helper()
	for _, setting := range os.Environ() {
		if name, _, _ := strings.Cut(setting, "="); strings.HasPrefix(name, "GONGKAI_") {
			t.Setenv(name, "") // it is put back when the test ends
			must(t, os.Unsetenv(name))
		}
	}
	for name, value := range p.environment {
		t.Setenv(name, inside(root, value))
	}
	if len(p.args) == 0 || p.args[0] != "serve" {
		t.Fatalf("it runs %v, want serve", p.args)
	}
	args := []string{"check-config"}
	for _, arg := range p.args[1:] {
		args = append(args, inside(root, arg))
	}
	var out, errs bytes.Buffer
	if code := run(args, streams{out: &out, err: &errs}); code != 0 {
		t.Fatalf("%v: exit code %d: %s", args, code, &errs)
	}
	return out.String()
}

// inside puts an absolute path below a root.
func inside(root, value string) string {
	return regexp.MustCompile(`(^|=)/`).ReplaceAllString(value, "${1}"+root+"/")
}

// put writes a file below a root.
func put(t *testing.T, root, path string, text []byte) {
	t.Helper()
	path = filepath.Join(root, path)
	must(t, os.MkdirAll(filepath.Dir(path), 0o700))
	must(t, os.WriteFile(path, text, 0o600))
}

// documents decodes each document of a YAML file strictly: a field that a type has not is an error.
func documents[D any](t *testing.T, path string) (all []D) {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	for _, document := range strings.Split(string(text), "\n---\n") {
		var d D
		if err := yaml.UnmarshalWithOptions([]byte(document), &d, yaml.Strict()); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		all = append(all, d)
	}
	return all
}

// unit reads what a systemd unit sets, each name with its values in order.
func unit(t *testing.T, path string) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	set := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "[") {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok {
			t.Fatalf("%s: %q sets nothing", path, line)
		}
		set[name] = append(set[name], value)
	}
	return set
}

func TestSystemd(t *testing.T) {
	text, err := os.ReadFile("../systemd/gongkai.yaml")
	must(t, err)
	prepare := func(t *testing.T) *installation {
		in := &installation{T: t, root: t.TempDir()}
		put(t, in.root, "/etc/gongkai/gongkai.yaml", []byte(strings.ReplaceAll(string(text), "/var/lib", in.root+"/var/lib")))
		must(t, os.MkdirAll(filepath.Join(in.root, "var/lib/gongkai"), 0o700))
		return in
	}
	process := func(t *testing.T, file, instance string) *installedProcess {
		t.Helper()
		set := unit(t, "../systemd/"+file)
		args := strings.Fields(set["ExecStart"][0])
		if pre := strings.Replace(set["ExecStartPre"][0], "check-config", "serve", 1); pre != set["ExecStart"][0] {
			t.Errorf("%s checks %q before it runs %q", file, pre, set["ExecStart"][0])
		}
		if set["User"][0] != "gongkai" || set["StateDirectory"][0] != "gongkai" || set["ProtectSystem"][0] != "strict" || set["NoNewPrivileges"][0] != "true" {
			t.Errorf("%s does not run as an ordinary user with one folder of its own", file)
		}
		p := &installedProcess{target: instance, args: args[1:], environment: map[string]string{}}
		for _, assigned := range set["Environment"] {
			name, value, _ := strings.Cut(strings.ReplaceAll(assigned, "%i", instance), "=")
			p.environment[name] = value
		}
		return p
	}
	t.Run("together", func(t *testing.T) {
		in := prepare(t)
		in.processes = append(in.processes, process(t, "gongkai.service", "all"))
		in.check("all")
		scraped(t, in)
	})
	t.Run("apart", func(t *testing.T) {
		in := prepare(t)
		for _, target := range targets {
			p := process(t, "gongkai@.service", target)
			for name, values := range unit(t, "../systemd/"+target+".env") {
				p.environment[name] = values[0]
			}
			in.processes = append(in.processes, p)
		}
		in.check(targets...)
		scraped(t, in)
	})
	t.Run("verify", func(t *testing.T) { verifyUnits(t) })
}

// scraped wants the processes of one machine to be on addresses of their own, all of which Prometheus's file names.
func scraped(t *testing.T, in *installation) {
	t.Helper()
	in.seen()
	file, err := os.ReadFile("../prometheus/prometheus.yml")
	must(t, err)
	seen := map[string]bool{}
	for _, p := range in.processes {
		if !strings.Contains(string(file), `"`+p.metrics+`"`) || seen[p.metrics] {
			t.Errorf("Prometheus is not told of %s of %s, or another process has it", p.metrics, p.target)
		}
		seen[p.metrics] = true
	}
}

// verifyUnits has systemd itself read the units.
func verifyUnits(t *testing.T) {
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Skip("there is no systemd-analyze here")
	}
	program, err := os.Executable()
	must(t, err)
	dir := t.TempDir()
	for _, file := range []string{"gongkai.service", "gongkai@.service"} {
		text, err := os.ReadFile("../systemd/" + file)
		must(t, err)
		put(t, dir, file, bytes.ReplaceAll(text, []byte("/usr/local/bin/gongkai"), []byte(program)))
	}
	out, err := exec.Command("systemd-analyze", "verify", "--man=no", filepath.Join(dir, "gongkai.service"), filepath.Join(dir, "gongkai@report.service")).CombinedOutput()
	if err != nil || strings.Contains(string(out), dir) || strings.Contains(string(out), "gongkai") {
		t.Errorf("systemd-analyze verify: %v: %s", err, out)
	}
}

// composeFile is what a compose file may say here.
type composeFile struct {
	Name     string         `yaml:"name"`
	Process  composeService `yaml:"x-process"`
	Services map[string]composeService
	Volumes  map[string]struct{}
}

type composeService struct {
	Image string
	Build struct {
		Context, Dockerfile string
	}
	Command     []string
	Environment map[string]string
	Ports       []string
	Volumes     []string
	ReadOnly    bool     `yaml:"read_only"`
	CapDrop     []string `yaml:"cap_drop"`
	SecurityOpt []string `yaml:"security_opt"`
	Restart     string
	StopGrace   string `yaml:"stop_grace_period"`
}

func TestCompose(t *testing.T) {
	for file, want := range map[string][]string{"compose.yaml": {"all"}, "compose-apart.yaml": targets} {
		t.Run(file, func(t *testing.T) {
			in := &installation{T: t, root: t.TempDir()}
			for name, s := range documents[composeFile](t, "../compose/"+file)[0].Services {
				p := &installedProcess{target: name, args: s.Command, environment: map[string]string{"GONGKAI_DATA": "/data"}} // of the image
				if name == "gongkai" {
					p.target = "all"
				}
				for variable, value := range s.Environment {
					p.environment[variable] = value
				}
				p.reached = name + strings.TrimPrefix(p.environment["GONGKAI_LISTEN"], "0.0.0.0")
				in.processes = append(in.processes, p)
				if !s.ReadOnly || !slices.Equal(s.CapDrop, []string{"ALL"}) || s.Image != "gongkai" || s.Restart == "" {
					t.Errorf("%s is not confined as the others are: %+v", name, s)
				}
				if keeps := slices.Contains(s.Volumes, "data:/data"); keeps == keepsNothing(name) {
					t.Errorf("%s has the volumes %v", name, s.Volumes)
				}
			}
			in.check(want...)
			in.seen()
		})
	}
}

// The image holds one binary, run as an ordinary user, and starts as it stands.
func TestDockerfile(t *testing.T) {
	text, err := os.ReadFile("../compose/Dockerfile")
	must(t, err)
	_, last, found := strings.Cut(string(text), "\nFROM scratch\n")
	if !found || !strings.Contains(string(text), "CGO_ENABLED=0 go build") {
		t.Fatal("the image is not a static binary alone")
	}
	lines := map[string]string{}
	for line := range strings.Lines(last) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		lines[name] = value
	}
	if user := lines["USER"]; user != "65532:65532" || !strings.Contains(last, "--chown="+user+" /out/data /data") {
		t.Errorf("it runs as %q, which must own /data", user)
	}
	var command []string
	must(t, yaml.Unmarshal([]byte(lines["CMD"]), &command))
	name, value, _ := strings.Cut(lines["ENV"], "=")
	in := &installation{T: t, root: t.TempDir()}
	in.processes = []*installedProcess{{target: "all", args: command, environment: map[string]string{name: value}}}
	in.check("all")
}
