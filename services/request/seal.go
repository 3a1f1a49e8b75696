package request

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	requestv1 "gongkai/proto/gongkai/request/v1"
	storev1 "gongkai/proto/gongkai/store/v1"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/vault"

	"google.golang.org/protobuf/proto"
)

// text is a field of the personal data.
type text struct {
	field string // in a sealed field, after personal_data.
	at    func(*requestv1.PersonalData) *string
	mask  func(string) string
}

// texts are the fields that are sealed, in the order of the message.
func texts() [6]text {
	return [...]text{
		{"applicant_name", func(d *requestv1.PersonalData) *string { return &d.ApplicantName }, maskName},
		{"document_number", func(d *requestv1.PersonalData) *string { return &d.DocumentNumber }, maskNumber},
		{"contact", func(d *requestv1.PersonalData) *string { return &d.Contact }, maskNumber},
		{"address", func(d *requestv1.PersonalData) *string { return &d.Address }, maskAll},
		{"description", func(d *requestv1.PersonalData) *string { return &d.Description }, maskAll},
		{"wanted_form", func(d *requestv1.PersonalData) *string { return &d.WantedForm }, maskAll},
	}
}

const personal = "personal_data."

// sealed puts personal data into a record that is to be stored, each field sealed under a data key of the request's
// own. It returns that key, wrapped, and the keys under which the request is found by them; nil if there are none.
func (s *Server) sealed(r *record, given *requestv1.PersonalData) (wrapped []byte, same [][]byte, err error) {
	if given == nil || proto.Size(given) == 0 {
		return nil, nil, nil
	}
	key, wrapped, err := s.vault.NewKey(r.String())
	if err != nil {
		return nil, nil, err
	}
	for _, t := range texts() {
		plain := *t.at(given)
		if plain == "" {
			continue
		}
		sealed, err := key.Seal(personal+t.field, plain)
		if err != nil {
			return nil, nil, err
		}
		r.stored.Sealed = append(r.stored.Sealed, &storev1.SealedField{Field: personal + t.field, Sealed: sealed})
	}
	q := r.request()
	q.PersonalData = &requestv1.PersonalData{Document: given.GetDocument()}
	q.PersonalDataState = requestv1.PersonalDataState_PERSONAL_DATA_STATE_KEPT
	same, err = s.sameKeys(r.name, placedOn(q), given)
	return wrapped, same, err
}

// sealText seals a further text of a request, under its data key; one that has none yet gets one.
func (s *Server) sealText(c *call, field, plain string) error {
	key, err := s.keyOf(c)
	if err != nil {
		return err
	}
	sealed, err := key.Seal(field, plain)
	if err != nil {
		return err
	}
	c.stored.Sealed = slices.DeleteFunc(c.stored.GetSealed(), func(f *storev1.SealedField) bool { return f.GetField() == field })
	c.stored.Sealed = append(c.stored.GetSealed(), &storev1.SealedField{Field: field, Sealed: sealed})
	return nil
}

// keyOf is the data key of a request, which is made if there is none.
func (s *Server) keyOf(c *call) (vault.Key, error) {
	q := c.request()
	if q.GetPersonalDataState() == requestv1.PersonalDataState_PERSONAL_DATA_STATE_KEPT {
		wrapped, err := getKey(c.tx, c.name)
		if err != nil {
			return vault.Key{}, err
		}
		key, err := s.vault.Unwrap(c.String(), wrapped)
		return key, unreadable(err)
	}
	key, wrapped, err := s.vault.NewKey(c.String())
	if err != nil {
		return vault.Key{}, err
	}
	q.PersonalDataState = requestv1.PersonalDataState_PERSONAL_DATA_STATE_KEPT
	return key, putKey(c.tx, c.name, wrapped)
}

// redescribe replaces the description of the information wanted, as a correction does.
func (s *Server) redescribe(c *call, description string) error {
	on := placedOn(c.request())
	data, err := s.dataOf(c)
	if err != nil {
		return err
	}
	if err := s.dropSame(c.tx, c.record, data); err != nil {
		return err
	}
	data.Description = description
	same, err := s.sameKeys(c.name, on, data)
	if err != nil {
		return err
	}
	if err := putSame(c.tx, same); err != nil {
		return err
	}
	return s.sealText(c, personal+"description", description)
}

// dataOf are the personal data of a request in clear; empty if it has none.
func (s *Server) dataOf(c *call) (*requestv1.PersonalData, error) {
	if c.request().GetPersonalDataState() != requestv1.PersonalDataState_PERSONAL_DATA_STATE_KEPT {
		return &requestv1.PersonalData{}, nil
	}
	data, err := s.open(c.tx, c.record)
	if err != nil {
		return nil, unreadable(err)
	}
	return data, nil
}

// open gives back the personal data of a request in clear. The error wraps [vault.ErrUnreadable] if this server's key
// file is not the one that they were sealed with.
func (s *Server) open(r kv.Reader, q *record) (*requestv1.PersonalData, error) {
	wrapped, err := getKey(r, q.name)
	if err != nil {
		return nil, err
	}
	key, err := s.vault.Unwrap(q.String(), wrapped)
	if err != nil {
		return nil, err
	}
	data := &requestv1.PersonalData{Document: q.request().GetPersonalData().GetDocument()}
	for _, t := range texts() {
		for _, f := range q.stored.GetSealed() {
			if f.GetField() != personal+t.field {
				continue
			}
			if *t.at(data), err = key.Read(f.GetField(), f.GetSealed()); err != nil {
				return nil, fmt.Errorf("open personal data of %s: %w", q.name, err)
			}
		}
	}
	return data, nil
}

// show makes a request into what is answered: its personal data masked. The record cannot be saved after that.
func (s *Server) show(r kv.Reader, q *record) (*requestv1.InformationRequest, error) {
	shown := q.request()
	if shown.GetPersonalDataState() != requestv1.PersonalDataState_PERSONAL_DATA_STATE_KEPT {
		return shown, nil
	}
	data, err := s.open(r, q)
	switch {
	case errors.Is(err, vault.ErrUnreadable):
		shown.PersonalData, shown.PersonalDataState = nil, requestv1.PersonalDataState_PERSONAL_DATA_STATE_UNREADABLE
		return shown, nil
	case err != nil:
		return nil, err
	}
	shown.PersonalData = mask(data)
	for _, f := range q.stored.GetSealed() {
		if place, ok := notePlace(f.GetField()); ok && place < len(shown.GetSteps()) {
			shown.Steps[place].Note = "***"
		}
	}
	return shown, nil
}

// mask is personal data as they are answered.
func mask(data *requestv1.PersonalData) *requestv1.PersonalData {
	masked := &requestv1.PersonalData{Document: data.GetDocument()}
	for _, t := range texts() {
		*t.at(masked) = t.mask(*t.at(data))
	}
	return masked
}

// maskName shows the first character, as 张**.
func maskName(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 || size == len(s) {
		return maskAll(s)
	}
	return string(first) + maskAll(s[size:])
}

// maskNumber shows the last four characters of what has more than eight.
func maskNumber(s string) string {
	runes := []rune(s)
	if len(runes) <= 8 {
		return maskAll(s)
	}
	return maskAll(s) + string(runes[len(runes)-4:])
}

// maskAll shows that there is something.
func maskAll(s string) string { return strings.Repeat("*", min(3, utf8.RuneCountInString(s))) }
