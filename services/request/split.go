package request

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"unicode/utf8"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/fault"
	"gongkai/services/chassis/kv"
	"gongkai/services/chassis/server"
	"gongkai/services/law"

	"github.com/oklog/ulid/v2"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// Reasons for which a request is not split, with the values that their texts name.
const (
	SplitUnderWay   law.Reason = "SPLIT_UNDER_WAY"    // something was done to it already
	ItemsDoNotCover law.Reason = "ITEMS_DO_NOT_COVER" // clause, clauses
)

// SplitRequest makes a request of each of its items (our reading of the smallest reasonable unit, Measures on
// Information Processing Fees art. 4). Errors: NOT_FOUND, ABORTED (old etag), FAILED_PRECONDITION with the broken rule.
func (s *Server) SplitRequest(ctx context.Context, in *requestv1.SplitRequestRequest) (*requestv1.SplitRequestResponse, error) {
	n, ok := parseName(in.GetName())
	if !ok {
		return nil, fault.NotFound(in.GetName())
	}
	at := s.stamp(ctx)
	ids := make([]ulid.ULID, len(in.GetDescriptions()))
	for i := range ids {
		var err error
		if ids[i], err = ulid.New(ulid.Timestamp(at.At), s.entropy); err != nil {
			return nil, fmt.Errorf("draw an id: %w", err)
		}
	}
	made, err := server.WriteAll(ctx, s.db, at, in, s.reload, func(tx kv.Tx) ([]*requestv1.InformationRequest, error) {
		r, err := load(tx, n)
		if err != nil {
			return nil, err
		}
		q := r.request()
		if err := server.MatchEtag(q, q.GetEtag(), in.GetEtag()); err != nil {
			return nil, err
		}
		if err := checkOpen(q); err != nil {
			return nil, err
		}
		broken := law.Under(law.Citation{Act: law.Fees2020, Article: "4"})
		broken.If(len(q.GetSteps()) > 0 || q.GetSplitFrom() != "", SplitUnderWay, "")
		if err := broken.Err(); err != nil {
			return nil, err
		}
		return s.split(tx, r, ids, in, at)
	})
	if err != nil {
		return nil, err
	}
	return &requestv1.SplitRequestResponse{InformationRequests: made}, nil
}

// split ends a request as such, and enters its items.
func (s *Server) split(tx kv.Tx, r *record, ids []ulid.ULID, in *requestv1.SplitRequestRequest, at server.Stamp) ([]*requestv1.InformationRequest, error) {
	q, descriptions := r.request(), in.GetDescriptions()
	data := &requestv1.PersonalData{}
	if q.GetPersonalDataState() == requestv1.PersonalDataState_PERSONAL_DATA_STATE_KEPT {
		var err error
		if data, err = s.open(tx, r); err != nil {
			return nil, unreadable(err)
		}
	}
	if clause, clauses := uncovered(data.GetDescription(), descriptions); clause > 0 && !in.GetStatedComplete() {
		broken := law.Under(law.Citation{Act: law.Fees2020, Article: "4"})
		broken.If(true, ItemsDoNotCover, "descriptions", "clause", strconv.Itoa(clause), "clauses", strconv.Itoa(clauses))
		return nil, broken.Err()
	}
	q.State, q.UpdateTime = requestv1.RequestState_REQUEST_STATE_SPLIT, timestamppb.New(at.At)
	received := civil(q.GetReceivedOn())
	whole, err := s.saved(tx, r, newEvent("request.split", received, at))
	if err != nil {
		return nil, err
	}
	all := []*requestv1.InformationRequest{whole}
	for i, id := range ids {
		item := entered(name{r.organization, id}, q, at)
		item.request().SplitFrom = q.GetName()
		own := proto.CloneOf(data)
		own.Description = descriptions[i]
		wrapped, same, err := s.sealed(item, own)
		if err != nil {
			return nil, err
		}
		if err := s.enter(tx, item, wrapped, same, newEvent("request.item_received", received, at)); err != nil {
			return nil, err
		}
		shown, err := s.show(tx, item)
		if err != nil {
			return nil, err
		}
		all = append(all, shown)
	}
	return all, nil
}

// uncovered is the first clause of a description, counted from 1, that no item takes up, of how many; 0 if there is none.
// Our reading: a clause is taken up if any two characters that stand side by side in it do so in an item; clauses of fewer
// than four characters say nothing by themselves.
func uncovered(description string, items []string) (clause, clauses int) {
	const shortest = 4
	taken := make(map[string]bool)
	for _, item := range items {
		maps.Copy(taken, pairsOf(normal(item)))
	}
	for _, text := range strings.FieldsFunc(description, func(r rune) bool { return strings.ContainsRune("，。；、！？：,;!?:\n", r) }) {
		text = normal(text)
		if utf8.RuneCountInString(text) < shortest {
			continue
		}
		clauses++
		found := false
		for pair := range pairsOf(text) {
			found = found || taken[pair]
		}
		if !found && clause == 0 {
			clause = clauses
		}
	}
	return clause, clauses
}

// pairsOf are the pairs of characters that stand side by side in a text.
func pairsOf(text string) map[string]bool {
	pairs := make(map[string]bool)
	runes := []rune(text)
	for i := 1; i < len(runes); i++ {
		pairs[string(runes[i-1:i+1])] = true
	}
	return pairs
}
