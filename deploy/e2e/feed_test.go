package e2e_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	disclosurev1 "gongkai/proto/gongkai/disclosure/v1"
	logv1 "gongkai/proto/gongkai/log/v1"
	reportv1 "gongkai/proto/gongkai/report/v1"
	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/access"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// outsider follows a log with nothing but the published key and other people's code (golang.org/x/mod/sumdb).
type outsider struct {
	*env
	t      *testing.T
	name   string // logs/{service}
	hashes []tlog.Hash
	tree   tlog.Tree
}

func (o *outsider) read(indexes []int64) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, i := range indexes {
		if i >= int64(len(o.hashes)) {
			return nil, fmt.Errorf("no hash %d", i)
		}
		found = append(found, o.hashes[i])
	}
	return found, nil
}

// add takes the next entry into the outsider's own tree.
func (o *outsider) add(entry *logv1.LogEntry) {
	o.t.Helper()
	if entry.GetIndex() != o.tree.N {
		o.t.Fatalf("entry %d of %s comes at %d", entry.GetIndex(), o.name, o.tree.N)
	}
	stored, err := tlog.StoredHashes(o.tree.N, entry.GetCommitment(), tlog.HashReaderFunc(o.read))
	o.check(err)
	o.hashes = append(o.hashes, stored...)
	o.tree.N++
	o.tree.Hash, err = tlog.TreeHash(o.tree.N, tlog.HashReaderFunc(o.read))
	o.check(err)
}

// checkpoint opens the signed note, with the key that the operator has published beside.
func (o *outsider) checkpoint() tlog.Tree {
	o.t.Helper()
	service := strings.TrimPrefix(o.name, "logs/")
	published, err := os.ReadFile(filepath.Join(o.data, "keys", service+".pub"))
	o.check(err)
	verifier, err := note.NewVerifier(string(published))
	o.check(err)
	text := o.get("/logs/"+service+"/checkpoint", "", nil)
	signed, err := note.Open(text, note.VerifierList(verifier))
	o.check(err)
	lines := strings.Split(signed.Text, "\n")
	if len(lines) != 4 || lines[0] != "transparency.example.gov.cn/"+service {
		o.t.Fatalf("checkpoint %q", signed.Text)
	}
	tree := tlog.Tree{}
	_, err = fmt.Sscan(lines[1], &tree.N)
	o.check(err)
	tree.Hash, err = tlog.ParseHash(lines[2])
	o.check(err)

	said := &logv1.Checkpoint{}
	o.get("/v1/"+o.name+"/checkpoint", "", said)
	if said.GetNote() != string(text) || said.GetVerifierKey() != string(published) || said.GetSize() != tree.N || !bytes.Equal(said.GetRoot(), tree.Hash[:]) {
		o.t.Errorf("REST has another checkpoint than the note: %v", said)
	}
	if rpc := do[*logv1.Checkpoint](o.env, "", &logv1.GetCheckpointRequest{Name: o.name}); !proto.Equal(rpc, said) {
		o.t.Errorf("gRPC has another checkpoint than REST: %v", rpc)
	}
	if _, err := note.Open(bytes.Replace(text, []byte(lines[1]), []byte("9"+lines[1]), 1), note.VerifierList(verifier)); err == nil {
		o.t.Error("a forged note opens as well")
	}
	return tree
}

// entries reads the whole log in small pages, over REST and over gRPC.
func (o *outsider) entries(token string) []*logv1.LogEntry {
	o.t.Helper()
	var all []*logv1.LogEntry
	for {
		page, in := &logv1.ListEntriesResponse{}, &logv1.ListEntriesRequest{Parent: o.name, Start: int64(len(all)), PageSize: 3, Decode: true}
		r, err := transcode(in)
		o.check(err)
		o.get(r.path, token, page)
		if rpc := do[*logv1.ListEntriesResponse](o.env, token, in); !proto.Equal(rpc, page) {
			o.t.Errorf("gRPC has another page than REST: %v, %v", rpc, page)
		}
		all = append(all, page.GetEntries()...)
		if len(page.GetEntries()) == 0 || int64(len(all)) == page.GetSize() {
			return all
		}
	}
}

// opened checks the openings that are given, and returns what they say, by index.
func (o *outsider) opened(entries []*logv1.LogEntry) map[int64]*logv1.Entry {
	o.t.Helper()
	open := map[int64]*logv1.Entry{}
	for _, e := range entries {
		if len(e.GetSalt()) == 0 {
			if len(e.GetPayload()) > 0 || e.GetEntry() != nil {
				o.t.Errorf("entry %d is withheld but for what it says", e.GetIndex())
			}
			continue
		}
		if c := sha256.Sum256(append(bytes.Clone(e.GetSalt()), e.GetPayload()...)); len(e.GetSalt()) != 32 || !bytes.Equal(c[:], e.GetCommitment()) {
			o.t.Errorf("the opening of entry %d of %s does not fit its commitment", e.GetIndex(), o.name)
		}
		said := &logv1.Entry{}
		o.check(proto.Unmarshal(e.GetPayload(), said))
		if !proto.Equal(said, e.GetEntry()) {
			o.t.Errorf("entry %d is decoded as something else", e.GetIndex())
		}
		open[e.GetIndex()] = said
	}
	return open
}

func hashOf(b []byte) (h tlog.Hash) {
	copy(h[:], b)
	return h
}

func proofOf(hashes [][]byte) []tlog.Hash {
	var proof []tlog.Hash
	for _, h := range hashes {
		proof = append(proof, hashOf(h))
	}
	return proof
}

// prove verifies that every entry is in the tree, and that the tree continues each smaller one.
func (o *outsider) prove() {
	o.t.Helper()
	for i := range o.tree.N {
		p := &logv1.InclusionProof{}
		o.get(fmt.Sprintf("/v1/%s/entries/%d:proveInclusion", o.name, i), "", p)
		if p.GetSize() != o.tree.N || hashOf(p.GetRoot()) != o.tree.Hash {
			o.t.Errorf("entry %d is proved for another tree", i)
		}
		leaf := o.hashes[tlog.StoredHashIndex(0, i)]
		if err := tlog.CheckRecord(tlog.RecordProof(proofOf(p.GetHashes())), o.tree.N, o.tree.Hash, i, leaf); err != nil {
			o.t.Errorf("entry %d of %s: %v", i, o.name, err)
		}
	}
	for n := int64(1); n <= o.tree.N; n++ {
		p := do[*logv1.ConsistencyProof](o.env, "", &logv1.ProveConsistencyRequest{Name: o.name, OldSize: n, Size: o.tree.N})
		old, err := tlog.TreeHash(n, tlog.HashReaderFunc(o.read))
		o.check(err)
		if hashOf(p.GetOldRoot()) != old {
			o.t.Errorf("the root at %d is not what was followed", n)
		}
		if err := tlog.CheckTree(tlog.TreeProof(proofOf(p.GetHashes())), o.tree.N, o.tree.Hash, n, old); err != nil {
			o.t.Errorf("%s from %d to %d: %v", o.name, n, o.tree.N, err)
		}
	}
}

// Words of drafts, which nobody but their office may read.
const (
	draftTitle   = "尚未审查的标题"
	draftContent = "尚未审查的正文"
)

// live fills the suite with records of every kind, and returns the names of the drafts.
func (e *env) live() map[string]bool {
	e.t.Helper()
	drafts := map[string]bool{}
	for _, town := range []string{townA, townB} {
		e.publish(town, "other", day(2018, 6, 1))
		e.withdraw(e.publish(town, "other", day(2018, 6, 2)))
		in := draftOf(town)
		in.Disclosure.Title, in.Disclosure.Content = draftTitle, draftContent
		drafts[do[*disclosurev1.Disclosure](e, e.token(access.Clerk, town), in).GetName()] = true
	}
	do[*requestv1.InformationRequest](e, e.root(), &requestv1.CreateInformationRequestRequest{Parent: nameOf(townA), InformationRequest: &requestv1.InformationRequest{
		ApplicantKind: requestv1.ApplicantKind_APPLICANT_KIND_BUSINESS, Channel: requestv1.RequestChannel_REQUEST_CHANNEL_FAX, ReceivedOn: day(2018, 6, 1),
	}})
	do[*reportv1.Report](e, e.root(), &reportv1.CompileReportRequest{
		Parent: nameOf(townC), Period: "2018", Narratives: []*reportv1.Narrative{{Part: "overview", Markdown: draftContent}},
	})
	e.submittedWithRequests(townA)
	e.accept(townA)
	return drafts
}

// submittedWithRequests compiles and submits a report whose requests are counted.
func (e *env) submittedWithRequests(organization string) {
	e.t.Helper()
	e.compile(organization, "fees", "appeals")
	do[*reportv1.Report](e, e.token(access.Clerk, organization), &reportv1.SubmitReportRequest{Name: nameOf(organization) + report2018})
}

// TestOutsider follows every log from outside and verifies it: root, signature, inclusion, consistency, openings.
func TestOutsider(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.enter()
	drafts := e.live()
	for _, name := range sorted(e.sizes()) {
		t.Run(name, func(t *testing.T) {
			o := &outsider{env: e, t: t, name: name}
			signed := o.checkpoint()
			entries := o.entries("")
			for _, entry := range entries {
				o.add(entry)
			}
			if o.tree != signed || o.tree.N == 0 {
				t.Fatalf("the commitments make the tree %v, signed is %v", o.tree, signed)
			}
			o.prove()
			o.openings(entries, drafts)
		})
	}
}

// openings checks who is given which opening.
func (o *outsider) openings(entries []*logv1.LogEntry, drafts map[string]bool) {
	o.t.Helper()
	public := o.opened(entries)
	everything := o.opened(o.entries(o.token(access.Auditor, access.Everywhere)))
	if len(everything) != len(entries) {
		o.t.Errorf("an auditor of everything is given %d openings of %d", len(everything), len(entries))
	}
	city := o.opened(o.entries(o.token(access.Auditor, cityA)))
	for _, role := range []access.Role{access.Clerk, access.Supervisor, access.Administrator} {
		if got := o.opened(o.entries(o.token(role, townA))); len(got) != len(public) {
			o.t.Errorf("a %s is given %d openings, the public %d", role, len(got), len(public))
		}
	}
	for index, entry := range everything {
		_, isPublic := public[index]
		if isPublic != shouldBePublic(entry, drafts) {
			o.t.Errorf("%s of %s is public: %v", entry.GetKind(), entry.GetResource(), isPublic)
		}
		id := strings.Split(entry.GetResource(), "/")[1]
		_, inCity := city[index]
		below := strings.HasPrefix(id, cityA) // in this tree codes tell
		if inCity != (isPublic || below) {
			o.t.Errorf("%s of %s is given to the auditor of %s: %v", entry.GetKind(), entry.GetResource(), cityA, inCity)
		}
	}
	raw := string(o.get("/v1/"+o.name+"/entries?pageSize=1000&decode=true", "", nil))
	for _, e := range entries {
		raw += string(e.GetPayload())
	}
	for _, secret := range []string{draftTitle, draftContent} {
		if strings.Contains(raw, secret) {
			o.t.Errorf("the public reads %q in %s", secret, o.name)
		}
	}
	for name := range drafts {
		if strings.Contains(raw, name) {
			o.t.Errorf("the public learns of the draft %s", name)
		}
	}
}

// shouldBePublic tells of an entry whether everybody may open it: organisations, what was published, accepted
// reports. What was written down before its publication is not among it.
func shouldBePublic(e *logv1.Entry, drafts map[string]bool) bool {
	switch kind, verb, _ := strings.Cut(e.GetKind(), "."); kind {
	case "organization":
		return true
	case "disclosure":
		return verb != "created" && !drafts[e.GetResource()]
	case "report":
		return verb == "accepted"
	}
	return false
}

// TestWatch follows a log as it grows, over both transports, from a size and root that the follower holds.
func TestWatch(t *testing.T) {
	t.Parallel()
	e := start(t)
	e.enter()
	e.publish(townA, "other", day(2018, 6, 1))
	held := &outsider{env: e, t: t, name: "logs/disclosure"}
	for _, entry := range held.entries("") {
		held.add(entry)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	in := &logv1.WatchEntriesRequest{Parent: held.name, Start: held.tree.N, Root: held.tree.Hash[:]}
	stream, err := logv1.NewLogServiceClient(e.tcp).WatchEntries(ctx, in)
	e.check(err)
	r, err := transcode(&logv1.WatchEntriesRequest{Parent: held.name, Start: held.tree.N})
	e.check(err)
	request, err := http.NewRequestWithContext(ctx, r.method, e.url+r.path, nil)
	e.check(err)
	e.publish(townA, "other", day(2018, 6, 2)) // while both are connecting
	response, err := e.http.Do(request)
	e.check(err)
	defer response.Body.Close()
	lines := bufio.NewReader(response.Body)
	overREST := &outsider{env: e, t: t, name: held.name, hashes: append([]tlog.Hash{}, held.hashes...), tree: held.tree}
	e.publish(townA, "other", day(2018, 6, 3))
	end := e.sizes()[held.name]

	for held.tree.N < end {
		m, err := stream.Recv()
		e.check(err)
		held.follow(m)
	}
	for overREST.tree.N < end {
		line, err := lines.ReadBytes('\n')
		e.check(err)
		var wrapped struct{ Result json.RawMessage }
		e.check(json.Unmarshal(line, &wrapped))
		m := &logv1.WatchEntriesResponse{}
		e.check(protojson.Unmarshal(wrapped.Result, m))
		overREST.follow(m)
	}
	if held.tree != overREST.tree || held.tree != held.checkpoint() {
		t.Errorf("followed over gRPC to %v, over REST to %v", held.tree, overREST.tree)
	}
}

// follow takes a message of a watch, which must lead to the root that the outsider computes itself.
func (o *outsider) follow(m *logv1.WatchEntriesResponse) {
	o.t.Helper()
	for _, entry := range m.GetEntries() {
		o.add(entry)
	}
	if m.GetSize() != o.tree.N || hashOf(m.GetRoot()) != o.tree.Hash {
		o.t.Fatalf("the message leads to %d %x, its entries to %v", m.GetSize(), m.GetRoot(), o.tree)
	}
}
