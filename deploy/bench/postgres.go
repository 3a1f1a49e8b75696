package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// insertedBytes is the payload of an INSERT: about what a publication puts into the store.
const insertedBytes = 1200

// measurePostgres measures a plain INSERT of as many bytes as a publication has, by 64 clients, each committed and
// synced: for orientation. Where there is no PostgreSQL it says so.
func measurePostgres(ctx context.Context, b *bench) row {
	r := row{what: text{
		fmt.Sprintf("for orientation: PostgreSQL, plain INSERT of %d bytes, %d clients, synced", insertedBytes, getters),
		fmt.Sprintf("参考：PostgreSQL 单条 INSERT %d 字节，%d 个客户端，同步提交", insertedBytes, getters),
	}}
	rate, err := b.insertRate(ctx)
	if err != nil {
		b.say("  PostgreSQL is left out: %v", err)
		r.measured = "not measured"
		return r
	}
	r.measured = number(rate) + "/s"
	return r
}

// insertRate runs pgbench.
func (b *bench) insertRate(ctx context.Context) (rate float64, err error) {
	p, stop, err := b.startPostgres(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = stop(err) }()
	return p.bench(ctx, b.size(10, 2))
}

// startPostgres starts a cluster of its own. It is stopped and removed by the function that it returns, which joins
// what fails then to an error.
func (b *bench) startPostgres(ctx context.Context) (p *postgres, stop func(error) error, err error) {
	programs, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(programs) == 0 {
		return nil, nil, errors.New("it is not installed")
	}
	p = &postgres{bin: filepath.Dir(programs[len(programs)-1])}
	if p.folder, err = os.MkdirTemp(filepath.Dir(b.folder), "gongkai-bench-postgres-"); err != nil {
		return nil, nil, err
	}
	remove := func(err error) error { return errors.Join(err, os.RemoveAll(p.folder)) }
	if err := p.own(); err != nil {
		return nil, nil, remove(err)
	}
	data := filepath.Join(p.folder, "data")
	if _, err := p.run(ctx, "initdb", "-D", data, "-A", "trust", "-U", "bench"); err != nil {
		return nil, nil, remove(err)
	}
	if _, err := p.run(ctx, "pg_ctl", "-D", data, "-w", "-l", filepath.Join(p.folder, "log"), "-o", "-k "+p.folder+" -c listen_addresses=", "start"); err != nil {
		return nil, nil, remove(err)
	}
	return p, func(err error) error {
		_, stopped := p.run(context.WithoutCancel(ctx), "pg_ctl", "-D", data, "-m", "fast", "stop")
		return remove(errors.Join(err, stopped))
	}, nil
}

// postgres is where the programs are, where they work, and as whom: a server refuses to run as root.
type postgres struct {
	bin, folder string
	as          *syscall.Credential
}

// own gives the folder to whom the server runs as.
func (p *postgres) own() error {
	if os.Geteuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return fmt.Errorf("find an ordinary user: %w", err)
	}
	uid, uidErr := strconv.Atoi(u.Uid)
	gid, gidErr := strconv.Atoi(u.Gid)
	p.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return errors.Join(uidErr, gidErr, os.Chown(p.folder, uid, gid))
}

func (p *postgres) run(ctx context.Context, program string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, filepath.Join(p.bin, program), args...)
	c.Dir = p.folder
	c.SysProcAttr = &syscall.SysProcAttr{Credential: p.as}
	said, err := os.CreateTemp(p.folder, "said-") // a server that stays would keep a pipe open
	if err != nil {
		return "", err
	}
	defer func() { _ = said.Close() }()
	c.Stdout, c.Stderr = said, said
	err = c.Run()
	out, _ := os.ReadFile(said.Name())
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s", program, err, out)
	}
	return string(out), nil
}

// sql runs commands and returns what psql says.
func (p *postgres) sql(ctx context.Context, commands ...string) (string, error) {
	args := []string{"-h", p.folder, "-U", "bench", "-d", "postgres"}
	for _, c := range commands {
		args = append(args, "-c", c)
	}
	return p.run(ctx, "psql", args...)
}

// bench returns how many INSERTs a second succeed.
func (p *postgres) bench(ctx context.Context, seconds int) (float64, error) {
	if _, err := p.sql(ctx, "CREATE TABLE record (id bigserial PRIMARY KEY, organization text NOT NULL, value bytea NOT NULL)"); err != nil {
		return 0, err
	}
	script := filepath.Join(p.folder, "insert.sql")
	insert := fmt.Sprintf("INSERT INTO record (organization, value) VALUES ('%s', decode('%s', 'hex'));\n", townCode(0), strings.Repeat("a5", insertedBytes))
	if err := os.WriteFile(script, []byte(insert), 0o644); err != nil {
		return 0, err
	}
	out, err := p.run(ctx, "pgbench", "-h", p.folder, "-U", "bench", "-n", "-M", "prepared", "-c", strconv.Itoa(getters), "-j", "2", "-T", strconv.Itoa(seconds), "-f", script, "postgres")
	if err != nil {
		return 0, err
	}
	m := transactions.FindStringSubmatch(out)
	if m == nil {
		return 0, fmt.Errorf("read what pgbench says: %s", out)
	}
	return strconv.ParseFloat(m[1], 64)
}

var transactions = regexp.MustCompile(`tps = ([0-9.]+)`)
