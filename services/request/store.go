package request

import (
	"fmt"
	"iter"
	"strconv"
	"strings"

	logv1 "gongkai/proto/gongkai/log/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/records"
	"gongkai/services/law/workday"

	"github.com/oklog/ulid/v2"
	"google.golang.org/protobuf/proto"
)

// What is stored, beside the log and the replays. Numbers are big-endian; an organisation's id ends with a zero byte.
//
//	bucket            key                                       value
//	requests          organisation ‖ 0 ‖ ULID 16 ‖ revision 8   store.v1.StoredInformationRequest, of every revision
//	requests.receipt  organisation ‖ 0 ‖ order 4 ‖ ULID 16      none: an index of all requests
//	requests.serials  organisation ‖ 0 ‖ year 2                 last serial of a receipt number, 8
//
// The order is the complement of the day of receipt (or, before it is confirmed, of filing) as yyyymmdd, so that the latest comes first.
var (
	revisions = kv.Bucket{Name: "requests"}
	index     = kv.Bucket{Name: "requests.receipt"}
	serials   = records.Serials{Name: "requests.serials"}
)

const firstRevision = 1

// order is the place of a day of receipt in the index.
func order(on workday.Date) uint32 { return ^yyyymmdd(on) }

// name is a request's name, taken apart.
type name struct {
	organization string
	id           ulid.ULID
}

func (n name) String() string {
	return "organizations/" + n.organization + "/informationRequests/" + n.id.String()
}

// parseName takes a name apart; ok is false if nothing can have it.
func parseName(s string) (n name, ok bool) {
	rest, isName := strings.CutPrefix(s, "organizations/")
	organization, id, isRequest := strings.Cut(rest, "/informationRequests/")
	parsed, err := ulid.ParseStrict(id)
	n = name{organization, parsed}
	return n, isName && isRequest && err == nil && organization != "" && n.String() == s
}

// record is a request as it was loaded, or is about to be made.
type record struct {
	name
	stored   *storev1.StoredInformationRequest
	revision int64         // in the store; 0: none yet
	facts    []*logv1.Fact // as stored
	due      uint32        // in the index of due dates, as stored
	placed   uint32        // its order in the index of all requests, as stored
	dated    bool          // its due date was computed as of today
}

// request is the public message, with its etag.
func (r *record) request() *requestv1.InformationRequest { return r.stored.GetInformationRequest() }

// load reads a request, or returns fault.NotFound.
func load(r kv.Reader, n name) (*record, error) {
	value, err := records.Last(r, revisions, n.organization, n.id)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", n, err)
	case value == nil:
		return nil, fault.NotFound(n.String())
	}
	return decode(n, value)
}

// reload reads a request as it is answered, by its name.
func (s *Server) reload(r kv.Reader, text string) (*requestv1.InformationRequest, error) {
	n, ok := parseName(text)
	if !ok {
		return nil, fault.NotFound(text)
	}
	found, err := load(r, n)
	if err != nil {
		return nil, err
	}
	return s.show(r, found)
}

func decode(n name, value []byte) (*record, error) {
	stored := new(storev1.StoredInformationRequest)
	if err := proto.Unmarshal(value, stored); err != nil {
		return nil, fmt.Errorf("decode %s: %w", n, err)
	}
	q := stored.GetInformationRequest()
	if q == nil {
		return nil, fmt.Errorf("decode %s: it is empty", n)
	}
	q.Etag = etag(stored.GetRevision())
	return &record{name: n, stored: stored, revision: stored.GetRevision(), facts: facts(n.organization, stored), due: stored.GetDue(), placed: order(placedOn(q))}, nil
}

func etag(revision int64) string { return strconv.FormatInt(revision, 10) }

// save stores the next revision of a record, gives a new one its index entry, and appends the event to the log.
func (s *Server) save(tx kv.Tx, r *record, e event) error {
	q := r.request()
	if !r.dated {
		if err := s.predate(r, workday.On(e.at.At)); err != nil {
			return err
		}
	}
	r.stored.Revision, q.Etag = r.revision+1, ""
	value, err := proto.MarshalOptions{Deterministic: true}.Marshal(r.stored)
	if err != nil {
		return fmt.Errorf("encode %s: %w", r.name, err)
	}
	q.Etag = etag(r.stored.GetRevision())
	if err := moveDue(tx, r.name, r.due, r.stored.GetDue(), nil); err != nil {
		return err
	}
	if err := tx.Put(revisions, records.RevisionKey(r.organization, r.id, r.stored.GetRevision()), value); err != nil {
		return fmt.Errorf("store %s: %w", r.name, err)
	}
	if err := moveIndex(tx, r); err != nil {
		return err
	}
	const public = false
	return s.log.Append(tx, e.entry(r), e.salt, public)
}

// moveIndex gives a new record its index entry, and moves it with its day of receipt.
func moveIndex(tx kv.Tx, r *record) error {
	place := order(placedOn(r.request()))
	if r.revision > 0 && place == r.placed {
		return nil
	}
	if r.revision > 0 {
		if err := tx.Delete(index, records.PlaceKey(r.organization, r.placed, r.id)); err != nil {
			return fmt.Errorf("index %s: %w", r.name, err)
		}
	}
	if err := tx.Put(index, records.PlaceKey(r.organization, place, r.id), nil); err != nil {
		return fmt.Errorf("index %s: %w", r.name, err)
	}
	return nil
}

// scanRevisions walks every revision of every record, in the order of their keys.
func scanRevisions(r kv.Reader) iter.Seq2[*record, error] {
	return func(yield func(*record, error) bool) {
		for stored, err := range records.Revisions(r, revisions) {
			var found *record
			if err == nil {
				found, err = decode(name{stored.Organization, stored.ID}, stored.Value)
			}
			if err == nil && found.revision != stored.Number {
				err = fmt.Errorf("revision %d of %s is stored under the key of revision %d", found.revision, found.name, stored.Number)
			}
			if !yield(found, err) || err != nil {
				return
			}
		}
	}
}
