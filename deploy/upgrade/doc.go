// Package upgrade holds a data folder of every release, and tests that the present code takes it over.
//
// testdata/vN.tar.gz is a folder that release N has written, testdata/vN.golden what was in it. Neither is ever
// made anew: a change that cannot read them is not released. A release that changes a store's format adds the
// next pair, with
//
//	go test ./deploy/upgrade -make v2
package upgrade
