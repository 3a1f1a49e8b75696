package page

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongkai/services/chassis/fault"
	"gongkai/services/law/workday"
)

// subject is what a page is about: an organisation in a period.
type subject struct {
	Organization string // its id
	Period       workday.Period
}

var (
	organizationID = regexp.MustCompile(`^[0-9]{2,12}(-[a-z][a-z0-9-]{0,30})?$`)
	identifier     = regexp.MustCompile(`^[a-z0-9_.]{1,64}$`)
)

func newSubject(organization, period string) (subject, error) {
	if !organizationID.MatchString(organization) {
		return subject{}, notFound("organizations/" + organization)
	}
	p, err := workday.ParsePeriod(period)
	if err != nil {
		return subject{}, notFound(period)
	}
	return subject{Organization: organization, Period: p}, nil
}

func (s subject) rollup() string { return "/rollups/" + s.Organization + "/" + s.Period.String() }

// rollupName is the resource name of the roll-up.
func (s subject) rollupName() string {
	return "organizations/" + s.Organization + "/rollups/" + s.Period.String()
}

// reportName is the resource name of the report.
func (s subject) reportName() string {
	return "organizations/" + s.Organization + "/reports/" + s.Period.String()
}

func (s subject) cell(cell string) string { return s.rollup() + "/cells/" + cell }

func (s subject) report(cell string) string {
	path := "/organizations/" + s.Organization + "/reports/" + s.Period.String()
	if cell != "" {
		path += "#" + cell
	}
	return path
}

// disclosures is the list of records; no category means all.
func (s subject) disclosures(categories []string) string {
	return "/organizations/" + s.Organization + "/disclosures?" + query{period: s.Period, categories: categories}.encode()
}

// of is another organisation in the same period, by its resource name.
func (s subject) of(name string) subject {
	return subject{Organization: strings.TrimPrefix(name, "organizations/"), Period: s.Period}
}

// endmost tells whether no organisation can stand below this one: a department, or a village by its
// 12 digits (GB/T 10114).
func (s subject) endmost() bool {
	return strings.Contains(s.Organization, "-") || len(s.Organization) == 12
}

// township tells whether the organisation is a township or one below it, by its digits: departments stand above.
func (s subject) township() bool { return len(s.Organization) >= 9 }

// query is what a list of disclosures is asked for.
type query struct {
	period     workday.Period // zero means any
	categories []string       // none means any
	token      string
	from       int // number of the page's first record, counted from 1
}

// parseQuery reads a list's parameters. It refuses what the list cannot be asked for, naming the parameter.
func parseQuery(values url.Values) (query, error) {
	q := query{categories: values["category"], token: values.Get("page_token"), from: 1}
	if s := values.Get("period"); s != "" {
		p, err := workday.ParsePeriod(s)
		if err != nil {
			return query{}, fault.Field("period", "BAD_FORMAT")
		}
		q.period = p
	}
	if len(q.categories) > 50 || slices.ContainsFunc(q.categories, func(c string) bool { return !identifier.MatchString(c) }) {
		return query{}, fault.Field("category", "BAD_FORMAT")
	}
	if s := values.Get("from"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > 1e9 {
			return query{}, fault.Field("from", "BAD_FORMAT")
		}
		q.from = n
	}
	return q, nil
}

// encode writes the parameters such that parseQuery reads the same again.
func (q query) encode() string {
	values := url.Values{}
	if !q.period.IsZero() {
		values.Set("period", q.period.String())
	}
	for _, c := range q.categories {
		values.Add("category", c)
	}
	if q.token != "" {
		values.Set("page_token", q.token)
		values.Set("from", strconv.Itoa(q.from))
	}
	// The period first, as a reader would say it.
	return strings.TrimPrefix(pick(values, "period")+pick(values, "category")+pick(values, "page_token")+pick(values, "from"), "&")
}

func pick(values url.Values, key string) string {
	if !values.Has(key) {
		return ""
	}
	return "&" + url.Values{key: values[key]}.Encode()
}

// filter is the list's filter (AIP-160): published records of the period and the categories.
func (q query) filter() string {
	var terms []string
	if !q.period.IsZero() {
		terms = append(terms, `published_on >= "`+q.period.First().String()+`"`, `published_on <= "`+q.period.Last().String()+`"`)
	}
	var categories []string
	for _, c := range q.categories {
		categories = append(categories, `category = "`+c+`"`)
	}
	switch len(categories) {
	case 0:
	case 1:
		terms = append(terms, categories[0])
	default:
		terms = append(terms, "("+strings.Join(categories, " OR ")+")")
	}
	return strings.Join(append(terms, `state = STATE_PUBLISHED`), " AND ")
}
