package samplemind

import (
	"context"
	"math/rand/v2"
	"time"
)

const jitter = 0.2 // of a delay, more at most: so that many clients do not come back at once

// standardDelays are waited before each new try.
var standardDelays = [...]time.Duration{
	500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second,
}

// tries are those that one request still has.
type tries struct {
	delays  []time.Duration
	used    int
	renewed bool // whether the credential was renewed for this request
}

// left tells whether there is another try.
func (t *tries) left() bool { return t.used < len(t.delays) }

// next uses up a try and says what its own delay is.
func (t *tries) next() time.Duration {
	delay := t.delays[t.used]
	t.used++
	return delay
}

// restore gives all tries back: there was progress.
func (t *tries) restore() { t.used, t.renewed = 0, false }

// wait sleeps for a delay, up to a fifth more, or until ctx is done, which is the error.
func wait(ctx context.Context, delay time.Duration) error {
	timer := time.NewTimer(delay + time.Duration(rand.Float64()*jitter*float64(delay)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
