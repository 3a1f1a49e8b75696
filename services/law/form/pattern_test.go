package form

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// What a pattern needs is in every match, so that no sentence is passed over that has one.
func TestPattern(t *testing.T) {
	for text, want := range map[string]string{
		`诉讼[0-9]+件`: "诉讼", `(?:收到|受理)公开申请`: "公开申请", `(?:收到|受理)`: "", `(?:申请)+书`: "申请", `申请?`: "申", `a|b`: "", `(主动公开)信息`: "主动公开",
	} {
		p, err := compilePattern(text)
		if err != nil || p.word != want {
			t.Errorf("%s needs %q, %v, want %q", text, p.word, err, want)
		}
	}
	forms, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	sentences := strings.SplitAfter("全年共收到政府信息公开申请12件，同意公开3件、部分公开2件。未发生行政复议、行政诉讼。没有收取任何费用。主动公开政府信息200余条，其中工作动态80条。\n不予公开1件。", "。")
	for _, f := range forms {
		for _, m := range f.Mentions {
			for _, p := range slices.Concat(m.said, m.maybe, m.none) {
				var want [][]int
				from := 0
				for _, s := range sentences {
					for _, at := range p.FindAllStringSubmatchIndex(s, -1) {
						for i := range at {
							at[i] += from
						}
						want = append(want, at)
					}
					from += len(s)
				}
				if got := p.find(strings.Join(sentences, ""), maxSayings); fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("%s: %v, want %v", p, got, want)
				}
			}
		}
	}
}
