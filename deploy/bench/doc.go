// Command bench measures the suite as it is shipped, and keeps the table of the figures in the READMEs.
//
//	go run ./deploy/bench            prints the table
//	go run ./deploy/bench -write     and writes it between the markers of README.md and README.zh-CN.md
//	go run ./deploy/bench -only get  measures one part
//	go run ./deploy/bench -quick     fewer records and rounds: to try it, not to quote it
//	go run ./deploy/bench -nation 550  the part of the country with all its facts, 22.7 million
//
// The client is this process. The server is a child process, `gongkai serve` as anyone runs it: tokens verified and
// cached, the access log written to a file. Whatever is compared, a yardstick and a measurement, is measured in turns
// in the same run, and the ratio of each turn is taken: the table has their median, so that a noisy machine harms
// both alike.
//
// The yardsticks are children too, of this very program: a bare gRPC server and a bare grpc-gateway that answer the
// same payload from memory. That of a write is a loop over bbolt, the engine below the suite, which puts the very
// keys and values that the server has put into a copy of the store as it was before, as many to a commit.
package main
