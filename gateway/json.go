package gateway

import (
	"bytes"
	"encoding/json"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/protobuf/encoding/protojson"
)

// compactJSON writes messages without a space between tokens. protojson puts spaces in or not from one build of the
// program to the next; whoever compares saved answers, or searches in them, must not see that.
type compactJSON struct{ runtime.JSONPb }

// answers is how REST writes messages.
var answers = &compactJSON{runtime.JSONPb{MarshalOptions: protojson.MarshalOptions{EmitDefaultValues: true}}}

// Marshal writes a message, or what the runtime makes of messages in a stream.
func (m *compactJSON) Marshal(v any) ([]byte, error) {
	spaced, err := m.JSONPb.Marshal(v)
	if err != nil {
		return nil, err
	}
	out := bytes.NewBuffer(make([]byte, 0, len(spaced)))
	if err := json.Compact(out, spaced); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
