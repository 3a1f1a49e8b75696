package organ_test

import (
	"testing"

	"gongkai/services/law/organ"
)

func TestCityLevel(t *testing.T) {
	for name, want := range map[string]organ.Level{
		"绍兴市": organ.Prefecture, "浙江省绍兴市": organ.Prefecture, "诸暨市": organ.County, "浙江省绍兴市诸暨市": organ.County, "博乐市": organ.County,
		"新疆维吾尔自治区博尔塔拉蒙古自治州博乐市": organ.County, "儋州市": organ.Prefecture, "东莞市": organ.Prefecture, "嘉峪关市": organ.Prefecture, "中山市": organ.Prefecture,
		"沙河市": organ.County, "津市市": organ.County, "北京市": 0, "某某市": 0, "绍兴": 0, "市": 0, "": 0, "锡林郭勒盟锡林浩特市": organ.County,
	} {
		if got := organ.CityLevel(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
