package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gongkai/services/chassis/eventlog"
	"gongkai/services/chassis/kv"

	storev1 "gongkai/proto/gongkai/store/v1"

	"google.golang.org/protobuf/proto"
)

// Check compares every stored report and revision, and what is kept beside them, with the hash in its log entry, both
// ways. It returns the differences in words; none means equal.
func Check(r kv.Reader, log *eventlog.Log) ([]string, error) {
	hashes, beside, err := hashesOf(r, log)
	if err != nil {
		return nil, err
	}
	found, err := checkBeside(r, beside)
	if err != nil {
		return nil, err
	}
	latest := make(map[string][]byte) // by key of the report
	for pair, err := range r.Scan(revisions, kv.Range{}) {
		if err != nil {
			return nil, fmt.Errorf("read revisions: %w", err)
		}
		var stored storev1.StoredReport
		if err := proto.Unmarshal(pair.Value, &stored); err != nil {
			return nil, fmt.Errorf("decode revision: %w", err)
		}
		id := revision{stored.GetReport().GetName(), int64(binary.BigEndian.Uint64(pair.Key[len(pair.Key)-8:]))}
		hash := sha256.Sum256(pair.Value)
		switch want, ok := hashes[id]; {
		case !ok:
			found = append(found, fmt.Sprintf("%s revision %d is not in the log", id.resource, id.number))
		case !bytes.Equal(want, hash[:]):
			found = append(found, fmt.Sprintf("%s revision %d is not what the log says", id.resource, id.number))
		}
		delete(hashes, id)
		latest[string(pair.Key[:len(pair.Key)-8])] = bytes.Clone(pair.Value)
	}
	for id := range hashes {
		found = append(found, fmt.Sprintf("%s revision %d is in the log, but not stored", id.resource, id.number))
	}
	withCopies := make(map[string]bool)
	for pair, err := range r.Scan(reports, kv.Range{}) {
		if err != nil {
			return nil, fmt.Errorf("read reports: %w", err)
		}
		n, _, err := splitKey(pair.Key)
		if err != nil {
			return nil, fmt.Errorf("read reports: %w", err)
		}
		var stored storev1.StoredReport
		if err := proto.Unmarshal(pair.Value, &stored); err != nil {
			return nil, fmt.Errorf("decode %s: %w", n, err)
		}
		wrong, err := checkCopies(r, n, stored.GetReport(), withCopies)
		if err != nil {
			return nil, err
		}
		found = append(found, wrong...)
		if !bytes.Equal(latest[string(pair.Key)], pair.Value) {
			found = append(found, fmt.Sprintf("report %q is not its latest revision", pair.Key))
		}
		delete(latest, string(pair.Key))
	}
	for key := range latest {
		found = append(found, fmt.Sprintf("report %q has revisions, but is not stored", key))
	}
	stray, err := strayCopies(r, withCopies)
	return append(found, stray...), err
}

type revision struct {
	resource string
	number   int64
}

// besides are the buckets of what is kept beside the reports, by the kind of their entries.
var besides = map[string]kv.Bucket{given: givens, dueSet: dueSettings}

// checkBeside compares what is kept beside the reports with the last hash that the log has of it: by kind of entry, then
// by resource. Entries of the first release have none.
func checkBeside(r kv.Reader, hashes map[string]map[string][]byte) ([]string, error) {
	var found []string
	for _, kind := range slices.Sorted(maps.Keys(besides)) {
		stored := make(map[string]bool)
		for pair, err := range r.Scan(besides[kind], kv.Range{}) {
			if err != nil {
				return nil, fmt.Errorf("read %s: %w", besides[kind].Name, err)
			}
			n, _, err := splitKey(pair.Key)
			if err != nil {
				return nil, fmt.Errorf("read %s: %w", besides[kind].Name, err)
			}
			want, logged := hashes[kind][n.beside(kind)]
			if hash := sha256.Sum256(pair.Value); !logged || len(want) > 0 && !bytes.Equal(want, hash[:]) {
				found = append(found, fmt.Sprintf("%s is not what the log says", n.beside(kind)))
			}
			stored[n.beside(kind)] = true
		}
		for resource := range hashes[kind] {
			if !stored[resource] {
				found = append(found, fmt.Sprintf("%s is in the log, but not stored", resource))
			}
		}
	}
	return found, nil
}

// beside is the name of what is kept beside a report.
func (n reportName) beside(kind string) string {
	collection, _, _ := strings.Cut(kind, ".")
	return "organizations/" + string(n.organization) + "/" + collection + "/" + n.period.String()
}

// hashesOf are the hashes of the report log, of revisions of reports and, the last of each, of what is beside them.
func hashesOf(r kv.Reader, log *eventlog.Log) (map[revision][]byte, map[string]map[string][]byte, error) {
	size, err := log.Size(r)
	if err != nil {
		return nil, nil, err
	}
	hashes, beside := make(map[revision][]byte), make(map[string]map[string][]byte)
	for kind := range besides {
		beside[kind] = make(map[string][]byte)
	}
	const page = 1000
	for start := int64(0); start < size; start += page {
		entries, err := log.Entries(r, start, page)
		if err != nil {
			return nil, nil, err
		}
		for _, stored := range entries {
			e, err := stored.Entry()
			if err != nil {
				return nil, nil, fmt.Errorf("entry %d of %s: %w", stored.Index, log.Name(), err)
			}
			if last, ok := beside[e.GetKind()]; ok {
				last[e.GetResource()] = e.GetContentSha256()
			} else if e.GetKind() != rebuilt { // which is about no report
				hashes[revision{e.GetResource(), e.GetRevision()}] = e.GetContentSha256()
			}
		}
	}
	return hashes, beside, nil
}
