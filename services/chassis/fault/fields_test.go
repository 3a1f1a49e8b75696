package fault_test

import (
	"testing"

	"gongkai/services/chassis/fault"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
)

// TestStatus_FieldName checks what a clerk reads of a single field: its name in Chinese, its path in English.
func TestStatus_FieldName(t *testing.T) {
	for path, zh := range map[string]string{
		"disclosure.title":                      "标题",
		"title":                                 "标题",
		"fileName":                              "文件名",
		"requests[3].disclosure.formed_on":      "第4项的成文日期",
		"typed_figures[0].cell":                 "第1项的表格栏目",
		"typed_figures[0]":                      "第1项的填报的数据",
		"Content-Type":                          "Content-Type",
		"request_id":                            "request_id",
		"[":                                     "[",
		"":                                      "",
		"title[99999999999999999999].published": "title[99999999999999999999].published",
	} {
		for l, want := range map[fault.Language]string{fault.Chinese: zh + "：", fault.English: path + ": "} {
			s, _ := fault.Status(fault.Field(path, "REQUIRED"), l, "id")
			got := ""
			for _, d := range s.Details() {
				if m, ok := d.(*errdetails.LocalizedMessage); ok {
					got = m.GetMessage()
				}
			}
			if len(got) <= len(want) || got[:len(want)] != want {
				t.Errorf("%s in %s: %q, want it to begin with %q", path, l, got, want)
			}
		}
	}
}
