package fee

// Tier is the part of a count that has one price.
type Tier struct {
	From   int `json:"from"` // the first item of the month, or page of the request, in it
	To     int `json:"to"`   // the last, included
	Count  int `json:"count"`
	Price  Fen `json:"price_fen"` // of one
	Amount Fen `json:"amount_fen"`
}

// scale is a schedule: the last item or page of the i-th tier, from 0, and its price. A tier without end ends beyond
// every count.
type scale func(i int) (last int, price Fen)

const yuan Fen = 100

// itemTier is the scale by item. Measures art. 4(2): free to 10; 100 yuan to 30; then every ten 100 yuan more.
func itemTier(i int) (int, Fen) {
	switch i {
	case 0:
		return 10, 0
	case 1:
		return 30, 100 * yuan
	}
	return 20 + 10*i, Fen(i) * 100 * yuan
}

// pageTier is the scale by page. Measures art. 5: free to 30; 10 yuan to 100; 20 to 200; 40 from there on.
func pageTier(i int) (int, Fen) {
	switch i {
	case 0:
		return 30, 0
	case 1:
		return 100, 10 * yuan
	case 2:
		return 200, 20 * yuan
	}
	return MostPages, 40 * yuan
}

// between are the tiers of the from-th to the to-th, both included, and what they cost together.
func (s scale) between(from, to int) ([]Tier, Fen) {
	var tiers []Tier
	var sum Fen
	for i := 0; from <= to; i++ {
		last, price := s(i)
		if last < from {
			continue
		}
		t := Tier{From: from, To: min(last, to), Price: price}
		t.Count = t.To - t.From + 1
		t.Amount = Fen(t.Count) * price
		tiers, sum, from = append(tiers, t), sum+t.Amount, t.To+1
	}
	return tiers, sum
}
