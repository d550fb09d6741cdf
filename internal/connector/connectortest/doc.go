// Package connectortest holds what every connector is tested with: conformance
// suites (RunPublic, RunDesk) that each one must pass, and fakes of platforms that
// pass them too, fail as they are told and remember every call. What replicas share
// (Mailbox, Memory, Leases) has the same: suites for every store, and fakes in memory.
//
// It knows the ports of package connector and no platform. It must not know the
// domain's rules or the delivery worker: a test that needs both brings them
// together.
package connectortest
