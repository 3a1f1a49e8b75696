// Package explanation writes how a result comes about, line by line, as a clerk can print it: the days that counted and
// those that did not, and why, the place in the law, our reading where the law leaves it open, the result.
//
// Each line is in both languages. It decides nothing: what it says is in the results of the other packages of law.
package explanation
