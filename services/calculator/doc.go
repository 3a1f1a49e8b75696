// Package calculator serves the law of requests to whoever keeps requests elsewhere: working days, deadlines, fees,
// grounds, and where to appeal.
//
// It keeps nothing: no store, no log, no identity. Each method reads its request, asks a rule under law, and answers
// with the result and how it comes about. Results have one form, that of their JSON in package law: the messages of the
// contract have the same names, so that a file for the command line is a body for REST.
package calculator
