package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials/insecure"
)

const (
	patience = 30 * time.Second // that a call may take
	step     = 2 * time.Millisecond
	window   = 1 << 20 // bytes; one that is given spares the pings by which a better one is found
)

// Storm is many calls over some connections.
type Storm struct {
	plan        Plan
	dice        *Dice
	connections []*grpc.ClientConn
	calls       atomic.Uint64
	tally       *Tally
	late        []time.Duration // that calls were begun after their time
}

// connect makes the connections, so that they are there when the first call is made.
func connect(plan Plan) (*Storm, error) {
	storm := &Storm{plan: plan, dice: newDice(plan.Deeds), tally: newTally()}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for range plan.Connections {
		one, err := grpc.NewClient("passthrough:///"+plan.Address,
			grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDisableRetry(), grpc.WithIdleTimeout(0),
			grpc.WithInitialWindowSize(window), grpc.WithInitialConnWindowSize(window))
		if err != nil {
			return nil, err
		}
		one.Connect()
		storm.connections = append(storm.connections, one)
	}
	for _, one := range storm.connections {
		for at := one.GetState(); at != connectivity.Ready; at = one.GetState() {
			if !one.WaitForStateChange(ctx, at) {
				return nil, fmt.Errorf("%s does not answer", plan.Address)
			}
		}
	}
	return storm, nil
}

// next is the connection of the next call.
func (storm *Storm) next() *grpc.ClientConn {
	return storm.connections[storm.calls.Add(1)%uint64(len(storm.connections))]
}

// closed has clients act that each wait for an answer before they go on.
func (storm *Storm) closed() {
	var begun atomic.Int64
	var clients sync.WaitGroup
	until := time.Now().Add(time.Duration(storm.plan.Seconds * float64(time.Second)))
	for range storm.plan.Clients {
		clients.Go(func() {
			for storm.plan.Seconds == 0 || time.Now().Before(until) {
				if most := storm.plan.Most; most > 0 && begun.Add(1) > int64(most) {
					return
				}
				storm.act(storm.dice.throw())
			}
		})
	}
	clients.Wait()
}

// open begins so many deeds a second, as people do who know nothing of each other.
func (storm *Storm) open() {
	var running sync.WaitGroup
	every := time.Duration(float64(time.Second) / storm.plan.Rate)
	due := time.Now()
	until := due.Add(time.Duration(storm.plan.Seconds * float64(time.Second)))
	for due.Before(until) {
		for now := time.Now(); !due.After(now) && due.Before(until); due = due.Add(every) {
			storm.late = append(storm.late, now.Sub(due))
			running.Go(func() { storm.act(storm.dice.throw()) })
		}
		time.Sleep(step)
	}
	running.Wait()
}
