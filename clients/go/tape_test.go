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
		synctest.Wait()
		if ahead := sound.played - tape.most; ahead < 0 || ahead > 2*pieceFrames {
			t.Errorf("%d of %d frames were read ahead", sound.played, tape.most)
		}
		for frame := int64(0); frame < 10*tape.most; {
			next, err := tape.next(ctx, frame)
			if err != nil {
				t.Fatal(err)
			}
			frame = tape.after(next)
		}
		synctest.Wait()
		if kept := tape.end - tape.pieces[0].first; kept > 2*tape.most+pieceFrames {
			t.Errorf("%d frames are kept", kept)
		}
		cancel()
		synctest.Wait() // the one that fills it ends, too
	})
}

func TestATapeBeginsWhereItStillCan(t *testing.T) {
	tape := newTape(1, 8000)
	sound := io.LimitReader(&endless{}, 3*pieceFrames)
	tape.fill(t.Context(), sound)
	tape.pieces = tape.pieces[1:] // as if it were long ago
	next, err := tape.next(t.Context(), 5)
	if err != nil || next.first != pieceFrames {
		t.Errorf("it begins with %d, %v", next.first, err)
	}
	if _, err := tape.next(t.Context(), 3*pieceFrames); !errors.Is(err, io.EOF) {
		t.Errorf("it ends with %v", err)
	}
}
