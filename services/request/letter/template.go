package letter

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/services/chassis/paper"
	"gongkai/services/law"
)

// Set is a template for each kind of letter. It does not change, and may be used by several goroutines at once.
type Set struct{ templates map[Kind]*template }

//go:embed templates/*.txt
var embedded embed.FS

const (
	extension = ".txt"
	maxFile   = 64 << 10 // bytes of a template
)

// Fault is something wrong in a template.
type Fault struct {
	File string
	Line int // 0: the file as a whole
	What law.Label
}

// Error names the file and the line, in both languages.
func (f *Fault) Error() string {
	place := f.File
	if f.Line > 0 {
		place = fmt.Sprintf("%s:%d", f.File, f.Line)
	}
	return fmt.Sprintf("%s: %s (%s)", place, f.What.En, f.What.Zh)
}

// Embedded returns the templates that are part of the program.
func Embedded() (*Set, error) {
	folder, err := fs.Sub(embedded, "templates")
	if err != nil {
		return nil, fmt.Errorf("open the embedded templates: %w", err)
	}
	s := &Set{templates: map[Kind]*template{}}
	if err := s.read(folder, ""); err != nil {
		return nil, err
	}
	for _, k := range Kinds() {
		if s.templates[k] == nil {
			return nil, fmt.Errorf("no template %s%s", k, extension)
		}
	}
	return s, nil
}

// read reads the templates of a folder, which faults name by a path before the file.
func (s *Set) read(folder fs.FS, above string) error {
	names, err := fs.Glob(folder, "*"+extension)
	if err != nil {
		return fmt.Errorf("list templates: %w", err)
	}
	var faults []error
	for _, name := range names {
		k := Kind(strings.TrimSuffix(name, extension))
		if _, ok := k.row(); !ok {
			faults = append(faults, &Fault{File: at(above, name), What: law.Label{Zh: "没有这种文书；文件名可用：" + known(), En: "there is no such letter; names are " + known()}})
			continue
		}
		text, err := readFile(folder, name, at(above, name))
		if err != nil {
			faults = append(faults, err)
			continue
		}
		t, err := parse(at(above, name), text)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		s.templates[k] = t
	}
	return errors.Join(faults...)
}

func known() string {
	var all []string
	for _, k := range Kinds() {
		all = append(all, string(k))
	}
	return strings.Join(all, " ")
}

func readFile(folder fs.FS, name, said string) (string, error) {
	info, err := fs.Stat(folder, name)
	if err != nil {
		return "", fmt.Errorf("read template %s: %w", name, err)
	}
	if info.Size() > maxFile {
		return "", &Fault{File: said, What: law.Label{Zh: "文件过大，不能超过64 KB", En: "it is larger than 64 KB"}}
	}
	text, err := fs.ReadFile(folder, name)
	if err != nil {
		return "", fmt.Errorf("read template %s: %w", name, err)
	}
	if text = bytes.TrimPrefix(text, []byte("\ufeff")); !utf8.Valid(text) {
		return "", &Fault{File: said, What: law.Label{Zh: "不是UTF-8编码，请另存为UTF-8", En: "it is not UTF-8; save it as UTF-8"}}
	}
	return string(text), nil
}

// template is a letter with gaps.
type template struct {
	title, addressee, attachments, notes []gapped
	body                                 []paragraph
}

// gapped is a text with gaps, and when it is there at all.
type gapped struct {
	when   []condition
	pieces []piece
}

// condition is a placeholder that must have a value, or must have none.
type condition struct {
	index int
	empty bool
}

// piece is a text, or the gap for the value of the placeholder with that index.
type piece struct {
	text string
	gap  int // -1: text
}

type paragraph struct {
	gapped
	style paper.Style
}

// parse reads a template. The error joins a [Fault] for each thing that is wrong.
func parse(file, text string) (*template, error) {
	p := &parser{file: file, names: map[string]int{}}
	for i, known := range Placeholders() {
		p.names[known.Name] = i
	}
	t := &template{}
	inHead := true
	for i, line := range strings.Split(text, "\n") {
		p.line = i + 1
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "##"):
		case line == "":
			inHead = inHead && len(t.title) == 0
		case inHead:
			p.head(t, line)
		default:
			style := paper.Body
			if heading, ok := strings.CutPrefix(line, "##"); ok {
				style, line = paper.Heading1, strings.TrimSpace(heading)
			}
			t.body = append(t.body, paragraph{p.gapped(line), style})
		}
	}
	p.line = 0
	if len(t.title) == 0 {
		p.fault("缺少“标题：”", "it has no 标题：")
	}
	if len(t.body) == 0 {
		p.fault("没有正文", "it has no body")
	}
	return t, errors.Join(p.faults...)
}

type parser struct {
	file   string
	line   int
	names  map[string]int
	faults []error
}

func (p *parser) fault(zh, en string) {
	p.faults = append(p.faults, &Fault{File: p.file, Line: p.line, What: law.Label{Zh: zh, En: en}})
}

// head reads a line of the head.
func (p *parser) head(t *template, line string) {
	conditions, rest := p.conditions(line)
	name, value, ok := strings.Cut(rest, "：")
	into := map[string]*[]gapped{"标题": &t.title, "称呼": &t.addressee, "附件": &t.attachments, "附注": &t.notes}[strings.TrimSpace(name)]
	if !ok || into == nil {
		p.fault("文首只能有“标题：”“称呼：”“附件：”“附注：”，与正文之间空一行", "the head has only lines of 标题：, 称呼：, 附件： and 附注：, and an empty line after it")
		return
	}
	g := p.gapped(strings.TrimSpace(value))
	g.when = append(conditions, g.when...)
	*into = append(*into, g)
}

// conditions reads the conditions that a line begins with.
func (p *parser) conditions(line string) ([]condition, string) {
	var all []condition
	for strings.HasPrefix(line, "[?") || strings.HasPrefix(line, "[!") {
		name, rest, ok := strings.Cut(line[2:], "]")
		if !ok {
			p.fault("“[”没有对应的“]”", "[ has no ]")
			return all, ""
		}
		if i, ok := p.placeholder(name); ok {
			all = append(all, condition{index: i, empty: line[1] == '!'})
		}
		line = strings.TrimSpace(rest)
	}
	return all, line
}

func (p *parser) placeholder(name string) (int, bool) {
	i, ok := p.names[strings.TrimSpace(name)]
	if !ok {
		var names []string
		for _, known := range Placeholders() {
			names = append(names, known.Name)
		}
		all := strings.Join(names, "、")
		p.fault(fmt.Sprintf("没有填充项“%s”；可用：%s", name, all), fmt.Sprintf("there is no placeholder %q; there are %s", name, all))
	}
	return i, ok
}

// gapped reads a text with gaps.
func (p *parser) gapped(line string) gapped {
	var g gapped
	g.when, line = p.conditions(line)
	for line != "" {
		i := strings.IndexAny(line, "{}")
		if i < 0 {
			g.pieces = append(g.pieces, piece{text: line, gap: -1})
			break
		}
		if i > 0 {
			g.pieces = append(g.pieces, piece{text: line[:i], gap: -1})
		}
		name, rest, ok := strings.Cut(line[i+1:], "}")
		if line[i] == '}' || !ok || strings.Contains(name, "{") {
			p.fault("“{”与“}”不成对", "{ and } do not go together")
			return g
		}
		if gap, ok := p.placeholder(name); ok {
			g.pieces = append(g.pieces, piece{gap: gap})
		}
		line = rest
	}
	return g
}

// Write makes a letter, by the version of the Regulation that governs the case. It returns a [*law.Breach]: [Unknown] for
// a kind that there is not, [NoneBefore] for one that R2007 does not have, [ValueMissing] for each value that its template
// needs and the case has not.
func (s *Set) Write(k Kind, c Case) (paper.Document, error) {
	row, err := k.under(c.ReceivedOn)
	if err != nil {
		return paper.Document{}, err
	}
	broken := law.Under(law.Citation{})
	w := &writing{placeholders: Placeholders()}
	for _, p := range w.placeholders {
		w.values = append(w.values, strings.TrimSpace(strings.ReplaceAll(p.value(c, row), "\r\n", "\n")))
	}
	t := s.templates[row.Kind]
	d := paper.Document{
		Title: strings.Join(w.all(t.title), "\n"), Addressee: strings.Join(w.all(t.addressee), "、"), Attachments: w.all(t.attachments),
		Notes: w.all(t.notes), Number: c.Number, Signature: c.Organ, Date: day(c.Date),
	}
	for _, p := range t.body {
		for _, line := range w.lines(p.gapped) {
			d.Body = append(d.Body, paper.Text(p.style, line))
		}
	}
	if c.Organ == "" {
		w.missing = append(w.missing, slices.IndexFunc(w.placeholders, func(p Placeholder) bool { return p.Field == "organ" }))
	}
	slices.Sort(w.missing)
	for _, i := range slices.Compact(w.missing) {
		broken.If(true, ValueMissing, w.placeholders[i].Field, "letter_zh", row.label.Zh, "letter_en", row.label.En, "value", w.placeholders[i].Name)
	}
	broken.If(c.Date.IsZero(), ValueMissing, "date", "letter_zh", row.label.Zh, "letter_en", row.label.En, "value", "落款日期")
	if err := broken.Err(); err != nil {
		return paper.Document{}, err
	}
	return d, nil
}

// writing is a letter in the making.
type writing struct {
	placeholders []Placeholder
	values       []string // by the placeholder's index
	missing      []int
}

// all are the texts that are there, each in one line.
func (w *writing) all(texts []gapped) []string {
	var all []string
	for _, g := range texts {
		if lines := w.lines(g); len(lines) > 0 {
			all = append(all, strings.Join(lines, " "))
		}
	}
	return all
}

// lines are the lines of a text: none if it is not there, one a line of its value if it is nothing but a gap.
func (w *writing) lines(g gapped) []string {
	for _, c := range g.when {
		if (w.values[c.index] == "") != c.empty {
			return nil
		}
	}
	alone := len(g.pieces) == 1
	var b strings.Builder
	for _, p := range g.pieces {
		if p.gap < 0 {
			b.WriteString(p.text)
			continue
		}
		value := w.values[p.gap]
		if value == "" {
			w.missing = append(w.missing, p.gap)
		}
		if !alone {
			value = strings.Join(strings.Fields(value), " ")
		}
		b.WriteString(value)
	}
	if alone {
		return slices.DeleteFunc(strings.Split(b.String(), "\n"), func(s string) bool { return strings.TrimSpace(s) == "" })
	}
	return []string{b.String()}
}
