package demo

import (
	"bytes"
	"embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/type/date"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
)

// The city, its year, and the organisations to which something happens in it.
const (
	CityID = "652701" // 博乐市
	Period = "2018"

	TownshipID = "652701201" // 贝林哈日莫墩乡, whose report of 2018 is public
	MissingID  = "652701100" // 小营盘镇 submits no report
	ReturnedID = "652701101" // 达勒特镇 gets its report back once
	LateID     = "652701103" // 青得里镇 publishes a record after its report was accepted
	LedgerID   = "652701102" // 乌图布拉格镇 keeps its records in a spreadsheet, which is imported
)

// ledgerName is the name of the spreadsheet's file.
const ledgerName = "ledger-" + LedgerID + "-" + Period + ".xlsx"

//go:embed data/*.csv data/*.md data/*.xlsx
var files embed.FS

// City is what is entered.
type City struct {
	// Organizations are the organs, parents first.
	Organizations []*directoryv1.CreateOrganizationRequest
	// Records are the disclosures of the year, without the two that follow.
	Records []Record
	// Ledger is the spreadsheet that LedgerID keeps, which holds all its records; without one they are entered like
	// those of all others.
	Ledger []byte
	// Added is what the organisation adds whose report was returned, Late what comes after the seal.
	Added, Late Record
	// Requests are the information requests of the year.
	Requests []Request
	// Reports are the reports of the organisations that owe one, without the missing one.
	Reports []*reportv1.CompileReportRequest
	// Mended is the report of the organisation to which it was returned, as compiled again.
	Mended *reportv1.CompileReportRequest
}

// Request is an information request and how it ends.
type Request struct {
	Organization string // id
	Received     *requestv1.InformationRequest
	Outcome      string     // empty if it stays open
	AnsweredOn   *date.Date // nil if it stays open
}

// Load reads the city from the embedded data. It is the same on every call.
func Load() (*City, error) {
	c := &City{}
	for _, load := range []func() error{c.loadOrganizations, c.loadRecords, c.loadRequests, c.loadReports} {
		if err := load(); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Figure returns how many records of a category an organisation has before any is added or late.
func (c *City) Figure(organization, category string) int {
	n := 0
	for _, r := range c.Records {
		if r.Organization == organization && r.Draft.GetCategory() == category {
			n++
		}
	}
	return n
}

// rows reads an embedded table without its header, of which every row has the given number of columns.
func rows(name string, columns int) ([][]string, error) {
	data, err := files.ReadFile("data/" + name)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.Comment, r.FieldsPerRecord = '#', columns
	all, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(all) < 2 {
		return nil, fmt.Errorf("read %s: no rows", name)
	}
	return all[1:], nil
}

func (c *City) loadOrganizations() error {
	kinds := map[string]directoryv1.Kind{
		"government":          directoryv1.Kind_KIND_GOVERNMENT,
		"department":          directoryv1.Kind_KIND_DEPARTMENT,
		"subdistrict_office":  directoryv1.Kind_KIND_SUBDISTRICT_OFFICE,
		"villagers_committee": directoryv1.Kind_KIND_VILLAGERS_COMMITTEE,
		"other":               directoryv1.Kind_KIND_OTHER,
	}
	table, err := rows("bole.csv", 7)
	if err != nil {
		return err
	}
	for _, row := range table {
		kind, ok := kinds[row[4]]
		if !ok {
			return fmt.Errorf("organisation %s: unknown kind %q", row[0], row[4])
		}
		o := &directoryv1.Organization{
			DisplayName: row[2], Kind: kind, OwesReport: row[5] == "yes", NoReportReason: row[6],
			FoundedOn: &date.Date{Year: 2008, Month: 5, Day: 1}, // the day on which the Regulation came into force
		}
		if row[3] != "" {
			o.Parent = "organizations/" + row[3]
		}
		c.Organizations = append(c.Organizations, &directoryv1.CreateOrganizationRequest{OrganizationId: row[0], Organization: o})
	}
	return nil
}

func (c *City) loadRequests() error {
	table, err := rows("requests-2018.csv", 6)
	if err != nil {
		return err
	}
	for i, row := range table {
		r := Request{Organization: row[0], Outcome: row[4], Received: &requestv1.InformationRequest{}}
		applicant, known := requestv1.ApplicantKind_value["APPLICANT_KIND_"+strings.ToUpper(row[1])]
		channel, open := requestv1.RequestChannel_value["REQUEST_CHANNEL_"+strings.ToUpper(row[2])]
		if !known || !open {
			return fmt.Errorf("request %d: unknown applicant %q or channel %q", i+1, row[1], row[2])
		}
		r.Received.ApplicantKind, r.Received.Channel = requestv1.ApplicantKind(applicant), requestv1.RequestChannel(channel)
		if r.Received.ReceivedOn, err = parseDate(row[3]); err != nil {
			return fmt.Errorf("request %d: %w", i+1, err)
		}
		if r.Outcome != "" {
			if r.AnsweredOn, err = parseDate(row[5]); err != nil {
				return fmt.Errorf("request %d: %w", i+1, err)
			}
		}
		c.Requests = append(c.Requests, r)
	}
	return nil
}

func (c *City) loadRecords() error {
	table, err := rows("figures-2018.csv", 1+len(categories()))
	if err != nil {
		return err
	}
	for _, row := range table {
		counts := make([]int, len(row)-1)
		for i, s := range row[1:] {
			if counts[i], err = strconv.Atoi(s); err != nil || counts[i] < 0 {
				return fmt.Errorf("figures of %s: %q is no count", row[0], s)
			}
		}
		c.Records = append(c.Records, recordsOf(row[0], counts)...)
	}
	interleave(c.Records)
	if c.Ledger, err = files.ReadFile("data/" + ledgerName); err != nil {
		return err
	}
	c.Added = example(ReturnedID, "added", governmentDocument, day(2018, time.November, 20), "补录的政府文件")
	c.Late = example(LateID, "late", workUpdate, day(2018, time.December, 28), "迟报的工作动态")
	return nil
}
