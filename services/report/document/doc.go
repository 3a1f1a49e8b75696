// Package document reads files into one neutral shape: paragraphs and tables in the order in which they stand, each
// table a grid in which merged cells stand at every place that they cover.
//
// It reads .xlsx, .docx, .html, .pdf, .csv, and plain text or Markdown. The content tells what a file is, its
// name only where the content does not: a page of HTML that is called .xls is a page of HTML.
//
// A PDF says where each character stands, and no more: lines that are ruled make the tables, merged cells where no line
// parts two places, and a table goes on over the end of a page. A table without ruled lines is read as lines of text. One
// of pictures is refused, and so is one whose fonts do not say what their characters are.
//
// What comes from outside is bounded: bytes of the file and of what it unpacks to, text, tables, rows, columns, cells
// and how deep tables stand in tables; a context bounds the time. No file makes a reader panic. Scripts, styles and
// hidden sheets are passed over; nothing is fetched.
package document
