// Package ledger reads and writes the spreadsheets in which townships keep what they disclose (主动公开台账).
//
// # What is read
//
// .xlsx, .csv (UTF-8 with or without a byte order mark, UTF-16 with one, GB18030 and so GBK), and JSON lines. The
// header is found by its words, in any order of columns, below any title rows, in one row or in two of which the
// upper one is merged; every column has several names (标题, 名称, 信息名称, …). Dates are taken in the spellings
// that people use: 2018年3月5日, 2018-3-5, 2018/03/05, 2018.3.5, 20180305, 二〇一八年三月五日, a spreadsheet's
// serial number, each also with a time behind it. Merged cells that span rows hold for each of their rows. Document
// numbers are written with 〔〕 around the year (GB/T 9704-2012), and the row says so in a note.
//
// A formula is never evaluated: where text or a date is meant, it is a finding. Nothing in the file is executed,
// followed or fetched.
//
// # What is not read
//
// Columns of unknown name, whole sheets without a header, rows whose serial number (序号) is 示例, rows that repeat the header, and rows that
// fill no known column. Unknown columns and sheets are told once, as notes; columns behind the 256th are passed
// over.
//
// # Bounds
//
// A file has at most 64 MiB, unpacks to at most 512 MiB, and holds at most 200,000 rows. Reading holds one row, and
// of an .xlsx the places of its shared strings (4 bytes each), whose text lies in a temporary file.
//
// # What is written
//
// [Writer] writes what [File] reads back equal. Text never becomes a formula: .xlsx has it as text, and in .csv what
// begins with one of = + - @ gets an apostrophe, which reading takes off.
package ledger
