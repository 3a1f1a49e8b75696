// Package pdf reads what the pages of a PDF file show: each character with its place, and the lines that are ruled.
//
// The file's objects, its cross references and its encryption are read by pdfcpu; what a page draws, and what the codes of
// its fonts mean, is read here: by a font's ToUnicode map, by the predefined maps of Chinese fonts that name Unicode or
// GBK, and by the encodings of simple fonts. Characters that have no meaning in Unicode are counted, not guessed.
//
// Places are in points from the top left corner of the page as it is shown; y grows downwards. A page whose text mostly
// runs up or down is turned, so that it runs to the right.
//
// Bounded are: bytes read, unpacked bytes, pages, characters, ruled lines, operators, and how deep forms stand in forms;
// a context bounds the time.
package pdf
