package demo

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"

	"google.golang.org/genproto/googleapis/type/date"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
)

// The categories of the report of 2018.
const (
	governmentDocument  = "government_document"
	workReport          = "work_report"
	emergencyManagement = "emergency_management"
	workUpdate          = "work_update"
	other               = "other"
)

// categories are in the order of the table of figures.
func categories() []string {
	return []string{governmentDocument, workReport, emergencyManagement, workUpdate, other}
}

// Marks of what is not a document of its organ's.
const (
	exampleMark         = "示例："
	exampleContent      = "示例：本条为演示而编，不是该机关的真实信息。"
	reconstructedMark   = "依据该乡2018年度报告所列条数重建"
	reconstructedNotice = reconstructedMark + "，标题和日期非原文。"
)

// Record is one disclosure: its draft, and the day on which it is published.
type Record struct {
	Organization string // id
	Key          string // unique in the organisation
	Draft        *disclosurev1.Disclosure
	PublishedOn  *date.Date
}

// recordsOf makes an organisation's records of the year, so many of each category. They depend on nothing but the
// arguments.
func recordsOf(organization string, counts []int) []Record {
	seed := fnv.New64a()
	seed.Write([]byte(organization)) // a hash.Hash returns no error
	draw := rand.New(rand.NewPCG(2018, seed.Sum64()))
	var records []Record
	for i, category := range categories() {
		for n := range counts[i] {
			on := dayOf(category, n, counts[i], draw)
			key := fmt.Sprintf("%s-%03d", category, n+1)
			if organization == TownshipID {
				records = append(records, reconstructed(key, category, n+1, on))
				continue
			}
			topics := exampleTopics(category)
			r := example(organization, key, category, on, topics[draw.IntN(len(topics))])
			r.Draft.Channels = exampleChannels(category, draw)
			r.Draft.FormedOn = civil(formed(on, category, draw))
			records = append(records, r)
		}
	}
	return records
}

// reconstructed is one of the township's counted records. Its channels are those that the report names.
func reconstructed(key, category string, n int, on time.Time) Record {
	var title string
	channels := []disclosurev1.Channel{disclosurev1.Channel_CHANNEL_NOTICE_BOARD}
	switch category {
	case governmentDocument:
		title = fmt.Sprintf("政府文件（2018年第%d件）", n)
		channels = append(channels, disclosurev1.Channel_CHANNEL_CIRCULAR)
	case workReport:
		title = "政府工作报告（2018年）"
		channels = append(channels, disclosurev1.Channel_CHANNEL_MEETING)
	case emergencyManagement:
		title = "应急值守情况" + inBrackets(on)
		channels = []disclosurev1.Channel{disclosurev1.Channel_CHANNEL_DUTY_DAY_NOTICE}
	case workUpdate:
		title = fmt.Sprintf("工作动态（2018年第%d条）", n)
	default:
		title = fmt.Sprintf("其他信息（2018年第%d条）", n)
	}
	return Record{
		Organization: TownshipID, Key: key, PublishedOn: civil(on),
		Draft: &disclosurev1.Disclosure{Title: title, Content: reconstructedNotice, Category: category, Channels: channels},
	}
}

// example is a made-up record, marked as one.
func example(organization, key, category string, on time.Time, topic string) Record {
	return Record{
		Organization: organization, Key: key, PublishedOn: civil(on),
		Draft: &disclosurev1.Disclosure{
			Title: exampleMark + topic + inBrackets(on), Content: exampleContent, Category: category,
			Channels: []disclosurev1.Channel{disclosurev1.Channel_CHANNEL_WEBSITE},
		},
	}
}

func exampleTopics(category string) []string {
	switch category {
	case governmentDocument:
		return []string{"关于做好春季农业生产的通知", "关于开展环境卫生整治的通知", "关于调整工作领导小组的通知", "关于安全生产检查的通知", "年度工作要点"}
	case workReport:
		return []string{"政府工作报告", "年度工作总结", "预算执行情况报告"}
	case emergencyManagement:
		return []string{"应急值守情况", "大风降温预警", "防汛值班安排", "森林草原防火提示", "道路结冰提示"}
	case workUpdate:
		return []string{"入户走访情况", "惠民政策宣讲", "村容村貌整治进展", "就业服务活动", "文化下乡活动", "项目建设进度"}
	}
	return []string{"办事指南更新", "低保对象公示", "补贴发放公示", "领导分工公示", "联系方式更新"}
}

func exampleChannels(category string, draw *rand.Rand) []disclosurev1.Channel {
	channels := []disclosurev1.Channel{disclosurev1.Channel_CHANNEL_WEBSITE}
	switch {
	case category == emergencyManagement:
		channels = append(channels, disclosurev1.Channel_CHANNEL_WECHAT)
	case draw.IntN(3) == 0:
		channels = append(channels, disclosurev1.Channel_CHANNEL_NOTICE_BOARD)
	case draw.IntN(4) == 0:
		channels = append(channels, disclosurev1.Channel_CHANNEL_MEETING)
	}
	return channels
}

// dayOf is the day of the n-th of so many records: emergency management goes on every day of the year alike, all
// else happens on working days.
func dayOf(category string, n, of int, draw *rand.Rand) time.Time {
	first := day(2018, time.January, 1)
	switch category {
	case emergencyManagement:
		return first.AddDate(0, 0, n*365/of)
	case workReport:
		return day(2018, time.January, 15).AddDate(0, 5*n, 0)
	}
	for {
		if on := first.AddDate(0, 0, draw.IntN(365)); isWorkingDay(on) {
			return on
		}
	}
}

// formed is the day on which an example's information was formed: up to ten days before its publication.
func formed(on time.Time, category string, draw *rand.Rand) time.Time {
	before := 0
	if category != emergencyManagement {
		before = min(draw.IntN(11), on.YearDay()-1)
	}
	return on.AddDate(0, 0, -before)
}

// isWorkingDay tells whether a day of 2018 is a weekday that is no holiday. The few weekend days that were worked
// are left out. Source: 国办发明电〔2017〕12号, 国办发明电〔2018〕15号.
func isWorkingDay(on time.Time) bool {
	holidays := []string{
		"01-01", "02-15", "02-16", "02-19", "02-20", "02-21", "04-05", "04-06", "04-30", "05-01", "06-18", "09-24",
		"10-01", "10-02", "10-03", "10-04", "10-05", "12-31",
	}
	weekend := on.Weekday() == time.Saturday || on.Weekday() == time.Sunday
	return !weekend && !slices.Contains(holidays, on.Format("01-02"))
}

// interleave puts the records of all organisations in the order of their days, as they come in over a year.
func interleave(records []Record) {
	slices.SortStableFunc(records, func(a, b Record) int {
		return cmp.Or(cmp.Compare(a.PublishedOn.GetMonth(), b.PublishedOn.GetMonth()), cmp.Compare(a.PublishedOn.GetDay(), b.PublishedOn.GetDay()))
	})
}

func day(year int, month time.Month, of int) time.Time {
	return time.Date(year, month, of, 0, 0, 0, 0, time.UTC)
}

func civil(t time.Time) *date.Date {
	return &date.Date{Year: int32(t.Year()), Month: int32(t.Month()), Day: int32(t.Day())}
}

func parseDate(s string) (*date.Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return nil, fmt.Errorf("date %q is not like 2018-03-05", s)
	}
	return civil(t), nil
}

func inBrackets(t time.Time) string {
	return fmt.Sprintf("（%d年%d月%d日）", t.Year(), t.Month(), t.Day())
}
