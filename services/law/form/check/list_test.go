package check_test

import (
	"slices"
	"testing"

	"gongkai/services/law/form/check"
)

// What a text lists adds up to its total, and the shares are those of the total; what cannot be added up is not judged.
func TestRun_Lists(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string // check: expected, found
	}{
		{"主动公开政府信息55条，其中：应急管理5条，通知公告25条，人事任免6条，文件19条。", nil},
		{"主动公开政府信息160条，其中，综合政务60条；财政信息15条；重要会议62条；安全监管33条。", []string{"text.parts: 160, 170"}},
		{"全年发布各类信息247条，其中机构类5条，业务类30条，其它事项112条。", []string{"text.parts: 247, 147"}},
		{"全年发布各类信息247条，其中机构类5条，业务类30条，公告112条。", nil},
		{"主动公开政府信息共455条（规范性文件84条，计划规划20条，业务公开累计296条，其他55条）。", nil},
		{"主动公开政府信息312条。其中，机构类信息5条，占1.6%；政策类信息100条，占32 %；其它类信息207条，占58.1%。", []string{"text.share: 66.3%, 其它类信息207条，占58.1%"}},
		{"主动公开政府信息207条。\n在主动公开的信息中，机构类33条，占总体的比例为15.94%；法规类88条，占总体的比例为42.51%；动态类86条，占总体的比例为41.54%。", nil},
		{"主动公开政府信息900条，其中网站公开800条，微信公开300条，公示栏公开200条。", nil},
		{"主动公开政府信息300条，其中动态信息200条，其中图片50条，公告60条，通知40条。", nil},
		{"主动公开政府信息607条，其中工作信息469条（动态465条、总结1条、公告3条），民生事项64条（救助61条、审核3条），其他74条。", nil},
		{"主动公开政府信息30条，其中政策解读40条。", nil},
		{"", nil},
	} {
		in := township(t, forms(t), 1)
		in.Narratives["overview"] = "考核、评议、问责。" + c.text
		var got []string
		for _, f := range check.Run(in) {
			if f.Check == check.TextParts || f.Check == check.TextShare {
				got = append(got, f.Check+": "+f.Expected+", "+f.Found)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s\n got %q\nwant %q", c.text, got, c.want)
		}
	}
}
