package paper

import "unicode"

// Width is how wide a text is in half characters: a Chinese character or mark has two, a digit or letter one.
func Width(s string) int { return halves(s) }

// halves is the width of a text in half characters: a Chinese character or mark has two, a digit or letter one.
func halves(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case r < 0x1100:
			n++
		default:
			n += 2
		}
	}
	return n
}

// indents are how far organ and date stand from the right, in half characters: the date by four characters, the organ
// centred above it; an organ too long for that by two, and the date centred below it (GB/T 9704-2012, 7.3.5.1).
func (d Document) indents() (organ, date int) {
	longest := 0
	for _, s := range lines(d.Signature) {
		longest = max(longest, halves(s))
	}
	width := halves(line(d.Date))
	organ, date = 8+(width-longest)/2, 8
	if organ < 4 {
		organ, date = 4, 4+max(longest-width, 0)/2
	}
	return organ, min(date, 28)
}
