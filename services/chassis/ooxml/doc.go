// Package ooxml reads the parts of Office Open XML files (.xlsx, .docx) from outside, fast and within bounds.
//
// A [Package] is the archive: its parts by path, whatever their case, the relations between them, and one bound for
// all that is unpacked, so that an archive that unpacks to very much is refused while it is read. A [Scanner] reads the
// XML of a part as a stream, and refuses document types, and with them every entity that is not one of XML's five.
package ooxml
