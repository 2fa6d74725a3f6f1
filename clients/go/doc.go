// Package samplemind asks a SampleMind daemon what is heard in sounds.
//
// A [Client] is a connection that outlives breaks, restarts of the daemon and
// the end of its tokens. Its fields, such as Audio and Library, are the services
// of the daemon as they are generated: every call made through them is signed,
// has a deadline, is tried again after a break with the same request_id, and
// fails with an [*Error]. Its methods do what takes more than one call: signing
// in, uploading, following an analysis or events, and live sound.
//
// The messages are those of package samplemind/samplemindv1, which
//
//	go generate ./...
//
// makes out of the .proto files.
package samplemind

//go:generate go run ./internal/stubs ../../proto
