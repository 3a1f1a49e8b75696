// Package backup copies the stores of a suite that runs, and keeps the copies in one file.
//
// The archive is a tar file, so that anybody's tar lists it. Its entries, in this order:
//
//	manifest.json     the archive's version, when and by what it was made, and the files that follow
//	{service}.db      one a store: report first, then those whose logs it follows
//	keys/{file}       the keys, only if they were asked for
//	archive.sha256    SHA-256 of everything before this entry, in hexadecimal
//
// The archive is read in one pass and to its last byte: whatever is cut off, changed or added is found
// before the reader says that it is whole.
package backup
