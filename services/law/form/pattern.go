package form

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// pattern is an expression that is looked for sentence by sentence, in those that have a word which it cannot do without.
type pattern struct {
	*regexp.Regexp
	word string // empty: there is none
}

func compilePattern(text string) (pattern, error) {
	e, err := regexp.Compile(text)
	if err != nil {
		return pattern{}, err
	}
	tree, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return pattern{}, err
	}
	return pattern{e, needed(tree)}, nil
}

// needed is the longest literal that every match holds, as far as the tree of the expression shows it.
func needed(tree *syntax.Regexp) string {
	switch {
	case tree.Op == syntax.OpLiteral && tree.Flags&syntax.FoldCase == 0:
		return string(tree.Rune)
	case tree.Op == syntax.OpCapture, tree.Op == syntax.OpPlus, tree.Op == syntax.OpRepeat && tree.Min > 0:
		return needed(tree.Sub[0])
	case tree.Op != syntax.OpConcat:
		return ""
	}
	longest := ""
	for _, sub := range tree.Sub {
		if word := needed(sub); len(word) > len(longest) {
			longest = word
		}
	}
	return longest
}

// find returns the places of the pattern in a text, as [regexp.Regexp.FindAllStringSubmatchIndex] does, so many at most.
// None goes beyond a sentence.
func (p pattern) find(text string, most int) [][]int {
	var found [][]int
	for from := 0; from < len(text) && len(found) < most; {
		to := len(text)
		if i := strings.IndexAny(text[from:], "。\n"); i >= 0 {
			to = from + i + len("。")
			if text[from+i] == '\n' {
				to = from + i + 1
			}
		}
		if sentence := text[from:to]; strings.Contains(sentence, p.word) {
			for _, at := range p.FindAllStringSubmatchIndex(sentence, most-len(found)) {
				for i := range at {
					at[i] += from
				}
				found = append(found, at)
			}
		}
		from = to
	}
	return found
}
