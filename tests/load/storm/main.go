// Storm makes many calls of a daemon: it reads as JSON what to do, and prints as JSON what became of the calls.
//
// It runs on the same cores as the daemon that it measures, and leaves as much of them to it as it can.
package main

import (
	"encoding/json"
	"log"
	"os"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"
)

// Seen is what is printed.
type Seen struct {
	Seconds          float64 `json:"seconds"`           // from the first call to the last answer
	ProcessorSeconds float64 `json:"processor_seconds"` // of the storm itself meanwhile
	LateMS           float64 `json:"late_ms"`           // that calls were begun after their time, at the 99th percentile
	Outcomes         []Told  `json:"outcomes"`
}

func main() {
	runtime.GOMAXPROCS(1) // a second would only look for work that the first has
	debug.SetGCPercent(400)
	log.SetFlags(0)
	var plan Plan
	if err := json.NewDecoder(os.Stdin).Decode(&plan); err != nil {
		log.Fatal("the plan: ", err)
	}
	storm, err := connect(plan)
	if err != nil {
		log.Fatal(err)
	}
	before, began := spent(), time.Now()
	if plan.Rate > 0 {
		storm.open()
	} else {
		storm.closed()
	}
	seen := Seen{
		Seconds:          time.Since(began).Seconds(),
		ProcessorSeconds: (spent() - before).Seconds(),
		LateMS:           milliseconds(storm.late, 0.99),
		Outcomes:         storm.tally.tell(),
	}
	if err := json.NewEncoder(os.Stdout).Encode(seen); err != nil {
		log.Fatal(err)
	}
}

// spent is the processor time that this process has taken.
func spent() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		log.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
