package disclosure

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"iter"
	"strconv"
	"strings"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
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
	serials   = kv.Bucket{Name: "disclosures.serials"}
	imports   = kv.Bucket{Name: "disclosures.imports"}
	answers   = kv.Bucket{Name: "disclosures.requests"}
)

const (
	ulidLen   = len(ulid.ULID{})
	cursorLen = 4 + ulidLen // what follows the organisation in a key of the index
)

func organizationKey(organization string) []byte {
	return append(append(make([]byte, 0, 64), organization...), 0)
}

func recordKey(organization string, id ulid.ULID) []byte {
	return append(organizationKey(organization), id[:]...)
}

func revisionKey(organization string, id ulid.ULID, revision int64) []byte {
	return binary.BigEndian.AppendUint64(recordKey(organization, id), uint64(revision))
}

func indexKey(organization string, order uint32, id ulid.ULID) []byte {
	return append(binary.BigEndian.AppendUint32(organizationKey(organization), order), id[:]...)
}

func serialKey(organization string, year int) []byte {
	return binary.BigEndian.AppendUint16(organizationKey(organization), uint16(year))
}

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
	within := kv.Prefix(recordKey(n.organization, n.id))
	within.Reverse = true
	for pair, err := range r.Scan(revisions, within) {
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", n, err)
		}
		return decode(n, pair.Value)
	}
	return nil, fault.NotFound(n.String())
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
	if err := tx.Put(revisions, revisionKey(r.organization, r.id, r.stored.GetRevision()), value); err != nil {
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
		if err := tx.Delete(index, indexKey(r.organization, r.order, r.id)); err != nil {
			return err
		}
	}
	return tx.Put(index, indexKey(r.organization, place, r.id), nil)
}

// drawIndexNumber takes the next index number of an organisation and year of publication.
func drawIndexNumber(tx kv.Tx, organization string, year int) (string, error) {
	last, err := lastSerial(tx, organization, year)
	if err != nil {
		return "", err
	}
	next := binary.BigEndian.AppendUint64(nil, last+1)
	if err := tx.Put(serials, serialKey(organization, year), next); err != nil {
		return "", fmt.Errorf("store serial of organizations/%s in %d: %w", organization, year, err)
	}
	return fmt.Sprintf("%s/%d-%05d", organization, year, last+1), nil
}

// lastSerial reads a counter; an absent one is 0.
func lastSerial(r kv.Reader, organization string, year int) (uint64, error) {
	value, err := r.Get(serials, serialKey(organization, year))
	if err == nil && value != nil && len(value) != 8 {
		err = fmt.Errorf("it has %d bytes", len(value))
	}
	if err != nil {
		return 0, fmt.Errorf("read serial of organizations/%s in %d: %w", organization, year, err)
	}
	if value == nil {
		return 0, nil
	}
	return binary.BigEndian.Uint64(value), nil
}

// digest is a SHA-256.
type digest [sha256.Size]byte

func importKey(organization string, key digest) []byte {
	return append(organizationKey(organization), key[:]...)
}

// imported reads which record a row of a ledger became, and the digest of the row; false if it became none.
func imported(r kv.Reader, organization string, key digest) (n name, row digest, found bool, err error) {
	value, err := r.Get(imports, importKey(organization, key))
	if err == nil && value != nil && len(value) != ulidLen+len(row) {
		err = fmt.Errorf("it has %d bytes", len(value))
	}
	if err != nil {
		return n, row, false, fmt.Errorf("read import %x of organizations/%s: %w", key, organization, err)
	}
	if value == nil {
		return n, row, false, nil
	}
	return name{organization, ulid.ULID(value[:ulidLen])}, digest(value[ulidLen:]), true, nil
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
				if !ok || len(key) != sha256.Size || len(pair.Value) != ulidLen+sha256.Size {
					err = fmt.Errorf("import %x is garbled", pair.Key)
				} else {
					n = name{string(organization), ulid.ULID(pair.Value[:ulidLen])}
				}
			}
			if !yield(n, err) || err != nil {
				return
			}
		}
	}
}

// entryOf is an index entry.
type entryOf struct {
	name
	cursor []byte // what follows the organisation in its key
}

// scanIndex walks the index from a key on; both limits are what follows the organisation in a key.
func scanIndex(r kv.Reader, organization string, from, to []byte) iter.Seq2[entryOf, error] {
	prefix := organizationKey(organization)
	within := kv.Range{From: append(organizationKey(organization), from...), To: kv.Prefix(prefix).To}
	if to != nil {
		within.To = append(organizationKey(organization), to...)
	}
	return func(yield func(entryOf, error) bool) {
		for pair, err := range r.Scan(index, within) {
			e := entryOf{name: name{organization: organization}}
			if err == nil {
				e.cursor = pair.Key[len(prefix):]
				if len(e.cursor) != cursorLen {
					err = fmt.Errorf("index key %x is garbled", pair.Key)
				} else {
					e.id = ulid.ULID(e.cursor[4:])
				}
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// getRevision reads the bytes of one revision, nil if there is none.
func getRevision(r kv.Reader, n name, revision int64) ([]byte, error) {
	value, err := r.Get(revisions, revisionKey(n.organization, n.id, revision))
	if err != nil {
		return nil, fmt.Errorf("read %s, revision %d: %w", n, revision, err)
	}
	return value, nil
}

// scanRevisions walks every revision of every record, in the order of their keys.
func scanRevisions(r kv.Reader) iter.Seq2[*record, error] {
	return func(yield func(*record, error) bool) {
		for pair, err := range r.Scan(revisions, kv.Range{}) {
			var found *record
			if err == nil {
				found, err = decodePair(pair)
			}
			if !yield(found, err) || err != nil {
				return
			}
		}
	}
}

func decodePair(pair kv.Pair) (*record, error) {
	organization, rest, ok := bytes.Cut(pair.Key, []byte{0})
	if !ok || len(rest) != ulidLen+8 {
		return nil, fmt.Errorf("disclosure key %x is garbled", pair.Key)
	}
	found, err := decode(name{string(organization), ulid.ULID(rest[:ulidLen])}, pair.Value)
	if err == nil && uint64(found.revision) != binary.BigEndian.Uint64(rest[ulidLen:]) {
		err = fmt.Errorf("revision %d of %s is stored under key %x", found.revision, found.name, pair.Key)
	}
	return found, err
}

// scanIndexKeys walks the keys of the whole index.
func scanIndexKeys(r kv.Reader) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for pair, err := range r.Scan(index, kv.Range{}) {
			if !yield(pair.Key, err) || err != nil {
				return
			}
		}
	}
}
