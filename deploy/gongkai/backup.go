package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"gongkai/services/chassis/backup"
	"gongkai/services/suite"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// backupCommand writes an archive: of a suite that runs, or of a data folder that no process has open.
type backupCommand struct {
	File       string   `arg:"" placeholder:"FILE" help:"Archive that is written, a tar file; - for stdout. An older one is replaced once the new one is whole. (备份文件)"`
	Data       string   `default:"gongkai-data" placeholder:"DIR" help:"Data folder, which no process may have open, unless an address is given; default ${default}. (数据目录)"`
	GRPC       string   `name:"grpc" placeholder:"HOST:PORT" help:"Where the services answer: they are backed up while they run. (gRPC地址)"`
	Directory  string   `placeholder:"HOST:PORT" help:"Where the directory answers, if elsewhere. (机关名录服务地址)"`
	Disclosure string   `placeholder:"HOST:PORT" help:"Where disclosure answers, if elsewhere. (主动公开服务地址)"`
	Request    string   `placeholder:"HOST:PORT" help:"Where request answers, if elsewhere. (依申请公开服务地址)"`
	Report     string   `placeholder:"HOST:PORT" help:"Where report answers, if elsewhere. (年度报告服务地址)"`
	TokenFile  string   `type:"existingfile" placeholder:"FILE" help:"Token of an administrator of the whole tree (--organization '*'), for a suite that runs. (令牌文件)"`
	WithKeys   bool     `help:"Put the keys of the data folder into the archive too: whoever has it can then sign as this suite. Without them a restored suite makes new keys. (包含密钥)"`
	Security   security `embed:""`
}

// Run writes the archive and tells what is in it: on stdout, or on stderr if that takes the archive.
func (c *backupCommand) Run(s streams) error {
	ctx, stop := interrupted()
	defer stop()
	a := suite.Archive{Program: "gongkai/" + version()}
	if c.WithKeys {
		a.Keys = c.Data
	}
	write := func(w io.Writer) (*backup.Manifest, error) { return a.BackupFolder(ctx, w, c.Data) }
	if addresses := c.addresses(); len(addresses) > 0 {
		if c.TokenFile == "" {
			return errors.New("a suite that runs wants the token of an administrator: --token-file FILE (缺少令牌文件)")
		}
		token, err := os.ReadFile(c.TokenFile)
		if err != nil {
			return fmt.Errorf("read --token-file: %w", err)
		}
		reach, done, err := c.connect(addresses)
		if err != nil {
			return err
		}
		defer done()
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+strings.TrimSpace(string(token)), "accept-language", "en")
		write = func(w io.Writer) (*backup.Manifest, error) { return a.Backup(ctx, w, reach) }
	}
	tell := s.out
	var m *backup.Manifest
	var err error
	if c.File == "-" {
		tell = s.err
		m, err = write(s.out)
	} else {
		m, err = toFile(c.File, write)
	}
	if ctx.Err() != nil {
		return errInterrupted
	}
	if err != nil {
		return refusal(err)
	}
	describeArchive(tell, m)
	_, err = fmt.Fprintln(tell, "backed up 已备份:", c.File)
	return err
}

// addresses are where the services answer, by name; none if the data folder is meant.
func (c *backupCommand) addresses() map[string]string {
	addresses := map[string]string{}
	own := map[string]string{"directory": c.Directory, "disclosure": c.Disclosure, "request": c.Request, "report": c.Report}
	for service, address := range own {
		if address == "" {
			address = c.GRPC
		}
		if address != "" {
			addresses[service] = address
		}
	}
	return addresses
}

// connect makes the connections to the services.
func (c *backupCommand) connect(addresses map[string]string) (reach func(string) grpc.ClientConnInterface, done func(), err error) {
	secured := insecure.NewCredentials()
	config, err := c.Security.client(slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, nil, err
	}
	if config != nil {
		secured = credentials.NewTLS(config)
	}
	conns := map[string]*grpc.ClientConn{}
	done = func() {
		for _, conn := range conns {
			_ = conn.Close() // nothing is under way
		}
	}
	for _, t := range suite.Stored() {
		address, ok := addresses[t.Name]
		if !ok {
			done()
			return nil, nil, fmt.Errorf("it is not said where %s answers: --grpc or --%s HOST:PORT (缺少服务地址)", t.Name, t.Name)
		}
		if conns[t.Name], err = grpc.NewClient(address, grpc.WithTransportCredentials(secured)); err != nil {
			done()
			return nil, nil, fmt.Errorf("connect to %s: %w", address, err)
		}
	}
	return func(service string) grpc.ClientConnInterface { return conns[service] }, done, nil
}

// toFile writes an archive beside a file, and puts it in its place once it is whole and durable.
func toFile(file string, write func(io.Writer) (*backup.Manifest, error)) (_ *backup.Manifest, err error) {
	out, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".partial-*")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(out.Name()) // it is no archive yet
		}
	}()
	m, err := write(out)
	if err = errors.Join(err, out.Sync(), out.Close()); err != nil {
		return nil, err
	}
	return m, os.Rename(out.Name(), file)
}

// describeArchive tells what is in an archive.
func describeArchive(w io.Writer, m *backup.Manifest) {
	keys := false
	for _, f := range m.Files {
		if f.Log == nil {
			keys = true
			continue
		}
		fmt.Fprintf(w, "%-16s %8d entries, %d bytes\n", f.Name, f.Log.Size, f.Size)
	}
	if keys {
		fmt.Fprintln(w, "keys 密钥: in the archive; keep it as safe as they are")
	} else {
		fmt.Fprintln(w, "keys 密钥: not in the archive; save the folder keys/ apart: with new ones, tokens and the signer of checkpoints change")
	}
}

// refusal says an error of a call by its message, which is for people.
func refusal(err error) error {
	var made interface{ GRPCStatus() *status.Status }
	if !errors.As(err, &made) || errors.Is(err, context.Canceled) {
		return err
	}
	s := made.GRPCStatus()
	before, _, _ := strings.Cut(err.Error(), ": rpc error")
	return fmt.Errorf("%s: %s (%s)", before, s.Message(), s.Code())
}
