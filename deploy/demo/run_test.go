package demo_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"gongkai/deploy/demo"
	reportv1 "gongkai/proto/gongkai/report/v1"
)

// whole checks that the year took effect once, and in its order.
func whole(t *testing.T, g *gateway, c *demo.City) {
	t.Helper()
	answered := 0
	for _, q := range c.Requests {
		if q.Outcome != "" {
			answered++
		}
	}
	township := 0
	for _, r := range c.Records {
		if r.Organization == demo.TownshipID {
			township++
		}
	}
	for prefix, want := range map[string]int{
		"enter": 1, fmt.Sprintf("enter %d", len(c.Organizations)): 1,
		"create ": len(c.Records) + 2, "publish ": len(c.Records) + 2,
		"request  ": len(c.Requests), "request conclude ": answered,
		"compile ": 12, "submit ": 12, "return ": 1, "accept ": 11, // twice of the one that was returned
		"publish organizations/" + demo.TownshipID + "/": township,
	} {
		if got := len(g.took(prefix)); got != want {
			t.Errorf("%q took effect %d times, want %d", prefix, got, want)
		}
	}
	var life []string
	for _, e := range g.took("") {
		if strings.HasSuffix(e, " "+demo.ReturnedID) {
			life = append(life, strings.Fields(e)[0])
		}
	}
	if want := []string{"compile", "submit", "return", "compile", "submit", "accept"}; !slices.Equal(life, want) {
		t.Errorf("the returned report's life is %v, want %v", life, want)
	}
	all := g.took("")
	if last := all[len(all)-1]; !strings.HasPrefix(last, "publish organizations/"+demo.LateID+"/") {
		t.Errorf("the last thing is %s, want the late record", last)
	}
	if len(g.took("compile "+demo.MissingID)) > 0 {
		t.Errorf("%s compiled a report", demo.MissingID)
	}
}

// small is the city with a tenth of each organisation's records.
func small(t *testing.T) *demo.City {
	c := load(t)
	kept, seen := []demo.Record{}, map[string]int{}
	for _, r := range c.Records {
		if seen[r.Organization]%10 == 0 {
			kept = append(kept, r)
		}
		seen[r.Organization]++
	}
	c.Records, c.Ledger = kept, nil
	return c
}

func TestRun(t *testing.T) {
	g := newGateway(t)
	var done atomic.Int64 // the most that was told
	got, err := demo.Run(t.Context(), demo.Options{BaseURL: g.URL, Tokens: g.token, Progress: func(n, total int) {
		if n < 1 || n > total {
			t.Errorf("progress is %d of %d", n, total)
		}
		for most := done.Load(); int64(n) > most && !done.CompareAndSwap(most, int64(n)); most = done.Load() {
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	whole(t, g, load(t))
	if int(done.Load()) != len(load(t).Records) || got.Records != len(load(t).Records)+2 {
		t.Errorf("progress was told of %d records, the result says %d", done.Load(), got.Records)
	}
	again := &reportv1.Rollup{}
	if err := protojson.Unmarshal(got.RollupJSON, again); err != nil || !proto.Equal(again, got.Rollup) {
		t.Errorf("the raw roll-up is not the parsed one: %v", err)
	}
	if got.Form.GetName() != "reportForms/2007" || got.Reused || int(got.Calls) != g.answered() || got.Rate() <= 0 {
		t.Errorf("form %s, reused %v, %d calls of %d, %f a second", got.Form.GetName(), got.Reused, got.Calls, g.answered(), got.Rate())
	}
	if g.lag != 0 {
		t.Error("the roll-up was taken before it had caught up")
	}
}

// Over data that hold the year already nothing is entered, and the bytes of the roll-up are those of REST.
func TestRunAgain(t *testing.T) {
	g := newGateway(t)
	o := demo.Options{BaseURL: g.URL, Tokens: g.token, City: small(t)}
	if _, err := demo.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	before := g.answered()
	got, err := demo.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if !got.Reused || g.answered()-before != 2 {
		t.Errorf("reused %v in %d calls, want the roll-up and its form only", got.Reused, g.answered()-before)
	}
	whole(t, g, o.City)
}

// A run that was interrupted is finished by the next one, at whatever point it stopped.
func TestRunResumes(t *testing.T) {
	g := newGateway(t)
	o := demo.Options{BaseURL: g.URL, Tokens: g.token, City: small(t)}
	for _, stop := range []int{1, 200, 1030, 1060, 1085} {
		ctx, cancel := context.WithCancel(t.Context())
		g.trouble(func(n int) string {
			if n == stop {
				cancel()
			}
			return ""
		})
		if _, err := demo.Run(ctx, o); !errors.Is(err, context.Canceled) {
			t.Errorf("stopped after %d calls: %v", stop, err)
		}
		cancel()
	}
	g.trouble(func(int) string { return "" })
	if _, err := demo.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	whole(t, g, o.City)
}

// A call that is refused for the moment, cut off, or whose answer is lost is repeated, and takes effect once.
func TestRunThroughTrouble(t *testing.T) {
	g := newGateway(t)
	g.trouble(func(n int) string {
		switch {
		case n%97 == 0:
			return "busy"
		case n%89 == 0:
			return "reset"
		case n%83 == 0:
			return "lost"
		}
		return ""
	})
	o := demo.Options{BaseURL: g.URL, Tokens: g.token, City: small(t)}
	if _, err := demo.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	whole(t, g, o.City)
}

// An error names the call and says why in the reader's language; a server that stays busy is given up.
func TestRunRefused(t *testing.T) {
	for name, c := range map[string]struct {
		disturb func(int) string
		tokens  func(role, organization string) (string, error)
		status  int
		reason  string
		calls   int
	}{
		"no right": {nil, func(_, organization string) (string, error) { return "clerk@" + organization, nil }, http.StatusForbidden, "PERMISSION_DENIED", 2},
		"busy":     {func(int) string { return "busy" }, nil, http.StatusServiceUnavailable, "UNAVAILABLE", 4},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGateway(t)
			if c.disturb != nil {
				g.trouble(c.disturb)
			}
			o := demo.Options{BaseURL: g.URL, Tokens: g.token, City: small(t)}
			if c.tokens != nil {
				o.Tokens = c.tokens
			}
			_, err := demo.Run(t.Context(), o)
			var refused *demo.Error
			if !errors.As(err, &refused) {
				t.Fatalf("error is %v", err)
			}
			if refused.Status != c.status || refused.Reason != c.reason || g.answered() != c.calls {
				t.Errorf("HTTP %d, %s after %d calls; want %d, %s after %d", refused.Status, refused.Reason, g.answered(), c.status, c.reason, c.calls)
			}
			if text := err.Error(); !strings.Contains(text, "/v1/organizations") || refused.Message == "no" {
				t.Errorf("the error says %q", text)
			}
		})
	}
}

// The language of the run is that of the calls.
func TestRunAsksInItsLanguage(t *testing.T) {
	var languages [][]byte
	server := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		languages = append(languages, []byte(r.Header.Get("Accept-Language")))
		refuse(w, http.StatusForbidden, "PERMISSION_DENIED", "no")
	})
	g := newGateway(t)
	g.Config.Handler = server
	for _, lang := range []string{"", "en"} {
		if _, err := demo.Run(t.Context(), demo.Options{BaseURL: g.URL, Tokens: g.token, Language: lang}); err == nil {
			t.Fatal("a refused run succeeded")
		}
	}
	if got := string(bytes.Join(languages, []byte(","))); got != "zh,en" {
		t.Errorf("asked in %s", got)
	}
}
