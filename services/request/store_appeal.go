package request

import (
	"bytes"
	"fmt"
	"iter"
	"strings"

	logv1 "gongkai/proto/gongkai/log/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/records"

	"github.com/oklog/ulid/v2"
	"google.golang.org/protobuf/proto"
)

// What is stored of appeals. Numbers are big-endian; an organisation's id ends with a zero byte.
//
//	bucket          key                                                        value
//	appeals         organisation ‖ 0 ‖ ULID 16                                 store.v1.StoredAppeal, the last revision
//	appeals.request organisation ‖ 0 ‖ ULID of the request 16 ‖ ULID 16        none: the appeals over a request
var (
	appeals   = kv.Bucket{Name: "appeals"}
	appealsOf = kv.Bucket{Name: "appeals.request"}
)

// appeal is an appeal as it was loaded, or is about to be made.
type appeal struct {
	name
	appeal   *requestv1.Appeal
	revision int64         // in the store; 0: none yet
	facts    []*logv1.Fact // as stored
	due      uint32        // in the index of due dates, as stored
}

const appealsInfix = "/appeals/"

func appealName(organization string, id ulid.ULID) string {
	return "organizations/" + organization + appealsInfix + id.String()
}

func parseAppeal(s string) (n name, ok bool) {
	rest, isName := strings.CutPrefix(s, "organizations/")
	organization, id, isAppeal := strings.Cut(rest, appealsInfix)
	parsed, err := ulid.ParseStrict(id)
	return name{organization, parsed}, isName && isAppeal && err == nil && organization != "" && appealName(organization, parsed) == s
}

func loadAppeal(r kv.Reader, n name) (*appeal, error) {
	value, err := r.Get(appeals, records.Key(n.organization, n.id))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", appealName(n.organization, n.id), err)
	}
	if value == nil {
		return nil, fault.NotFound(appealName(n.organization, n.id))
	}
	return decodeAppeal(n, value)
}

func decodeAppeal(n name, value []byte) (*appeal, error) {
	stored := new(storev1.StoredAppeal)
	if err := proto.Unmarshal(value, stored); err != nil {
		return nil, fmt.Errorf("decode %s: %w", appealName(n.organization, n.id), err)
	}
	a := stored.GetAppeal()
	if a == nil {
		return nil, fmt.Errorf("decode %s: it is empty", appealName(n.organization, n.id))
	}
	a.Etag = etag(stored.GetRevision())
	return &appeal{name: n, appeal: a, revision: stored.GetRevision(), facts: appealFacts(n.organization, a), due: stored.GetDue()}, nil
}

func (s *Server) reloadAppeal(r kv.Reader, text string) (*requestv1.Appeal, error) {
	n, ok := parseAppeal(text)
	if !ok {
		return nil, fault.NotFound(text)
	}
	found, err := loadAppeal(r, n)
	if err != nil {
		return nil, err
	}
	return s.showAppeal(r, found)
}

// savedAppeal saves an appeal, and returns it as it is answered.
func (s *Server) savedAppeal(tx kv.Tx, a *appeal, e event) (*requestv1.Appeal, error) {
	if err := s.saveAppeal(tx, a, e); err != nil {
		return nil, err
	}
	return s.showAppeal(tx, a)
}

// saveAppeal stores the next revision of an appeal, and appends the event to the log.
func (s *Server) saveAppeal(tx kv.Tx, a *appeal, e event) error {
	revision := a.revision + 1
	day, err := s.dateAppeal(tx, a)
	if err != nil {
		return err
	}
	a.appeal.Etag = ""
	value, err := proto.MarshalOptions{Deterministic: true}.Marshal(&storev1.StoredAppeal{Appeal: a.appeal, Revision: revision, Due: day})
	if err != nil {
		return fmt.Errorf("encode %s: %w", a.appeal.GetName(), err)
	}
	a.appeal.Etag = etag(revision)
	if err := moveDue(tx, a.name, a.due, day, dueAppeal); err != nil {
		return err
	}
	if err := tx.Put(appeals, records.Key(a.organization, a.id), value); err != nil {
		return fmt.Errorf("store %s: %w", a.appeal.GetName(), err)
	}
	if request, ok := parseName(a.appeal.GetInformationRequest()); ok && a.revision == 0 {
		if err := tx.Put(appealsOf, append(records.Key(request.organization, request.id), a.id[:]...), nil); err != nil {
			return fmt.Errorf("index %s: %w", a.appeal.GetName(), err)
		}
	}
	entry := e.plain(a.appeal.GetName(), revision)
	entry.Before, entry.After = a.facts, appealFacts(a.organization, a.appeal)
	const public = false
	return s.log.Append(tx, entry, e.salt, public)
}

// scanAppeals walks the appeals of an organisation after one of them, by id; those of all organisations if none is named.
func scanAppeals(r kv.Reader, organization string, after []byte) iter.Seq2[*appeal, error] {
	within := kv.Range{}
	if organization != "" {
		within = kv.Prefix(records.OrganizationKey(organization))
	}
	if after != nil {
		within.From = append(append(records.OrganizationKey(organization), after...), 0)
	}
	return func(yield func(*appeal, error) bool) {
		for pair, err := range r.Scan(appeals, within) {
			var found *appeal
			if err == nil {
				of, id, _ := bytes.Cut(pair.Key, []byte{0})
				if len(id) == records.IDLen {
					found, err = decodeAppeal(name{string(of), ulid.ULID(id)}, pair.Value)
				} else {
					err = fmt.Errorf("appeal key %x is garbled", pair.Key)
				}
			}
			if !yield(found, err) || err != nil {
				return
			}
		}
	}
}

// scanAppealsOf visits the appeals over a request.
func scanAppealsOf(r kv.Reader, request name, visit func(*appeal)) error {
	var ids []ulid.ULID
	prefix := records.Key(request.organization, request.id)
	for pair, err := range r.Scan(appealsOf, kv.Prefix(prefix)) {
		if err != nil {
			return fmt.Errorf("find appeals over %s: %w", request, err)
		}
		if len(pair.Key) != len(prefix)+records.IDLen {
			return fmt.Errorf("appeal key %x is garbled", pair.Key)
		}
		ids = append(ids, ulid.ULID(pair.Key[len(prefix):]))
	}
	for _, id := range ids {
		found, err := loadAppeal(r, name{request.organization, id})
		if err != nil {
			return err
		}
		visit(found)
	}
	return nil
}

// appeals compares the appeals with the log, and with the index by request. Only the last revision is kept.
func (c *checker) appeals() error {
	found := make(map[string]bool)
	for a, err := range scanAppeals(c.reader, "", nil) {
		if err != nil {
			return err
		}
		c.Stored(a.appeal.GetName(), a.revision, a.facts)
		if a.due != 0 {
			c.dues[string(dueKey(a.organization, a.due, a.id))] = true
		}
		if a.due != 0 && a.appeal.GetState() == requestv1.AppealState_APPEAL_STATE_CONCLUDED {
			c.Differs("%s is concluded, but has a due date", a.appeal.GetName())
		}
		if n, ok := parseName(a.appeal.GetInformationRequest()); ok {
			found[string(append(records.Key(n.organization, n.id), a.id[:]...))] = true
		}
	}
	return c.Index(c.reader, appealsOf, found)
}
