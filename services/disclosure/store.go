package disclosure

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"iter"
	"strconv"
	"strings"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
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
//	bucket                   key                                       value
//	disclosures              organisation ‖ 0 ‖ ULID 16 ‖ revision 8   store.v1.StoredDisclosure, of every revision
//	disclosures.publication  organisation ‖ 0 ‖ order 4 ‖ ULID 16      none: an index of the last revisions
//	disclosures.serials      organisation ‖ 0 ‖ year 2                 last serial of an index number, 8
//	disclosures.imports      organisation ‖ 0 ‖ SHA-256 of a row's key  ULID 16 ‖ SHA-256 of the row
//	disclosures.requests     organisation ‖ 0 ‖ ULID of a request 16   ULID 16: the disclosure of its answer
//
// The order is the complement of the publication date as yyyymmdd, so that the latest comes first; 0 for a draft.
var (
	revisions = kv.Bucket{Name: "disclosures"}
	index     = kv.Bucket{Name: "disclosures.publication"}
	serials   = records.Serials{Name: "disclosures.serials"}
	imports   = kv.Bucket{Name: "disclosures.imports"}
	answers   = kv.Bucket{Name: "disclosures.requests"}
)

// order is the place of a publication date in the index; no date is that of drafts.
func order(on workday.Date) uint32 {
	if on.IsZero() {
		return 0
	}
	return ^uint32(on.Year*10000 + int(on.Month)*100 + on.Day)
}

// name is a disclosure's name, taken apart.
type name struct {
	organization string
	id           ulid.ULID
}

func (n name) String() string {
	return "organizations/" + n.organization + "/disclosures/" + n.id.String()
}

// parseName reads a name of the form that validation has checked, or an update's, which it has not.
func parseName(s string) (n name, ok bool) {
	rest, isName := strings.CutPrefix(s, "organizations/")
	organization, id, isDisclosure := strings.Cut(rest, "/disclosures/")
	parsed, err := ulid.ParseStrict(id)
	n = name{organization, parsed}
	return n, isName && isDisclosure && err == nil && organization != "" && n.String() == s
}

// record is a disclosure as it was loaded, or is about to be made.
type record struct {
	name
	stored   *storev1.StoredDisclosure
	revision int64         // in the store; 0: none yet
	order    uint32        // in the index
	facts    []*logv1.Fact // as stored
}

// disclosure is the public message, with its etag.
func (r *record) disclosure() *disclosurev1.Disclosure { return r.stored.GetDisclosure() }

// load reads a disclosure, or returns fault.NotFound.
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

// reload reads the public message of a name that a replay has kept.
func reload(r kv.Reader, s string) (*disclosurev1.Disclosure, error) {
	n, ok := parseName(s)
	if !ok {
		return nil, fault.NotFound(s)
	}
	found, err := load(r, n)
	if err != nil {
		return nil, err
	}
	return found.disclosure(), nil
}

func decode(n name, value []byte) (*record, error) {
	stored := new(storev1.StoredDisclosure)
	if err := proto.Unmarshal(value, stored); err != nil {
		return nil, fmt.Errorf("decode %s: %w", n, err)
	}
	d := stored.GetDisclosure()
	if d == nil {
		return nil, fmt.Errorf("decode %s: it is empty", n)
	}
	d.Etag = etag(stored.GetRevision())
	return &record{
		name: n, stored: stored, revision: stored.GetRevision(), order: order(civil(d.GetPublishedOn())), facts: facts(n.organization, d),
	}, nil
}

func etag(revision int64) string { return strconv.FormatInt(revision, 10) }

// save stores the next revision of a record, moves its index entry, and appends the event to the log.
func (s *Server) save(tx kv.Tx, r *record, e event) error {
	d := r.disclosure()
	r.stored.Revision, d.Etag = r.revision+1, ""
	value, err := proto.MarshalOptions{Deterministic: true}.Marshal(r.stored)
	if err != nil {
		return fmt.Errorf("encode %s: %w", r.name, err)
	}
	d.Etag = etag(r.stored.GetRevision())
	if err := tx.Put(revisions, records.RevisionKey(r.organization, r.id, r.stored.GetRevision()), value); err != nil {
		return fmt.Errorf("store %s: %w", r.name, err)
	}
	if err := moveInIndex(tx, r); err != nil {
		return fmt.Errorf("index %s: %w", r.name, err)
	}
	sum := sha256.Sum256(value)
	return s.log.Append(tx, e.entry(r, sum[:]), e.salt, isPublic(d))
}

func moveInIndex(tx kv.Tx, r *record) error {
	place, isNew := order(civil(r.disclosure().GetPublishedOn())), r.revision == 0
	if !isNew && place == r.order {
		return nil
	}
	if !isNew {
		if err := tx.Delete(index, records.PlaceKey(r.organization, r.order, r.id)); err != nil {
			return err
		}
	}
	return tx.Put(index, records.PlaceKey(r.organization, place, r.id), nil)
}

// digest is a SHA-256.
type digest [sha256.Size]byte

func importKey(organization string, key digest) []byte {
	return append(records.OrganizationKey(organization), key[:]...)
}

// imported reads which record a row of a ledger became, and the digest of the row; false if it became none.
func imported(r kv.Reader, organization string, key digest) (n name, row digest, found bool, err error) {
	value, err := r.Get(imports, importKey(organization, key))
	if err == nil && value != nil && len(value) != records.IDLen+len(row) {
		err = fmt.Errorf("it has %d bytes", len(value))
	}
	if err != nil {
		return n, row, false, fmt.Errorf("read import %x of organizations/%s: %w", key, organization, err)
	}
	if value == nil {
		return n, row, false, nil
	}
	return name{organization, ulid.ULID(value[:records.IDLen])}, digest(value[records.IDLen:]), true, nil
}

// putImported keeps which record a row of a ledger has become.
func putImported(tx kv.Tx, n name, key, row digest) error {
	if err := tx.Put(imports, importKey(n.organization, key), append(n.id[:], row[:]...)); err != nil {
		return fmt.Errorf("store import %x of %s: %w", key, n, err)
	}
	return nil
}

// scanImports walks the records that rows of ledgers have become.
func scanImports(r kv.Reader) iter.Seq2[name, error] {
	return func(yield func(name, error) bool) {
		for pair, err := range r.Scan(imports, kv.Range{}) {
			var n name
			if err == nil {
				organization, key, ok := bytes.Cut(pair.Key, []byte{0})
				if !ok || len(key) != sha256.Size || len(pair.Value) != records.IDLen+sha256.Size {
					err = fmt.Errorf("import %x is garbled", pair.Key)
				} else {
					n = name{string(organization), ulid.ULID(pair.Value[:records.IDLen])}
				}
			}
			if !yield(n, err) || err != nil {
				return
			}
		}
	}
}

// getRevision reads the bytes of one revision, nil if there is none.
func getRevision(r kv.Reader, n name, revision int64) ([]byte, error) {
	value, err := r.Get(revisions, records.RevisionKey(n.organization, n.id, revision))
	if err != nil {
		return nil, fmt.Errorf("read %s, revision %d: %w", n, revision, err)
	}
	return value, nil
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
