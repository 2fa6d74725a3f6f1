package samplemind

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sort"
	"sync"
)

const (
	pieceFrames = 1024 // in a message, at most: 32 KiB of the widest frames that the daemon hears
	keptSeconds = 35   // of sound that the daemon has not said to have: it waits 30 for us after a break
)

// piece is a stretch of sound: the number of its first frame, and whole frames.
type piece struct {
	first int64
	data  []byte
}

// tape holds what is played until the daemon has it, so that it can be sent
// again. Whoever plays is held up only where that takes very long.
type tape struct {
	width int64 // bytes of a frame
	most  int64 // frames that are held

	mu     sync.Mutex // guards the rest
	news   *sync.Cond
	pieces []piece
	end    int64 // frames that were played
	had    int64 // frames that the daemon has
	err    error // why no more will come: io.EOF, or what reading the sound says
}

func newTape(width, rate int64) *tape {
	t := &tape{width: width, most: keptSeconds * rate}
	t.news = sync.NewCond(&t.mu)
	return t
}

// wake has whoever waits see that a context is done.
func (t *tape) wake() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.news.Broadcast()
}

// fill takes in all that is played, until its end or that of ctx.
func (t *tape) fill(ctx context.Context, sound io.Reader) {
	defer context.AfterFunc(ctx, t.wake)()
	var err error
	for rest := []byte(nil); err == nil; {
		rest, err = t.record(ctx, sound, rest)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.err = err
	t.news.Broadcast()
}

// record keeps the whole frames of one read, after the bytes left of the last
// one, and gives back the bytes that are left.
func (t *tape) record(ctx context.Context, sound io.Reader, rest []byte) ([]byte, error) {
	data := make([]byte, pieceFrames*t.width)
	n := copy(data, rest)
	more, err := io.ReadAtLeast(sound, data[n:], int(t.width)-n)
	n += more
	whole := n - n%int(t.width)
	if whole > 0 {
		if err := t.add(ctx, data[:whole]); err != nil {
			return nil, err
		}
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF): // the last frame is not whole
		return nil, io.EOF
	case err != nil && !errors.Is(err, io.EOF):
		return nil, fmt.Errorf("samplemind: reading the sound: %w", err)
	}
	return data[whole:n], err
}

// add keeps a piece once there is room for it.
func (t *tape) add(ctx context.Context, data []byte) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.end-t.had >= t.most && ctx.Err() == nil {
		t.news.Wait()
	}
	t.pieces = append(t.pieces, piece{t.end, data})
	t.end += int64(len(data)) / t.width
	t.news.Broadcast()
	return ctx.Err()
}

// forget lets go of what the daemon has: all before this frame.
func (t *tape) forget(frame int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.had = max(t.had, frame)
	for len(t.pieces) > 0 && t.after(t.pieces[0]) <= t.had {
		t.pieces[0] = piece{}
		t.pieces = t.pieces[1:]
	}
	t.news.Broadcast()
}

// next is the piece with this frame, or the first that is still here, once
// there is one. The error is io.EOF where all was played, that of ctx, or what
// reading the sound says.
func (t *tape) next(ctx context.Context, frame int64) (piece, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.end <= frame && t.err == nil && ctx.Err() == nil {
		t.news.Wait()
	}
	if ctx.Err() != nil {
		return piece{}, ctx.Err()
	}
	at := sort.Search(len(t.pieces), func(i int) bool { return t.after(t.pieces[i]) > frame })
	if at == len(t.pieces) {
		return piece{}, t.err
	}
	return t.pieces[at], nil
}

// after is the number of the frame behind a piece.
func (t *tape) after(p piece) int64 { return p.first + int64(len(p.data))/t.width }
