// Package export writes a report of a period as a file: .docx in the layout of the official form, HTML fit for print,
// .xlsx with a sheet a table, CSV, and JSON as REST returns it; and PDF, in a font that is given.
//
// The layout comes from the form's data. The tables of a part that have one figure's width or a multiple of it share one
// grid, as the form of 2021 prints its second table; a transposed table stands in one line. A form without tables has its
// figures in sentences. What stands in a cell is what the report says: a number, nothing where nobody filled it in,
// a stroke where one stood. What is exported, package published reads back to the same figures.
//
// Text never becomes a formula, in .xlsx or CSV, or markup, in HTML. The same report gives the same bytes.
package export
