package request

import (
	"context"
	"encoding/binary"
	"flag"
	"fmt"
	"iter"
	"path/filepath"
	"testing"
	"time"

	requestv1 "gongkai/proto/gongkai/request/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/kv/bolt"
	"gongkai/services/chassis/records"
	"gongkai/services/chassis/vault"
	"gongkai/services/law/workday"

	"github.com/oklog/ulid/v2"
	"google.golang.org/protobuf/proto"
)

// cityRequests is a million in the whole run.
var cityRequests = flag.Int("city", 10_000, "requests of the city in BenchmarkDuties; 1000000 is the whole run")

// A city has so many townships, and so many of its requests are open.
const (
	cityTownships = 40
	cityOpen      = 2_000
)

// reading counts the keys that are read of a store.
type reading struct {
	kv.Reader
	keys int
}

func (r *reading) Get(b kv.Bucket, key []byte) ([]byte, error) {
	r.keys++
	return r.Reader.Get(b, key)
}

func (r *reading) Scan(b kv.Bucket, within kv.Range) iter.Seq2[kv.Pair, error] {
	return func(yield func(kv.Pair, error) bool) {
		for pair, err := range r.Reader.Scan(b, within) {
			r.keys++
			if !yield(pair, err) {
				return
			}
		}
	}
}

// city is a store on disk with a city's requests: every so manieth is open, and has personal data.
func city(b *testing.B, s *Server, total int) *kv.DB {
	b.Helper()
	engine, err := bolt.Open(filepath.Join(b.TempDir(), "request.db"))
	if err != nil {
		b.Fatal(err)
	}
	db, err := kv.Open(engine, kv.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	each, every := total/cityTownships, total/cityOpen
	for t := range cityTownships {
		err := db.Update(context.Background(), func(tx kv.Tx) error {
			for i := range each {
				var id ulid.ULID
				binary.BigEndian.PutUint64(id[:], uint64(i))
				if err := s.putCity(tx, name{fmt.Sprintf("652701%03d", 201+t), id}, i, i%every == 0); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return db
}

func (s *Server) putCity(tx kv.Tx, n name, i int, open bool) error {
	received := workday.Date{Year: 2021, Month: time.June, Day: 1 + i%20}
	q := &requestv1.InformationRequest{
		Name: n.String(), ApplicantKind: 1, Channel: 1, ReceivedOn: toProto(received), State: requestv1.RequestState_REQUEST_STATE_CONCLUDED,
		ReceiptNumber: fmt.Sprintf("%s/2021-%05d", n.organization, i+1), Outcome: "granted", AnsweredOn: toProto(received), CountedOutcome: "granted", CountedOn: toProto(received),
	}
	r := &record{name: n, stored: &storev1.StoredInformationRequest{InformationRequest: q, Revision: 1, Facts: 1}}
	if open {
		q.State, q.Outcome, q.AnsweredOn, q.CountedOutcome, q.CountedOn = requestv1.RequestState_REQUEST_STATE_OPEN, "", nil, "", nil
		wrapped, _, err := s.sealed(r, &requestv1.PersonalData{ApplicantName: "示例甲乙", DocumentNumber: "65270119900101123X", Contact: "13900001234", Description: "示例：2018年土地征收批文"})
		if err != nil {
			return err
		}
		if r.stored.Due, err = s.date(q, workday.Date{Year: 2021, Month: time.June, Day: 28}); err != nil {
			return err
		}
		if err := putKey(tx, n, wrapped); err != nil {
			return err
		}
		if err := tx.Put(dues, dueKey(n.organization, r.stored.GetDue(), n.id), nil); err != nil {
			return err
		}
	}
	value, err := proto.Marshal(r.stored)
	if err != nil {
		return err
	}
	return tx.Put(revisions, records.RevisionKey(n.organization, n.id, 1), value)
}

// BenchmarkDuties lists the duties of a city over all its townships, from a store on disk: the first page of 50 as clerks
// open it, and all that is open. The keys read follow what is open. The yardstick of a page is 5 ms.
func BenchmarkDuties(b *testing.B) {
	content, err := vault.Generate()
	if err != nil {
		b.Fatal(err)
	}
	v, err := vault.New(content)
	if err != nil {
		b.Fatal(err)
	}
	days, err := workday.Official()
	if err != nil {
		b.Fatal(err)
	}
	s := &Server{vault: v, days: days}
	db := city(b, s, *cityRequests)
	for what, size := range map[string]int{"page": usualPage, "all": cityOpen} {
		b.Run(what, func(b *testing.B) {
			keys := 0
			for b.Loop() {
				err := db.View(b.Context(), func(r kv.Reader) error {
					counting := &reading{Reader: r}
					organizations, err := withDuties(counting)
					if err != nil {
						return err
					}
					l := dutyList{server: s, today: workday.Date{Year: 2021, Month: time.June, Day: 28}, size: size}
					if err := l.read(counting, organizations); err != nil {
						return err
					}
					if len(organizations) != cityTownships || len(l.found) != size {
						b.Fatalf("%d duties of %d townships", len(l.found), len(organizations))
					}
					keys = counting.keys
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(keys), "keys")
			if most := cityTownships + 1 + 3*(size+1); keys > most {
				b.Errorf("%d keys were read, more than %d", keys, most)
			}
		})
	}
}
