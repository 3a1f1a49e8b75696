package export

import (
	"strconv"
	"strings"

	"gongkai/services/law/form"
)

// written is a figure as it stands in a table.
func (r Report) written(c form.Cell) string {
	f := r.Figures[c.ID]
	switch f.State {
	case form.Derived, form.Typed, form.Given, form.StatedNone, form.Summed:
		return amount(f.Value, c)
	case form.Slashed, form.Unreadable:
		return f.Text
	}
	return ""
}

// amount writes a value in the unit that the form prints it in; an amount for which it sets none in yuan, with the unit.
func amount(value int64, c form.Cell) string {
	switch {
	case c.Unit != form.Fen:
		return strconv.FormatInt(value, 10)
	case c.Printed.Fen() == 0:
		return decimal(value, 2) + "元"
	}
	places := 0
	for n := c.Printed.Fen(); n > 1; n /= 10 {
		places++
	}
	return decimal(value, places)
}

// decimal writes a number of the smallest parts of a unit, of which each has ten to the power of places.
func decimal(n int64, places int) string {
	digits, sign := strconv.FormatInt(n, 10), ""
	if n < 0 {
		digits, sign = digits[1:], "-"
	}
	if len(digits) <= places {
		digits = strings.Repeat("0", places-len(digits)+1) + digits
	}
	whole, rest := digits[:len(digits)-places], strings.TrimRight(digits[len(digits)-places:], "0")
	if rest == "" {
		return sign + whole
	}
	return sign + whole + "." + rest
}

// sentence tells the figures of a part that stand in no table, as narrative reports do: 无 where all are stated so; a
// total with what it consists of. Empty: the part has none, or nobody filled them in.
func (r Report) sentence(p form.Part) string {
	var total string
	var parts []string
	none, cells := true, 0
	for _, c := range p.Cells {
		f := r.Figures[c.ID]
		if c.Table != "" || !f.State.Known() {
			continue
		}
		cells++
		none = none && f.State == form.StatedNone
		said := c.Label.Zh + amount(f.Value, c)
		if c.Unit != form.Fen {
			said += counted(p)
		}
		if len(c.Sum) > 0 && total == "" {
			total = said
		} else {
			parts = append(parts, said)
		}
	}
	switch {
	case cells == 0:
		return ""
	case none:
		return p.Label.Zh + "：无。"
	case total == "":
		return strings.Join(parts, "，") + "。"
	case len(parts) == 0:
		return total + "。"
	}
	return total + "，其中：" + strings.Join(parts, "，") + "。"
}

// counted is the word that the things of a part are counted in.
func counted(p form.Part) string {
	for _, c := range p.Cells {
		for _, fact := range c.Facts {
			if strings.HasPrefix(fact, "disclosures.") {
				return "条"
			}
		}
	}
	return "件"
}
