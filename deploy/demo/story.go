package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/protobuf/proto"

	directoryv1 "gongkai/proto/gongkai/directory/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
)

// The request whose story is told: received before a turn of the year and Spring Festival, a third party asked.
func storyReceived() *date.Date { return &date.Date{Year: 2022, Month: 12, Day: 20} }

const storyReasons = "申请公开的合同附件含有第三方的报价明细，属于其商业秘密。经书面征求意见，第三方不同意公开且有合理理由；不公开不会对公共利益造成重大影响。"

func storyApplicant() *requestv1.PersonalData {
	return &requestv1.PersonalData{ApplicantName: "示例商贸有限公司", Contact: "示例路1号", Description: "2022年乡村道路维修工程合同及附件"}
}

// consult asks the third party of the story, and enters its opinion.
func (r *run) consult(ctx context.Context, path, clerk, what string) error {
	err := r.post(ctx, path+":consult", clerk, &requestv1.ConsultOnRequestRequest{
		Consulted: requestv1.Consulted_CONSULTED_THIRD_PARTY, SentOn: &date.Date{Year: 2022, Month: 12, Day: 22}, Party: "示例建设有限公司",
		RequestId: requestID(TownshipID, what, "consult"),
	}, nil)
	if err != nil {
		return err
	}
	err = r.post(ctx, path+":recordOpinion", clerk, &requestv1.RecordOpinionRequest{
		Party: 1, ReceivedOn: &date.Date{Year: 2022, Month: 12, Day: 26}, RequestId: requestID(TownshipID, what, "letter"),
	}, nil)
	if err != nil {
		return err
	}
	return r.post(ctx, path+":recordOpinion", clerk, &requestv1.RecordOpinionRequest{
		Party: 1, AnsweredOn: &date.Date{Year: 2023, Month: 1, Day: 5}, Opinion: requestv1.Opinion_OPINION_REFUSES_WITH_REASON,
		Reasons: "附件为报价明细。", RequestId: requestID(TownshipID, what, "opinion"),
	}, nil)
}

// Told is the story of one request: its explained timeline, and the letter that answers it.
type Told struct {
	Request  *requestv1.InformationRequest
	Timeline *requestv1.Timeline
	Letter   *requestv1.Letter // nil if it was not asked for
}

// Story reads the story of one request of the later years, over REST, with its letter or without: a letter holds personal
// data, so writing one is an entry of the log. It is nil over data that do not hold the request.
func Story(ctx context.Context, o Options, letter bool) (*Told, error) {
	if o.BaseURL == "" || o.Tokens == nil {
		return nil, errors.New("a run needs the gateway's address and tokens")
	}
	r := &run{client: newClient(o), Options: o, tokens: map[string]string{}}
	defer r.close()
	clerk, err := r.token(Clerk, TownshipID)
	if err != nil {
		return nil, err
	}
	told := &Told{Timeline: &requestv1.Timeline{}}
	if told.Request, err = r.storyRequest(ctx, clerk); told.Request == nil || err != nil {
		return nil, err
	}
	path := "/v1/" + told.Request.GetName()
	if _, err := r.get(ctx, path+"/timeline", clerk, told.Timeline); err != nil {
		return nil, err
	}
	if letter {
		told.Letter, err = r.storyLetter(ctx, clerk, told.Request)
	}
	return told, err
}

// storyLetter has the letter written that answers the request.
func (r *run) storyLetter(ctx context.Context, clerk string, q *requestv1.InformationRequest) (*requestv1.Letter, error) {
	township, city := &directoryv1.Organization{}, &directoryv1.Organization{}
	for id, organ := range map[string]*directoryv1.Organization{TownshipID: township, CityID: city} {
		if _, err := r.get(ctx, "/v1/organizations/"+id, clerk, organ); err != nil {
			return nil, err
		}
	}
	letter := &requestv1.Letter{}
	err := r.post(ctx, "/v1/"+q.GetName()+":writeLetter", clerk, &requestv1.WriteLetterRequest{
		Format: requestv1.LetterFormat_LETTER_FORMAT_TEXT, Organ: township.GetDisplayName(), Date: q.GetAnsweredOn(),
		Bodies: []string{city.GetDisplayName()},
	}, letter)
	if isStatus(err, http.StatusBadRequest) { // its personal data are not there: data of an older version
		return nil, nil
	}
	return letter, err
}

// storyRequest is the request of the story; nil if there is none.
func (r *run) storyRequest(ctx context.Context, clerk string) (*requestv1.InformationRequest, error) {
	for page := ""; ; {
		list := &requestv1.ListInformationRequestsResponse{}
		path := "/v1/organizations/" + TownshipID + "/informationRequests?pageSize=1000&pageToken=" + page
		if _, err := r.get(ctx, path, clerk, list); err != nil {
			return nil, err
		}
		for _, q := range list.GetInformationRequests() {
			if proto.Equal(q.GetReceivedOn(), storyReceived()) {
				return q, nil
			}
		}
		if page = list.GetNextPageToken(); page == "" {
			return nil, nil
		}
	}
}

// WriteStory writes the story for a terminal: what happened when and how it counts, then the letter; lang is zh or en,
// and empty means zh. The letter is in Chinese.
func WriteStory(w io.Writer, told *Told, lang string) error {
	pick := (*requestv1.Label).GetZh
	head := "一件申请的办理：%s 收到，最迟 %s 答复，%s 答复（%s）\n"
	columns, inTime, late := table.Row{"期间", "阶段", "计入", "累计", "依据"}, "按期", "逾期"
	letter, causes := "答复书：", map[string]string{"holiday": "放假，不计入", "statutory": "放假，不计入", "adjusted": "调休上班，计入"}
	if lang == "en" {
		pick = (*requestv1.Label).GetEn
		head = "One request: received on %s, to be answered by %s, answered on %s (%s)\n"
		columns, inTime, late, letter, causes = table.Row{"From to", "Stage", "Counted", "So far", "Article"}, "in time", "late", "The answer:",
			map[string]string{"holiday": ", not counted", "statutory": ", not counted", "adjusted": ", worked, counted"}
	}
	t := told.Timeline
	verdict := late
	if t.GetInTime() {
		verdict = inTime
	}
	out := table.NewWriter()
	out.SetStyle(table.StyleDefault)
	out.Style().Options = table.Options{}
	out.Style().Box.PaddingLeft, out.Style().Box.PaddingRight = "  ", ""
	out.Style().Format.Header = text.FormatDefault
	out.AppendHeader(columns)
	for _, s := range t.GetSegments() {
		total := ""
		if s.GetOf() > 0 {
			total = fmt.Sprintf("%d/%d", s.GetTotal(), s.GetOf())
		}
		out.AppendRow(table.Row{onDay(s.GetFrom()) + " – " + onDay(s.GetTo()), pick(s.GetLabel()), s.GetCounted(), total, pick(s.GetArticle())})
		for _, g := range slices.Concat(s.GetLeftOut(), s.GetWorked()) {
			if name := pick(g.GetName()); name != "" { // weekends go without saying
				out.AppendRow(table.Row{"  " + onDay(g.GetFrom()) + " – " + onDay(g.GetTo()), "  " + name + causes[g.GetWhy()]})
			}
		}
	}
	_, err := fmt.Fprintf(w, "\n"+head+"%s\n", onDay(t.GetReceivedOn()), onDay(t.GetDueOn()), onDay(t.GetAnsweredOn()), verdict, trimLines(out.Render()))
	if told.Letter == nil || err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "\n%s\n\n%s\n", letter, indented(string(told.Letter.GetContent())))
	return err
}

// onDay is a date as 2022-12-20; empty for none.
func onDay(d *date.Date) string {
	if d == nil {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.GetYear(), d.GetMonth(), d.GetDay())
}

// indented puts each line that is not empty two columns in.
func indented(s string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.TrimRight(s, "\n")) {
		if strings.TrimSpace(line) != "" {
			b.WriteString("  ")
		}
		b.WriteString(line)
	}
	return b.String()
}
