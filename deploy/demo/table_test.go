package demo_test

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"gongkai/deploy/demo"
	reportv1 "gongkai/proto/gongkai/report/v1"
)

var update = flag.Bool("update", false, "write the golden files anew")

func readJSON(t *testing.T, path string, into proto.Message) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := protojson.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

func TestTable(t *testing.T) {
	form, supervisor, public := &reportv1.ReportForm{}, &reportv1.Rollup{}, &reportv1.Rollup{}
	readJSON(t, "testdata/form.json", form)
	readJSON(t, "testdata/rollup.json", supervisor)
	readJSON(t, "testdata/rollup-public.json", public)
	for _, c := range []struct {
		rollup       *reportv1.Rollup
		lang, golden string
	}{
		{supervisor, "zh", "testdata/table-zh.txt"},
		{supervisor, "en", "testdata/table-en.txt"},
		{public, "", "testdata/table-public.txt"},
	} {
		var got bytes.Buffer
		if err := demo.Table(&got, c.rollup, form, c.lang); err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile(c.golden, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(c.golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s differs; got:\n%s", c.golden, got.String())
		}
	}
}
