package demo

import (
	"fmt"
	"strings"

	reportv1 "gongkai/proto/gongkai/report/v1"
)

// Parts of the form of 2007.
const (
	partOverview = "overview"
	partRequests = "requests"
	partFees     = "fees"
	partAppeals  = "appeals"
	partProblems = "problems"
)

const partMark = "<!-- part: "

// loadReports prepares the compilation of each report: the township's in its own words, the others' as examples.
// What an organisation has none of it states as 无.
func (c *City) loadReports() error {
	text, err := files.ReadFile("data/report-" + TownshipID + "-" + Period + ".md")
	if err != nil {
		return err
	}
	township, err := parseParts(string(text))
	if err != nil {
		return err
	}
	asked := map[string]bool{}
	for _, r := range c.Requests {
		asked[r.Organization] = true
	}
	for _, o := range c.Organizations {
		id := o.GetOrganizationId()
		if !o.GetOrganization().GetOwesReport() || id == MissingID {
			continue
		}
		in := &reportv1.CompileReportRequest{
			Parent: "organizations/" + id, Period: Period,
			StatedNone: []string{partFees, partAppeals}, Narratives: exampleNarratives(o.GetOrganization().GetDisplayName()),
		}
		if !asked[id] {
			in.StatedNone = append(in.StatedNone, partRequests)
		}
		if id == TownshipID {
			in.Narratives = township
		}
		in.RequestId = requestID(id, "report", "compile")
		c.Reports = append(c.Reports, in)
		if id == ReturnedID {
			c.Mended = &reportv1.CompileReportRequest{
				Parent: in.Parent, Period: Period, StatedNone: in.StatedNone, RequestId: requestID(id, "report", "compile-again"),
				Narratives: []*reportv1.Narrative{{Part: partOverview, Markdown: in.Narratives[0].GetMarkdown() + "\n\n示例：已补录退回时指出的政府文件，并重新编报。"}},
			}
		}
	}
	return nil
}

// parseParts reads a report in Markdown: each part begins with a comment that names it; headings of the first and
// second level are the form's own and left out.
func parseParts(text string) ([]*reportv1.Narrative, error) {
	var parts []*reportv1.Narrative
	for _, section := range strings.Split(text, partMark)[1:] {
		id, body, ok := strings.Cut(section, " -->\n")
		if !ok {
			return nil, fmt.Errorf("report of %s: part %q has no end mark", TownshipID, section[:min(len(section), 20)])
		}
		var lines []string
		for line := range strings.SplitSeq(strings.TrimSpace(body), "\n") {
			if !strings.HasPrefix(line, "## ") {
				lines = append(lines, line)
			}
		}
		parts = append(parts, &reportv1.Narrative{Part: id, Markdown: strings.TrimSpace(strings.Join(lines, "\n"))})
	}
	return parts, nil
}

func exampleNarratives(name string) []*reportv1.Narrative {
	return []*reportv1.Narrative{
		{Part: partOverview, Markdown: exampleMark + name + "2018年政府信息公开工作概述。本文字为演示而编，不是该机关的真实报告；数字由系统内的记录得出。"},
		{Part: partProblems, Markdown: exampleMark + "主要问题是部分信息更新不够及时；改进措施是明确专人、按月核对。本文字为演示而编。"},
	}
}

// returnReasons is why the leading group's office sends the one report back: a reason a cell.
func returnReasons() []*reportv1.ReturnReason {
	return []*reportv1.ReturnReason{
		{Cell: "disclosed." + governmentDocument, Text: "示例：有1件已公开的政府文件未录入，请补录后重新编报。"},
		{Cell: partOverview, Text: "示例：概述未说明补录情况，请补充。"},
	}
}
