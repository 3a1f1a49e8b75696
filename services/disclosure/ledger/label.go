package ledger

import (
	"strings"
	"time"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"

	"google.golang.org/genproto/googleapis/type/date"
)

// labelled is a value of an enum, as the writer writes it, and as people do. The first label is the writer's.
type labelled struct {
	value  int32
	labels []string
}

func channelNames() []labelled {
	of := func(c disclosurev1.Channel, labels ...string) labelled { return labelled{int32(c), labels} }
	return []labelled{
		of(disclosurev1.Channel_CHANNEL_GAZETTE, "政府公报", "公报"),
		of(disclosurev1.Channel_CHANNEL_WEBSITE, "政府网站", "网站", "门户网站", "政府门户网站", "网络", "网上公开", "政务网"),
		of(disclosurev1.Channel_CHANNEL_PRESS_CONFERENCE, "新闻发布会", "发布会"),
		of(disclosurev1.Channel_CHANNEL_PRESS, "报刊", "报纸", "报刊杂志"),
		of(disclosurev1.Channel_CHANNEL_BROADCAST, "广播电视", "广播", "电视", "村村响"),
		of(disclosurev1.Channel_CHANNEL_MICROBLOG, "政务微博", "微博"),
		of(disclosurev1.Channel_CHANNEL_WECHAT, "政务微信", "微信", "微信公众号", "公众号", "微信群"),
		of(disclosurev1.Channel_CHANNEL_READING_PLACE, "查阅场所", "查阅点", "政府信息查阅点", "档案馆", "图书馆", "政务服务大厅"),
		of(disclosurev1.Channel_CHANNEL_NOTICE_BOARD, "公开栏", "公示栏", "公示牌", "公告栏", "宣传栏", "政务公开栏", "村务公开栏", "张贴"),
		of(disclosurev1.Channel_CHANNEL_SCREEN, "电子屏", "电子显示屏", "电子屏幕", "显示屏", "led屏"),
		of(disclosurev1.Channel_CHANNEL_MEETING, "会议", "村民大会", "村民会议", "大会"),
		of(disclosurev1.Channel_CHANNEL_CIRCULAR, "内部通报", "下发文件", "通报", "文件下发", "印发文件"),
		of(disclosurev1.Channel_CHANNEL_DUTY_DAY_NOTICE, "领导值班日公示", "值班日公示", "值班公示"),
		of(disclosurev1.Channel_CHANNEL_OTHER, "其他", "其它"),
	}
}

func attributeNames() []labelled {
	return []labelled{
		{int32(disclosurev1.Attribute_ATTRIBUTE_PROACTIVE), []string{"主动公开"}},
		{int32(disclosurev1.Attribute_ATTRIBUTE_ON_REQUEST), []string{"依申请公开"}},
		{int32(disclosurev1.Attribute_ATTRIBUTE_NOT_DISCLOSED), []string{"不予公开", "不公开"}},
	}
}

func stateNames() []labelled {
	return []labelled{
		{int32(disclosurev1.State_STATE_DRAFT), []string{"草稿", "未公开", "未发布"}},
		{int32(disclosurev1.State_STATE_PUBLISHED), []string{"已公开", "已发布", "公开"}},
		{int32(disclosurev1.State_STATE_WITHDRAWN), []string{"已撤回", "已撤销"}},
	}
}

// lookup is a table of labels, made once.
type lookup struct {
	of     map[string]int32
	labels map[int32]string
	all    []string
}

// tables are made from the labels above and from the names in the contract.
var (
	channelTable   = index(channelNames(), "CHANNEL_", disclosurev1.Channel_name)
	attributeTable = index(attributeNames(), "ATTRIBUTE_", disclosurev1.Attribute_name)
	stateTable     = index(stateNames(), "STATE_", disclosurev1.State_name)
)

func index(values []labelled, prefix string, contract map[int32]string) lookup {
	t := lookup{of: map[string]int32{}, labels: map[int32]string{}}
	for _, v := range values {
		for _, l := range append(v.labels, strings.ToLower(contract[v.value]), strings.ToLower(strings.TrimPrefix(contract[v.value], prefix))) {
			t.of[l] = v.value
		}
		t.labels[v.value] = v.labels[0]
		t.all = append(t.all, v.labels[0])
	}
	return t
}

func channelOf(s string) (disclosurev1.Channel, bool) {
	v, ok := channelTable.of[strings.ToLower(s)]
	return disclosurev1.Channel(v), ok
}

func attributeOf(s string) (disclosurev1.Attribute, bool) {
	v, ok := attributeTable.of[strings.ToLower(s)]
	return disclosurev1.Attribute(v), ok
}

func stateOf(s string) (disclosurev1.State, bool) {
	v, ok := stateTable.of[strings.ToLower(s)]
	return disclosurev1.State(v), ok
}

func channelLabels() []string { return channelTable.all }

func attributeLabels() []string { return attributeTable.all }

func stateLabels() []string { return stateTable.all }

func timeMonth(d *date.Date) time.Month { return time.Month(d.GetMonth()) }
