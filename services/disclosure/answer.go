package disclosure

import (
	"fmt"
	"strings"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/records"

	"github.com/oklog/ulid/v2"
	"google.golang.org/protobuf/proto"
)

// parseSource is the id of a request of an organisation, whose answer a disclosure publishes to all (R2019 art. 44); ok is
// false if the text names none of that organisation.
func parseSource(organization, text string) (id ulid.ULID, ok bool) {
	rest, ok := strings.CutPrefix(text, "organizations/"+organization+"/informationRequests/")
	if !ok {
		return id, false
	}
	id, err := ulid.ParseStrict(rest)
	return id, err == nil
}

// linkAnswer keeps which disclosure publishes the answer to a request: one for a request.
func linkAnswer(tx kv.Tx, r *record) error {
	source := r.disclosure().GetSourceRequest()
	if source == "" || r.revision > 0 {
		return nil
	}
	id, ok := parseSource(r.organization, source)
	if !ok {
		return fmt.Errorf("%s has the source %q, which is no request", r.name, source)
	}
	key := records.Key(r.organization, id)
	value, err := tx.Get(answers, key)
	switch {
	case err != nil:
		return fmt.Errorf("find the disclosure of %s: %w", source, err)
	case len(value) == records.IDLen:
		return fault.Exists(name{r.organization, ulid.ULID(value)}.String())
	case value != nil:
		return fmt.Errorf("the disclosure of %s is garbled", source)
	}
	if err := tx.Put(answers, key, r.id[:]); err != nil {
		return fmt.Errorf("link %s to %s: %w", r.name, source, err)
	}
	return nil
}

// outward is a disclosure as everybody sees it: without the request that it came of.
func outward(d *disclosurev1.Disclosure) *disclosurev1.Disclosure {
	if d.GetSourceRequest() == "" {
		return d
	}
	d = proto.CloneOf(d)
	d.SourceRequest = ""
	return d
}
