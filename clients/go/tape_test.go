package samplemind

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
)

// endless is a sound without end that counts its bytes.
type endless struct{ played int64 }

func (e *endless) Read(data []byte) (int, error) {
	e.played += int64(len(data))
	return len(data), nil
}

func TestATapeHoldsUpWhoeverPlaysOnlyWhereItIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		tape, sound := newTape(1, 8000), &endless{}
		go tape.fill(ctx, sound)
		for frame := int64(0); frame < 10*tape.most; {
			synctest.Wait()
			if held := tape.end - frame; held < tape.most || held > tape.most+2*pieceFrames {
				t.Fatalf("%d of %d frames are held", held, tape.most)
			}
			frame += tape.most / 2
			tape.forget(frame)
		}
		cancel()
		synctest.Wait() // the one that fills it ends, too
	})
}

func TestATapeGivesAgainWhatTheDaemonHasNot(t *testing.T) {
	tape := newTape(1, 8000)
	tape.fill(t.Context(), io.LimitReader(&endless{}, 3*pieceFrames))
	tape.forget(pieceFrames + 5)
	for range 2 {
		if next, err := tape.next(t.Context(), pieceFrames+5); err != nil || next.first != pieceFrames {
			t.Errorf("it goes on with %d, %v", next.first, err)
		}
	}
	if _, err := tape.next(t.Context(), 3*pieceFrames); !errors.Is(err, io.EOF) {
		t.Errorf("it ends with %v", err)
	}
}
