// Package check finds what is wrong with a report: in itself, beside the report of the year before, beside those of the
// level below, and between its figures and its words.
//
// [Run] needs nothing but values: a form, figures and text, and whatever else is known. What is not known is not
// checked, and never taken as zero. Each check has a stable id; [Catalogue] lists those that every form has, the
// identities of a form come with the form. A finding names its check, the place, what was expected and found, what the
// check rests on, and what to do.
//
// Source: R2019 arts. 49, 50; the forms of 2019 and 2021, which print one identity themselves. All others are arithmetic
// or our reading, and say so.
//
// Our readings:
//   - a new report has a figure in every cell. In a published one that is read in, a blank cell or one with a stroke is
//     "blank", told apart from 0, and identities are checked over what is filled in;
//   - a row that stands for several of the form (其他处理) counts in their place, and they stay unknown;
//   - an identity over years is checked against the last published version of the report before, after a merger against
//     the sum of the predecessors' reports;
//   - a jump counts from ten things on, so that small numbers are not judged.
package check
