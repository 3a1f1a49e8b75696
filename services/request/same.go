package request

import (
	"strings"
	"unicode"

	requestv1 "gongkai/proto/gongkai/request/v1"

	"golang.org/x/text/unicode/norm"
)

// normal is a text as it is compared: width, case, spaces and punctuation make no difference.
func normal(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(text))
}

// Kinds of sameness, each with blind indexes of its own.
const (
	sameApplicant byte = 1
	sameContent   byte = 2
)

// sameness is what two requests to one organisation have in common if the same person sent them, or if they ask for
// the same; an empty text is common to none.
//
// Our reading: a person is the same by the number of the identity document, or without one by name and contact
// together. Two texts ask for the same if they differ in width, case, spaces and punctuation only.
func sameness(d *requestv1.PersonalData) map[byte][]string {
	same := make(map[byte][]string)
	number, applicant, contact := normal(d.GetDocumentNumber()), normal(d.GetApplicantName()), normal(d.GetContact())
	switch {
	case number != "":
		same[sameApplicant] = []string{"number", number}
	case applicant != "" && contact != "":
		same[sameApplicant] = []string{"name", applicant, contact}
	}
	if content := normal(d.GetDescription()); content != "" {
		same[sameContent] = []string{content}
	}
	return same
}
