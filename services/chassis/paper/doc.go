// Package paper holds an official document (公文) as a value, and writes it as .docx, as PDF, as HTML fit for
// print and as plain text.
//
// The layout follows GB/T 9704-2012: A4 with the type area of 156 mm × 225 mm, 22 lines of 28 characters; the title in
// 方正小标宋 of size 二号, the text in 仿宋_GB2312 of size 三号 with an indent of two characters, headings in 黑体 and
// 楷体_GB2312; organ and date at the right; the page number between two dashes, outside on facing pages. It goes without
// the red head and the seal, which each organ adds to what it signs. Where a machine lacks a font, .docx names another
// (w:altName) and HTML a list.
//
// Whatever the texts contain, it stays text: each writer escapes it, and leaves out what neither XML nor a terminal should
// see (control characters and marks that turn the direction of writing). HTML has no script, and forbids itself any. The
// same document always gives the same bytes; no clock is read.
//
// A PDF is printed in one TrueType font, which is found on the machine or given, and of which it embeds what it uses; the
// program brings none along. It is plainer than the .docx: one font for all, and no bold.
package paper
