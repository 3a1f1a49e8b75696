// Package demo does the year 2018 of a real city over REST, as its township portals and its leading group's
// office would: the suite's main job, from the records to the roll-up (汇总).
//
// [Load] gives the city: the organs of Bole City (博乐市), the figures and words that 贝林哈日莫墩乡 published in
// its report of 2018, and made-up records of the others, each marked as an example (示例). [Run] enters them
// through a gateway, [Table] prints what the leading group then sees. The package knows the suite by its REST
// contract only.
//
// Every call that writes carries a request id that is the same in every run (AIP-155). So a run that was
// interrupted is repeated over the data it left, within the 7 days that a request id is kept, and does what is
// missing.
package demo
