package gateway

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	requestv1 "gongkai/proto/gongkai/request/v1"
	"gongkai/services/chassis/fault"

	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/protobuf/proto"
)

// calendars serves the duties of requests as a calendar (iCalendar, RFC 5545) that clerks subscribe to:
//
//	GET /v1/organizations/{organization}/duties:calendar?subtree=    an all-day event for each due date, each end of a stop, each limit of others
//
// An event names the request by its receipt number; it holds no personal data.
type calendars struct {
	request requestv1.RequestServiceClient
}

// mostDuties is how many events a calendar has at most, the earliest of each organisation first.
const mostDuties = 5000

func (c calendars) register(mux *served) {
	const path = "/v1/organizations/{organization}/duties:calendar"
	mux.note(http.MethodGet, path)
	mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
		r.Pattern = http.MethodGet + " " + path
		if r.Method != http.MethodGet {
			w.Header().Set("Allow", http.MethodGet)
			refuse(w, r, errMethod, http.StatusMethodNotAllowed)
			return
		}
		if err := c.send(w, r); err != nil {
			refuse(w, r, err, 0)
		}
	})
}

func (c calendars) send(w http.ResponseWriter, r *http.Request) error {
	query, err := readQuery(r, []string{"subtree"})
	if err != nil {
		return err
	}
	subtree := query.Get("subtree")
	if subtree != "" && subtree != "true" && subtree != "false" {
		return fault.Field("subtree", "NOT_IN_LIST")
	}
	ctx, cancel := calling(w, r)
	defer cancel()
	in := &requestv1.ListDutiesRequest{Parent: "organizations/" + r.PathValue("organization"), Subtree: subtree == "true", PageSize: 1000}
	var duties []*requestv1.Duty
	for len(duties) < mostDuties {
		page, err := c.request.ListDuties(ctx, in)
		if err != nil {
			return err
		}
		duties = append(duties, page.GetDuties()...)
		if in.PageToken = page.GetNextPageToken(); in.PageToken == "" {
			break
		}
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Content-Disposition", `inline; filename="duties.ics"`)
	_, err = w.Write(calendar(duties, fault.Prefers(r.Header.Get("Accept-Language"))))
	return err
}

// calendar is a calendar of duties; those of no date are left out.
func calendar(duties []*requestv1.Duty, language fault.Language) []byte {
	var b bytes.Buffer
	title := "政府信息公开申请办理期限"
	if language == fault.English {
		title = "Due dates of information requests"
	}
	for _, s := range []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//gongkai//duties//ZH", "METHOD:PUBLISH", "X-WR-CALNAME:" + escaped(title)} {
		line(&b, s)
	}
	for _, d := range duties {
		on, q := d.GetOn(), d.GetInformationRequest()
		if on == nil {
			continue
		}
		state := d.GetStateLabel().GetZh()
		if language == fault.English {
			state = d.GetStateLabel().GetEn()
		}
		name, changed, subject := q.GetName(), q.GetUpdateTime(), q.GetReceiptNumber()
		if a := d.GetAppeal(); a != nil {
			name, changed = a.GetName(), a.GetUpdateTime()
			if subject == "" {
				subject = a.GetBody()
			}
		}
		id := name[strings.LastIndexByte(name, '/')+1:]
		happens(&b, id, changed.AsTime(), on, subject+" "+state)
		for i, l := range d.GetLimits() { // what others are to do by when
			what := l.GetStep().GetZh()
			if language == fault.English {
				what = l.GetStep().GetEn()
			}
			if !proto.Equal(l.GetOn(), on) { // else it is the duty's own day
				happens(&b, fmt.Sprintf("%s-%d", id, i+1), changed.AsTime(), l.GetOn(), subject+" "+what)
			}
		}
	}
	line(&b, "END:VCALENDAR")
	return b.Bytes()
}

// happens writes what happens on a day.
func happens(b *bytes.Buffer, id string, changed time.Time, on *date.Date, summary string) {
	day := time.Date(int(on.GetYear()), time.Month(on.GetMonth()), int(on.GetDay()), 0, 0, 0, 0, time.UTC)
	for _, s := range []string{
		"BEGIN:VEVENT", "UID:" + id + "@gongkai", "DTSTAMP:" + changed.UTC().Format("20060102T150405Z"),
		"DTSTART;VALUE=DATE:" + day.Format("20060102"), "DTEND;VALUE=DATE:" + day.AddDate(0, 0, 1).Format("20060102"),
		"SUMMARY:" + escaped(summary), "TRANSP:TRANSPARENT", "END:VEVENT",
	} {
		line(b, s)
	}
}

// escaped is a text as RFC 5545 section 3.3.11 has it.
func escaped(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r", "", "\n", `\n`).Replace(s)
}

// line writes a line, folded at 75 octets (RFC 5545 section 3.1), never within a character.
func line(b *bytes.Buffer, s string) {
	const most = 75
	for room := most; len(s) > room; room = most - 1 {
		cut := room
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		b.WriteString(s[:cut])
		b.WriteString("\r\n ")
		s = s[cut:]
	}
	b.WriteString(s)
	b.WriteString("\r\n")
}
