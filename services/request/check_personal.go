package request

import (
	"bytes"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/records"
	"gongkai/services/chassis/vault"

	"github.com/oklog/ulid/v2"
)

// kept is by what a request with personal data should be found.
type kept map[byte]bool

// keeps notes a request that has personal data. They need not be read for that, nor the key file be there.
func (c *checker) keeps(r *record) {
	if r.request().GetPersonalDataState() != requestv1.PersonalDataState_PERSONAL_DATA_STATE_KEPT {
		return
	}
	given := make(map[string]bool)
	for _, f := range r.stored.GetSealed() {
		given[f.GetField()] = true
	}
	found := kept{}
	if given[personal+"document_number"] || given[personal+"applicant_name"] && given[personal+"contact"] {
		found[sameApplicant] = true
	}
	if given[personal+"description"] {
		found[sameContent] = true
	}
	c.kept[r.name] = found
}

// reads compares the reads of personal data with the log.
func (c *checker) reads() error {
	for read, err := range scanReads(c.reader, name{}, nil) {
		if err != nil {
			return err
		}
		c.Stored(read.GetName(), 1, nil)
	}
	return nil
}

// keys compares the data keys with the requests that have personal data.
func (c *checker) keys() error {
	missing := make(map[name]bool)
	for n := range c.kept {
		missing[n] = true
	}
	for pair, err := range c.reader.Scan(keys, kv.Range{}) {
		if err != nil {
			return err
		}
		organization, id, _ := bytes.Cut(pair.Key, []byte{0})
		if len(id) != records.IDLen {
			c.Differs("the data key %x is garbled", pair.Key)
			continue
		}
		n := name{string(organization), ulid.ULID(id)}
		if !missing[n] {
			c.Differs("%s has a data key, but no personal data", n)
		}
		delete(missing, n)
	}
	for n := range missing {
		c.Differs("%s has personal data, but no data key", n)
	}
	return nil
}

// alike compares the blind indexes with the requests that have personal data. A text that is all punctuation has none.
func (c *checker) alike() error {
	const tail = 1 + vault.IndexLen + 4 + records.IDLen
	for pair, err := range c.reader.Scan(alike, kv.Range{}) {
		if err != nil {
			return err
		}
		organization, rest, _ := bytes.Cut(pair.Key, []byte{0})
		if len(rest) != tail {
			c.Differs("the applicant key %x is garbled", pair.Key)
			continue
		}
		n := name{string(organization), ulid.ULID(rest[tail-records.IDLen:])}
		if !c.kept[n][rest[0]] {
			c.Differs("%s is found by personal data that it does not have", n)
		}
	}
	return nil
}
