// Package form holds the forms of the annual report as data, and the checks that a report of a form must pass.
//
// A form is one YAML file in the folder forms, named by the form's id: its years, categories, parts and cells, with
// labels in both languages. A new form is a new file and needs no code. [Load] refuses a form that is not consistent.
//
//	id: "2007"
//	title: {zh: …, en: …}
//	first_year: 2008
//	last_year: 2018            # left out: still used
//	source: {title: {zh: …, en: …}, number: 国务院令第492号, citations: [{act: R2007, article: "32"}]}
//	categories:                # left out: the standard list
//	  - {id: work_report, label: {zh: 工作报告, en: Work reports}, items: [3]}
//	parts:
//	  - id: disclosure
//	    label: {zh: …, en: …}
//	    narrative: true        # must have text
//	    may_state_none: true   # its cells may say 无
//	    cells:
//	      - {id: disclosed.work_report, label: {zh: …, en: …}, unit: count, facts: [disclosures.published.work_report]}
//	      - {id: disclosed.total, label: {zh: …, en: …}, unit: count, sum: [disclosed.work_report]}
//
// A part may have tables beside cells or in place of them:
//
//	tables:
//	  - id: t3
//	    label: {zh: …, en: …}
//	    columns:
//	      - {id: business, label: {zh: 商业企业, en: Businesses}}
//	      - {id: total, label: {zh: 总计, en: Total}, sum: [business]}
//	    rows:
//	      - {id: received, label: {zh: …, en: …}, facts: ["requests.received.{column}"]}
//	    merged:            # rows that reports have in place of several
//	      - {id: other, label: {zh: …, en: …}, rows: [other.fee_overdue, other.other]}
//	    identities:        # for each column, or row
//	      - {id: t3.carried_over, label: …, remedy: …, basis: reading, each: column, left: [carried_over], right: [last.carried_forward]}
//
// The cell of a row and a column is t3.received.business. A form has identities of its own, annexes (optional parts of
// some years), mentions (how the text of a report tells a figure) and continues (which cells of a former form a cell
// goes on from; a cell with the same id needs none).
//
// Cells are fed by measures, the totals that services keep: dotted names as requests.received.natural_person. A fact
// of a cell is a measure's name in which * stands for exactly one segment. A cell with neither facts nor a sum can
// only be typed in.
//
// None (无) is a figure: [StatedNone], told apart from a cell that nobody filled in ([Unfilled]).
package form
