package main

import (
	"math/rand/v2"

	"google.golang.org/grpc/metadata"
)

// Plan is what is read: who is called, how often, and what for.
type Plan struct {
	Address     string  `json:"address"`
	Connections int     `json:"connections"` // each call goes over the next
	Clients     int     `json:"clients"`     // each waits for its answer before it goes on; or ...
	Rate        float64 `json:"rate"`        // ... deeds a second, begun whatever became of those before
	Seconds     float64 `json:"seconds"`     // that new ones are begun; 0: until there were Most
	Most        int     `json:"most"`        // deeds of the clients in all; 0: no bound
	Deeds       []Deed  `json:"deeds"`
}

// Deed is a call, or an upload, which takes three of them.
type Deed struct {
	Group   string            `json:"group"`  // whose outcomes are told together
	Weight  float64           `json:"weight"` // how often it is picked, beside the others
	Method  string            `json:"method"`
	Headers map[string]string `json:"headers"`
	Message []byte            `json:"message"` // as it goes over the wire; base64 in the plan
	Upload  int               `json:"upload"`  // bytes of a new sound that is sent instead

	metadata metadata.MD
}

// Dice picks deeds by their weights.
type Dice struct {
	deeds []Deed
	sums  []float64
}

func newDice(deeds []Deed) *Dice {
	dice, sum := &Dice{deeds: deeds}, 0.0
	for i := range deeds {
		deeds[i].metadata = metadata.New(deeds[i].Headers)
		sum += deeds[i].Weight
		dice.sums = append(dice.sums, sum)
	}
	return dice
}

func (dice *Dice) throw() *Deed {
	at := rand.Float64() * dice.sums[len(dice.sums)-1]
	for i, sum := range dice.sums {
		if at < sum {
			return &dice.deeds[i]
		}
	}
	return &dice.deeds[len(dice.deeds)-1]
}
