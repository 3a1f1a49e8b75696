package suite

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	calculatorv1 "gongkai/proto/gongkai/calculator/v1"
	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/calculator"
	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/vault"
	"gongkai/services/directory"
	"gongkai/services/directory/mirror"
	"gongkai/services/disclosure"
	"gongkai/services/law/form"
	"gongkai/services/law/workday"
	"gongkai/services/report"
	"gongkai/services/request"
	"gongkai/services/request/letter"

	"google.golang.org/grpc"
)

// Needs is what a service is given to stand on.
type Needs struct {
	// DB is its own store, Log the log in it.
	DB  *kv.DB
	Log *eventlog.Log
	// Tree is where organisations stand, as the directory's feed says.
	Tree *mirror.Tree
	// Feeds are the logs that it follows, by service.
	Feeds map[string]logv1.LogServiceClient
	// Connection reaches another service as whoever the call's metadata says; nil if it is not known where it answers.
	Connection func(service string) grpc.ClientConnInterface
	// Progress notes how far it has followed each of them.
	Progress map[string]*eventlog.Progress
	Forms    form.Forms
	// Calendar knows the working days.
	Calendar workday.Calendar
	// Letters are the templates of letters; nil means those that come with the program.
	Letters *letter.Sets
	Now     func() time.Time
	// Vault opens the vault of personal data, whose key file it makes on first use.
	Vault func() (*vault.Vault, error)
}

// Target is one service that a process can run.
type Target struct {
	// Name is the service's: that of its store and its log, if it has them.
	Name string
	// Service is the gRPC service, by its full name.
	Service string
	// Feeds are the services whose logs it follows.
	Feeds []string
	// Stateless tells that it keeps and follows nothing: it has neither store nor log, and needs no other service.
	Stateless bool
	// Register makes the service and registers it. It returns what is to run beside it, if anything.
	Register func(grpc.ServiceRegistrar, Needs) (run func(context.Context) error, err error)
}

// directoryName is the service whose feed every other one follows, for the tree of organisations.
const directoryName = "directory"

// Check tells whether the services that a process is to run exist, and know where those answer that they follow.
func (o Options) Check() error {
	_, err := o.targets()
	return err
}

// targets are those that the options name, in the order in which they start.
func (o Options) targets() ([]Target, error) {
	for _, name := range slices.Concat(o.Run, slices.Collect(maps.Keys(o.Addresses))) {
		if !slices.ContainsFunc(Targets(), func(t Target) bool { return t.Name == name }) {
			return nil, fmt.Errorf("there is no service %q", name)
		}
	}
	if o.Run == nil {
		return Targets(), nil
	}
	run := slices.DeleteFunc(Targets(), func(t Target) bool { return !slices.Contains(o.Run, t.Name) })
	for _, t := range stored(run) {
		for _, feed := range append(t.Feeds, directoryName) {
			if _, elsewhere := o.Addresses[feed]; !elsewhere && !slices.Contains(o.Run, feed) {
				return nil, fmt.Errorf("the service %s needs to know where %s answers: --%s HOST:PORT", t.Name, feed, feed)
			}
		}
	}
	return run, nil
}

// Stored lists the services that have a store and a log, in the order in which they start.
func Stored() []Target { return stored(Targets()) }

func stored(targets []Target) []Target {
	return slices.DeleteFunc(slices.Clone(targets), func(t Target) bool { return t.Stateless })
}

// Targets lists the services, in the order in which they start.
func Targets() []Target {
	return []Target{
		{Name: directoryName, Service: directoryv1.DirectoryService_ServiceDesc.ServiceName, Register: func(r grpc.ServiceRegistrar, n Needs) (func(context.Context) error, error) {
			s, err := directory.New(n.DB, n.Log, n.Now)
			if err != nil {
				return nil, err
			}
			directoryv1.RegisterDirectoryServiceServer(r, s)
			return nil, nil
		}},
		{Name: "disclosure", Service: disclosurev1.DisclosureService_ServiceDesc.ServiceName, Register: func(r grpc.ServiceRegistrar, n Needs) (func(context.Context) error, error) {
			disclosurev1.RegisterDisclosureServiceServer(r, disclosure.New(n.DB, n.Log, n.Forms, n.Tree, n.Now))
			return nil, nil
		}},
		{Name: "request", Service: requestv1.RequestService_ServiceDesc.ServiceName, Register: func(r grpc.ServiceRegistrar, n Needs) (func(context.Context) error, error) {
			v, err := n.Vault()
			if err != nil {
				return nil, err
			}
			c := request.Config{DB: n.DB, Log: n.Log, Organizations: n.Tree, Vault: v, Days: n.Calendar, Letters: n.Letters, Now: n.Now}
			if conn := n.Connection("disclosure"); conn != nil {
				c.Disclosures = disclosurev1.NewDisclosureServiceClient(conn)
			}
			s, err := request.New(c)
			if err != nil {
				return nil, err
			}
			requestv1.RegisterRequestServiceServer(r, s)
			return s.Run, nil
		}},
		{Name: "report", Service: reportv1.ReportService_ServiceDesc.ServiceName, Feeds: []string{"directory", "disclosure", "request"}, Register: func(r grpc.ServiceRegistrar, n Needs) (func(context.Context) error, error) {
			s, err := report.New(report.Config{DB: n.DB, Log: n.Log, Forms: n.Forms, Feeds: n.Feeds, Progress: n.Progress, Now: n.Now})
			if err != nil {
				return nil, err
			}
			reportv1.RegisterReportServiceServer(r, s)
			return s.Run, nil
		}},
		{Name: "calculator", Service: calculatorv1.CalculatorService_ServiceDesc.ServiceName, Stateless: true, Register: func(r grpc.ServiceRegistrar, n Needs) (func(context.Context) error, error) {
			calculatorv1.RegisterCalculatorServiceServer(r, calculator.New(n.Calendar, n.Now))
			return nil, nil
		}},
	}
}
