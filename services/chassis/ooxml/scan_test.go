package ooxml

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// ours tells a document as the scanner reads it: elements, the attribute a, text.
func ours(in io.Reader) (string, error) {
	var b strings.Builder
	s := NewScanner(in)
	for {
		k, err := s.Next()
		switch {
		case err == io.EOF:
			return b.String(), nil
		case err != nil:
			return "", err
		case k == Opening:
			a, _ := s.Attr("a")
			fmt.Fprintf(&b, "<%s %q>", s.Name, a)
		case k == Closing:
			fmt.Fprintf(&b, "</%s>", s.Name)
		default:
			b.Write(s.Append(nil))
		}
	}
}

// theirs tells it as the standard library does.
func theirs(doc string) (string, error) {
	var b strings.Builder
	d := xml.NewDecoder(strings.NewReader(doc))
	for {
		t, err := d.Token()
		if err == io.EOF {
			return b.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.StartElement:
			a := ""
			for i := len(t.Attr) - 1; i >= 0; i-- {
				if t.Attr[i].Name.Local == "a" {
					a = t.Attr[i].Value
				}
			}
			fmt.Fprintf(&b, "<%s %q>", t.Name.Local, a)
		case xml.EndElement:
			fmt.Fprintf(&b, "</%s>", t.Name.Local)
		case xml.CharData:
			b.Write(t)
		case xml.Directive:
			return "", ErrDocument
		}
	}
}

func documents() []string {
	return []string{
		`<x a="1"/>`, `<x><y a='>"'>t &amp; &#x4e2d;&#20013; &lt;</y></x>`, `<?xml version="1.0"?><!-- > --><p:x p:a="1" b="2"><![CDATA[<&amp;>]]></p:x>`,
		"<x>\n  <y  a = \"1\"\n/>\n</x >", `<x>` + strings.Repeat("长文", 50_000) + `<y a="` + strings.Repeat(">", 70_000) + `"/></x>`,
	}
}

// TestScanner compares with the standard library, whatever pieces the document comes in.
func TestScanner(t *testing.T) {
	for _, doc := range documents() {
		want, err := theirs(doc)
		if err != nil {
			t.Fatal(err)
		}
		for name, in := range map[string]io.Reader{"whole": strings.NewReader(doc), "bytes": iotest.OneByteReader(strings.NewReader(doc)), "halves": iotest.HalfReader(strings.NewReader(doc))} {
			if got, err := ours(in); got != want || err != nil {
				t.Errorf("%s of %.60s: %.200s, %v; want %.200s", name, doc, got, err, want)
			}
		}
	}
}

func TestScanner_Broken(t *testing.T) {
	for doc, want := range map[string]error{
		"<x": ErrMarkup, "<x a=\">": ErrMarkup, "<!-- ": ErrMarkup, "<![CDATA[": ErrMarkup, "<!DOCTYPE x>": ErrDocument, "<!ENTITY a \"b\">": ErrDocument,
		"<x>" + strings.Repeat("a", Longest+1<<20): ErrLong, "<x a=\"" + strings.Repeat(">", Longest+1<<20): ErrLong,
	} {
		if _, err := ours(strings.NewReader(doc)); err != want {
			t.Errorf("%.20s: %v, want %v", doc, err, want)
		}
	}
}

// FuzzScanner: what the standard library reads, the scanner reads alike.
func FuzzScanner(f *testing.F) {
	for _, doc := range documents()[:4] {
		f.Add(doc)
	}
	f.Fuzz(func(t *testing.T, doc string) {
		want, err := theirs(doc)
		got, ownErr := ours(strings.NewReader(doc))
		if err != nil || strings.ContainsAny(doc, "\r") {
			return // it takes more than the standard library, and keeps CR
		}
		if got != want || ownErr != nil {
			t.Errorf("%q: %q, %v; want %q", doc, got, ownErr, want)
		}
	})
}
