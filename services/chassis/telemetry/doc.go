// Package telemetry is how the suite is seen from outside: metrics, traces, and the address of its own that
// shows them.
//
// Nothing here says whom or what a call was about: no account, no organisation, no resource, no text of a
// request or an error. Every label takes its values from a list that the program itself knows: methods of the
// contracts, patterns of routes, names of services, codes. What a caller may choose freely is "other".
//
// # Metrics
//
//	name                                     type       labels          what
//	gongkai_build_info                       gauge      version         always 1
//	gongkai_grpc_calls_total                 counter    method, code    calls that ended; code as OK, NotFound
//	gongkai_grpc_call_duration_seconds       histogram  method          how long calls took, streams included
//	gongkai_grpc_calls_in_flight             gauge                      calls under way, streams included
//	gongkai_http_requests_total              counter    route, code     REST and pages; route as GET /v1/{name=...}
//	gongkai_http_request_duration_seconds    histogram  route           how long requests took, watches included
//	gongkai_http_requests_in_flight          gauge                      requests under way, watches included
//	gongkai_store_commits_total              counter    store           commits that wrote something
//	gongkai_store_commit_callers             histogram  store           callers that shared a commit
//	gongkai_store_commit_seconds_total       counter    store           time that commits took to become durable
//	gongkai_store_rollbacks_total            counter    store           transactions taken back after a failure
//	gongkai_store_size_bytes                 gauge      store           size of the store's file
//	gongkai_log_entries                      gauge      log             entries in a service's event log
//	gongkai_feed_position_entries            gauge      follower, feed  entries of a feed that are folded
//	gongkai_feed_lag_entries                 gauge      follower, feed  entries behind the source; absent if it does not answer
//	gongkai_feed_last_fold_age_seconds       gauge      follower, feed  since the last fold, or since following began
//	gongkai_feed_source_up                   gauge      follower, feed  1 if the source tells its size, else 0
//	gongkai_ready                            gauge                      1 if the process is ready, as /readyz says
//
// Beside them are the Go runtime's and the process's own, go_* and process_*.
//
// # Traces
//
// A trace of a sampled call has a span in the gateway (the route's pattern), one in the service (the method),
// and one for the commit that the call shared, with the commit's number and how many callers shared it. Calls
// bring the trace that they are part of as a W3C traceparent. Whether a trace is sampled follows from its id
// alone, so that processes with the same ratio agree, and a caller cannot ask for it. The instrumentation that
// comes with OpenTelemetry is not used, since it writes down the caller's network address.
package telemetry
