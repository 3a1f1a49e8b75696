package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	"gongkai/services/chassis/access"
	"gongkai/services/disclosure/ledger"
	"gongkai/services/law/form"
	"gongkai/services/law/workday"
	"gongkai/services/suite"

	"google.golang.org/genproto/googleapis/type/date"
)

// The made-up city that everything is measured in.
const (
	cityCode = "652701"
	towns    = 100
	period   = "2018"
)

// townCode is the code of a township, counted from 0.
func townCode(i int) string { return fmt.Sprintf("%s%03d", cityCode, 100+i%towns) }

// city returns a data folder of a city with so many published records, spread evenly over its townships, and no more.
// It is made once a run, by importing ledgers into a suite in this process, and belongs to all: copy it before writing.
func (b *bench) city(ctx context.Context, records int) (string, error) {
	if data, ok := b.cities[records]; ok {
		return data, nil
	}
	data := filepath.Join(b.folder, fmt.Sprintf("city-%d", records))
	begin := time.Now()
	if err := fill(ctx, data, records); err != nil {
		return "", fmt.Errorf("make a city of %d records: %w", records, err)
	}
	b.say("  a city of %d records, made in %.1f s", records, time.Since(begin).Seconds())
	b.cities[records] = data
	return data, nil
}

func fill(ctx context.Context, data string, records int) (err error) {
	s, err := suite.Open(suite.Options{Data: data})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close(context.WithoutCancel(ctx))) }()
	administrator, err := signIn(ctx, data, access.Administrator, access.Everywhere)
	if err != nil {
		return err
	}
	if _, err := directoryv1.NewDirectoryServiceClient(s.Conn).BatchCreateOrganizations(administrator, organizations()); err != nil {
		return fmt.Errorf("enter the organisations: %w", err)
	}
	for i := range towns {
		each := records / towns
		if each == 0 {
			break
		}
		if err := importInto(ctx, s, data, ledgerOf{town: i, rows: each}, true); err != nil {
			return err
		}
	}
	return caughtUp(ctx, s, data)
}

func organizations() *directoryv1.BatchCreateOrganizationsRequest {
	in := &directoryv1.BatchCreateOrganizationsRequest{}
	add := func(id, parent, name string) {
		if parent != "" {
			parent = "organizations/" + parent
		}
		in.Requests = append(in.Requests, &directoryv1.CreateOrganizationRequest{OrganizationId: id, Organization: &directoryv1.Organization{
			DisplayName: name, Parent: parent, Kind: directoryv1.Kind_KIND_GOVERNMENT, OwesReport: true, FoundedOn: &date.Date{Year: 2008, Month: 5, Day: 1},
		}})
	}
	add("65", "", "新疆维吾尔自治区人民政府")
	add("6527", "65", "博尔塔拉蒙古自治州人民政府")
	add(cityCode, "6527", "博乐市人民政府")
	for i := range towns {
		add(townCode(i), cityCode, fmt.Sprintf("示例第%d乡人民政府", i+1))
	}
	return in
}

// ledgerOf is a township's ledger: so many rows, from a row on.
type ledgerOf struct{ town, from, rows int }

// importInto imports a ledger, published or as drafts.
func importInto(ctx context.Context, s *suite.Suite, data string, l ledgerOf, publish bool) error {
	file, err := l.file(ledger.CSV)
	if err != nil {
		return err
	}
	ctx, err = signIn(ctx, data, access.System, townCode(l.town))
	if err != nil {
		return err
	}
	_, err = send(ctx, disclosurev1.NewDisclosureServiceClient(s.Conn), &disclosurev1.ImportSettings{
		Parent: "organizations/" + townCode(l.town), FileName: "台账.csv", Publish: publish, Mode: disclosurev1.ImportMode_IMPORT_MODE_ACCEPTED_ROWS,
	}, file)
	return err
}

// send imports a file of which every row must become a record.
func send(ctx context.Context, c disclosurev1.DisclosureServiceClient, in *disclosurev1.ImportSettings, file []byte) (int, error) {
	const piece = 512 << 10
	stream, err := c.ImportDisclosures(ctx)
	if err != nil {
		return 0, err
	}
	err = stream.Send(&disclosurev1.ImportDisclosuresRequest{Part: &disclosurev1.ImportDisclosuresRequest_Settings{Settings: in}})
	for begin := 0; begin < len(file) && err == nil; begin += piece {
		err = stream.Send(&disclosurev1.ImportDisclosuresRequest{Part: &disclosurev1.ImportDisclosuresRequest_Chunk{Chunk: file[begin:min(begin+piece, len(file))]}})
	}
	out, received := stream.CloseAndRecv() // says why a message could not be sent
	if received != nil {
		return 0, fmt.Errorf("import: %w", received)
	}
	if err != nil || out.GetRefusedCount() > 0 || out.GetCreatedCount() == 0 {
		return 0, fmt.Errorf("import: %d rows made, %d refused, %v %w", out.GetCreatedCount(), out.GetRefusedCount(), out.GetFindings(), err)
	}
	return int(out.GetCreatedCount()), nil
}

// file is the ledger as a file.
func (l ledgerOf) file(format ledger.Format) ([]byte, error) {
	forms, err := form.Embedded()
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	w, err := ledger.NewWriter(&file, format, "台账", forms)
	if err != nil {
		return nil, err
	}
	for i := l.from; i < l.from+l.rows; i++ {
		// The first sixty have every category in every month, so that further ones add no rows to the totals.
		on := workday.Date{Year: 2018, Month: time.Month(1 + i%12), Day: 1 + i/60%28}
		if err := w.Write(&ledger.Row{PublishedOn: on, Draft: record(l.town, i, on)}); err != nil {
			return nil, fmt.Errorf("write a ledger: %w", err)
		}
	}
	err = w.Close()
	return file.Bytes(), err
}

func record(town, i int, on workday.Date) *disclosurev1.Disclosure {
	categories := []string{"government_document", "work_report", "emergency_management", "work_update", "other"}
	return &disclosurev1.Disclosure{
		Title: fmt.Sprintf("关于做好第%d乡第%d号工作的通知", town+1, i+1), Category: categories[i/12%len(categories)],
		Content: "示例：本条为测速而编，不是该机关的真实信息。", DocumentNumber: fmt.Sprintf("乡政发〔2018〕%d号", i+1),
		FormedOn: &date.Date{Year: int32(on.Year), Month: int32(on.Month), Day: int32(on.Day)}, Attribute: disclosurev1.Attribute_ATTRIBUTE_PROACTIVE,
		Channels: []disclosurev1.Channel{disclosurev1.Channel_CHANNEL_WEBSITE, disclosurev1.Channel_CHANNEL_NOTICE_BOARD},
	}
}

// caughtUp waits until the report's totals have everything.
func caughtUp(ctx context.Context, s *suite.Suite, data string) error {
	auditor, err := signIn(ctx, data, access.Auditor, access.Everywhere)
	if err != nil {
		return err
	}
	want, err := logv1.NewLogServiceClient(s.Conn).GetCheckpoint(ctx, &logv1.GetCheckpointRequest{Name: "logs/disclosure"})
	if err != nil {
		return fmt.Errorf("ask for the log's size: %w", err)
	}
	reports := reportv1.NewReportServiceClient(s.Conn)
	for ticker := time.NewTicker(20 * time.Millisecond); ; <-ticker.C {
		out, err := reports.GetRollup(auditor, &reportv1.GetRollupRequest{Name: "organizations/" + cityCode + "/rollups/" + period})
		switch {
		case err != nil && ctx.Err() != nil:
			return ctx.Err()
		case err == nil && want.GetSize() == 0:
			return nil
		}
		for _, basis := range out.GetBasis() { // no roll-up before the tree is there
			if basis.GetLog() == "logs/disclosure" && basis.GetSize() >= want.GetSize() {
				return nil
			}
		}
	}
}

// signIn returns a context with a token of an account with one role, signed with the key of a data folder.
func signIn(ctx context.Context, data string, role access.Role, organization string) (context.Context, error) {
	token, err := mint(data, role, organization)
	return bearing(ctx, token), err
}

// signInTowns does that for an account of every township, by its code.
func signInTowns(ctx context.Context, data string, role access.Role) (map[string]context.Context, error) {
	as := make(map[string]context.Context)
	for i := range towns {
		var err error
		if as[townCode(i)], err = signIn(ctx, data, role, townCode(i)); err != nil {
			return nil, err
		}
	}
	return as, nil
}

func mint(data string, role access.Role, organization string) (string, error) {
	issuer, err := suite.OpenIssuer(suite.TokenKey(data), time.Now)
	if err != nil {
		return "", err
	}
	return issuer.Mint(access.Identity{Account: string(role) + "-" + organization, Grants: []access.Grant{{Role: role, Organization: organization}}}, 8*time.Hour)
}

// copied copies a data folder, or makes a file's twin.
func copied(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return os.CopyFS(to, os.DirFS(from))
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, info.Mode())
}
