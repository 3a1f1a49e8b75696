package gateway

import (
	"testing"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/protobuf/encoding/protojson"

	reportv1 "gongkai/proto/gongkai/report/v1"
)

// Whatever protojson puts between tokens, an answer has none of it, and keeps the spaces of its texts.
func TestAnswers_NoSpaces(t *testing.T) {
	in := &reportv1.Narrative{Part: "overview", Markdown: "a, b: c"}
	spaced := &compactJSON{runtime.JSONPb{MarshalOptions: protojson.MarshalOptions{Multiline: true, Indent: "  "}}}
	want := `{"part":"overview","markdown":"a, b: c"}`
	for _, m := range []*compactJSON{answers, spaced} {
		got, err := m.Marshal(in)
		if err != nil || string(got) != want {
			t.Errorf("%s, %v, want %s", got, err, want)
		}
	}
}
