// Package published reads an annual report as an organ has published it, and says what it says in the terms of a form:
// figures by cell, narratives by part, whose report of which year it is.
//
// It takes the neutral shape of package document and finds the form's tables in it by their labels, not by their places:
// tables that are cut in two or share one grid, merged cells or none where they should be, labels with notes, other
// brackets, quotes or numbers, columns in another order, a row 其他处理 in place of its three, the form of another year.
// The form is recognised by itself: the one whose labels fit best. A table of which text extraction left one cell a line,
// in paragraphs or parted by bars, is read by its labels and by the number of figures that follow each.
//
// Nothing is skipped in silence. A row or column of a table of the form that cannot be placed, one that is missing, a row
// of lines with fewer figures than columns, a cell that is no figure, or two figures for one cell are findings, which go with those of package check.
package published
