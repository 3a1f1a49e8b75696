package check

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"unicode"

	"gongkai/services/law/form"
	"gongkai/services/law/organ"
)

// soft looks for what is unusual.
func (r *run) soft() {
	r.jumps()
	r.zeroAmongBusy()
	r.alike()
	r.stateSecret()
	r.oneDay()
}

// Bounds of what is unusual, all our reading.
const (
	jump      = 5       // times
	atLeast   = 10      // things, below which nothing is a jump
	busy      = 5       // requests that most peers have
	likeness  = 0.85    // of the text
	manyDays  = 5       // answers, below which one day is nothing unusual
	shortText = 200     // runes, below which a text is not compared
	maxText   = 100_000 // bytes of a text that are compared
)

// jumps compares totals and figures without a total with those of the report before.
func (r *run) jumps() {
	last := make([]Report, 0, len(r.Previous))
	for _, p := range r.Previous {
		if p.Form != nil && (p.Period == before(r.Period) || p.Period.Kind() == 0) {
			last = append(last, p)
		}
	}
	if len(last) == 0 {
		return
	}
	for _, c := range r.Form.Cells() {
		if c.Signed || c.Table == "t3" && c.Column != "total" || c.Table == "t4" && c.Column != "total" {
			continue
		}
		now, known := r.value(c.ID)
		then, ok := r.across([]form.Term{{Cell: c.ID, Last: true}}, last)
		if !known || !ok || then.filled < len(last) || max(now, then.value) < atLeast*max(1, c.PrintedIn().Fen()) {
			continue
		}
		if now > jump*then.value || now*jump < then.value {
			f := r.at(c)
			f.Expected, f.Found = c.Write(then.value), c.Write(now)
			r.add(Jump, f)
		}
	}
}

// zeroAmongBusy looks for a report without requests, where more than half of the peers had several.
func (r *run) zeroAmongBusy() {
	c, ok := r.Form.Cell("t3.received.total")
	if v, known := r.value(c.ID); !ok || !known || v != 0 || len(r.Peers) < 3 {
		return
	}
	var counts []int64
	for _, p := range r.Peers {
		if v, known := p.value(c.ID); known {
			counts = append(counts, v)
		}
	}
	slices.Sort(counts)
	if len(counts) < 3 || counts[len(counts)/2] < busy {
		return
	}
	f := r.at(c)
	f.Expected, f.Found = fmt.Sprint(counts[len(counts)/2]), "0"
	r.add(ZeroAmongBusy, f)
}

// alike looks for a text that is much like that of the report before or of a peer.
func (r *run) alike() {
	others := slices.Concat(r.Previous, r.Peers)
	if len(others) == 0 {
		return
	}
	seed := maphash.MakeSeed()
	for _, p := range r.Form.Parts {
		own := shingles(seed, r.Narratives[p.ID])
		if own == nil {
			continue
		}
		for _, other := range others {
			like := jaccard(own, shingles(seed, other.Narratives[p.ID]))
			if like < likeness {
				continue
			}
			f := about(p)
			f.Found = fmt.Sprintf("%.0f%% %s", like*100, strings.TrimSpace(other.Organ.Name+" "+other.Period.String()))
			r.add(TextAlike, f)
			break
		}
	}
}

// shingles are the hashes of all runs of five signs of a text, without digits and blanks; nil for a short text.
func shingles(seed maphash.Seed, text string) map[uint64]bool {
	var kept []rune
	for _, c := range text[:min(len(text), maxText)] {
		if !unicode.IsSpace(c) && !unicode.IsDigit(c) {
			kept = append(kept, c)
		}
	}
	if len(kept) < shortText {
		return nil
	}
	const run = 5
	all := make(map[uint64]bool, len(kept))
	for i := 0; i+run <= len(kept); i++ {
		all[maphash.Comparable(seed, [run]rune(kept[i:i+run]))] = true
	}
	return all
}

func jaccard(a, b map[uint64]bool) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	both := 0
	for h := range a {
		if b[h] {
			both++
		}
	}
	return float64(both) / float64(len(a)+len(b)-both)
}

// stateSecret looks for a township that denied requests as state secrets.
func (r *run) stateSecret() {
	c, ok := r.Form.Cell("t3.denied.state_secret.total")
	if !ok {
		c, ok = r.Form.Cell("requests.denied.state_secret")
	}
	if v, known := r.value(c.ID); ok && known && v > 0 && r.Organ.Level >= organ.Township {
		f := r.at(c)
		f.Found = c.Write(v)
		r.add(StateSecret, f)
	}
}

// oneDay looks for answers that were all given on one day.
func (r *run) oneDay() {
	if r.Records == nil || len(r.Records.AnsweredOn) != 1 {
		return
	}
	for day, n := range r.Records.AnsweredOn {
		if n >= manyDays {
			r.add(OneDay, Finding{Found: day.String()})
		}
	}
}
