package request

import (
	"encoding/binary"
	"fmt"
	"iter"
	"testing"

	requestv1 "gongkai/proto/gongkai/request/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/records"
	"gongkai/services/chassis/vault"
	"gongkai/services/law/workday"

	"github.com/oklog/ulid/v2"
	"google.golang.org/protobuf/proto"
)

// counted is a reader that counts the keys that are read. It holds pairs by bucket, in the order of their keys.
type counted struct {
	pairs map[string][]kv.Pair
	keys  int
}

func (c *counted) Get(b kv.Bucket, key []byte) ([]byte, error) {
	c.keys++
	for _, p := range c.pairs[b.Name] {
		if string(p.Key) == string(key) {
			return p.Value, nil
		}
	}
	return nil, nil
}

func (c *counted) Scan(b kv.Bucket, within kv.Range) iter.Seq2[kv.Pair, error] {
	return func(yield func(kv.Pair, error) bool) {
		pairs := c.pairs[b.Name]
		for i := range pairs {
			p := pairs[i]
			if within.Reverse {
				p = pairs[len(pairs)-1-i]
			}
			if string(p.Key) < string(within.From) || within.To != nil && string(p.Key) >= string(within.To) {
				continue
			}
			c.keys++
			if !yield(p, nil) {
				return
			}
		}
	}
}

// The keys that a list of duties reads follow the open requests: a thousand times as many that are concluded change
// nothing.
func TestDuties_KeysRead(t *testing.T) {
	content, err := vault.Generate()
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.New(content)
	if err != nil {
		t.Fatal(err)
	}
	days, err := workday.Official()
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{vault: v, days: days}
	read := func(open, concluded int) int {
		r := &counted{pairs: map[string][]kv.Pair{}}
		for i := range open + concluded {
			var id ulid.ULID
			binary.BigEndian.PutUint64(id[:], uint64(i))
			n := name{"652701201", id}
			q := &requestv1.InformationRequest{
				Name: n.String(), ApplicantKind: 1, Channel: 1, ReceivedOn: toProto(workday.Date{Year: 2021, Month: 6, Day: 1}),
				State: requestv1.RequestState_REQUEST_STATE_OPEN, ReceiptNumber: fmt.Sprint(i),
			}
			day := uint32(20210630)
			if i >= open {
				q.State, day = requestv1.RequestState_REQUEST_STATE_CONCLUDED, 0
			}
			value, err := proto.Marshal(&storev1.StoredInformationRequest{InformationRequest: q, Revision: 1, Due: day})
			if err != nil {
				t.Fatal(err)
			}
			r.pairs["requests"] = append(r.pairs["requests"], kv.Pair{Key: records.RevisionKey(n.organization, id, 1), Value: value})
			if day != 0 {
				r.pairs["requests.due"] = append(r.pairs["requests.due"], kv.Pair{Key: dueKey(n.organization, day, id)})
			}
		}
		organizations, err := withDuties(r)
		if err != nil || len(organizations) != 1 {
			t.Fatalf("organisations with duties: %v, %v", organizations, err)
		}
		l := dutyList{server: s, today: workday.Date{Year: 2021, Month: 6, Day: 28}, size: mostPage}
		if err := l.read(r, organizations); err != nil || len(l.found) != open {
			t.Fatalf("%d duties, %v", len(l.found), err)
		}
		return r.keys
	}
	few, many := read(20, 0), read(20, 5000)
	if few != many || many > 20*2+2 {
		t.Errorf("%d keys read, %d with 5,000 concluded requests", few, many)
	}
}
