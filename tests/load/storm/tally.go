package main

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
)

// Told is how many calls of a group had an outcome, and how long they took.
type Told struct {
	Group       string         `json:"group"`
	Outcome     string         `json:"outcome"` // the status code, and the reason if there is one
	Calls       int            `json:"calls"`
	WithoutTime int            `json:"without_time"` // of them, those that did not say when to come back
	P50         float64        `json:"p50_ms"`
	P99         float64        `json:"p99_ms"`
	Most        float64        `json:"most_ms"`
	Histogram   map[string]int `json:"histogram"` // calls by the power of two that they took less than, in ms
}

type key struct{ group, outcome string }

type record struct {
	took        []time.Duration
	withoutTime int
}

// Tally is how calls ended.
type Tally struct {
	mutex   sync.Mutex
	records map[key]*record
}

func newTally() *Tally { return &Tally{records: map[key]*record{}} }

func (tally *Tally) note(group string, err error, took time.Duration) {
	outcome, timed := read(err)
	tally.mutex.Lock()
	defer tally.mutex.Unlock()
	at := tally.records[key{group, outcome}]
	if at == nil {
		at = &record{}
		tally.records[key{group, outcome}] = at
	}
	at.took = append(at.took, took)
	if !timed {
		at.withoutTime++
	}
}

// read is the code with the reason, and whether it says when to come back.
func read(err error) (string, bool) {
	if err == nil {
		return "OK", false
	}
	said, timed := status.Convert(err), false
	outcome := code.Code(said.Code()).String()
	for _, detail := range said.Details() {
		switch about := detail.(type) {
		case *errdetails.ErrorInfo:
			outcome += " " + about.GetReason()
		case *errdetails.RetryInfo:
			timed = about.GetRetryDelay().AsDuration() > 0
		}
	}
	return outcome, timed
}

// tell is all of it, the most frequent first.
func (tally *Tally) tell() []Told {
	told := []Told{}
	for key, at := range tally.records {
		one := Told{
			Group: key.group, Outcome: key.outcome, Calls: len(at.took), WithoutTime: at.withoutTime,
			P50: milliseconds(at.took, 0.5), P99: milliseconds(at.took, 0.99), Most: milliseconds(at.took, 1),
			Histogram: map[string]int{},
		}
		for _, took := range at.took {
			bound := time.Millisecond
			for bound <= took {
				bound *= 2
			}
			one.Histogram[bound.String()]++
		}
		told = append(told, one)
	}
	slices.SortFunc(told, func(a, b Told) int { return cmp.Compare(b.Calls, a.Calls) })
	return told
}

// milliseconds is what that share of them is less than; they are sorted then.
func milliseconds(some []time.Duration, share float64) float64 {
	if len(some) == 0 {
		return 0
	}
	slices.Sort(some)
	at := min(int(float64(len(some))*share), len(some)-1)
	return float64(some[at].Microseconds()) / 1_000
}
