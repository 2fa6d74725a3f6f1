package samplemind

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"google.golang.org/grpc"

	pb "samplemind/samplemindv1"
)

const (
	pieceBytes     = 64 << 10 // in a message
	stretchBytes   = 16 << 20 // in one stream: after each the daemon says how far it is
	stretchTimeout = 5 * time.Minute
	finishTimeout  = 2 * time.Minute // the daemon hashes and syncs the whole file
)

// unclear are reasons for which a stream may have ended so that only the daemon
// knows how far it got: ask, and go on from there.
var unclear = map[string]bool{
	"WRONG_OFFSET":      true, // our last stream was not over yet, there
	"STILL_SENDING":     true,
	"DEADLINE_EXCEEDED": true, // a slow line
	"INTERNAL":          true, // what gRPC may say of a stream that was ended while we wrote to it
}

// Sent is a sound that the daemon has now.
type Sent struct {
	Audio *pb.Audio
	Bytes int64 // that were sent of it; 0 where the daemon had the very bytes already
}

// UploadFile brings a file to the daemon under its own name; see [Client.Upload].
//
// An error that is none of this package says why the file cannot be read.
func (c *Client) UploadFile(ctx context.Context, path string) (*Sent, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	about, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !about.Mode().IsRegular() { // a pipe would be waited for without end
		return nil, fmt.Errorf("samplemind: %s is no regular file", path)
	}
	return c.Upload(ctx, filepath.Base(path), file, about.Size())
}

// Upload brings bytes to the daemon, which queues them for analysis under this
// name. Bytes that it has already are not sent again, and after a break it goes
// on from the last byte that is safely stored.
func (c *Client) Upload(ctx context.Context, name string, content io.ReaderAt, size int64) (*Sent, error) {
	digest := sha256.New()
	if _, err := io.Copy(digest, io.NewSectionReader(content, 0, size)); err != nil {
		return nil, err
	}
	answer, err := c.Audio.CreateUpload(ctx, &pb.CreateUploadRequest{
		Name:      strings.ToValidUTF8(name, "\uFFFD"),
		SizeBytes: size,
		Sha256:    hex.EncodeToString(digest.Sum(nil)),
	})
	if err != nil {
		return nil, err
	}
	if answer.GetAudio() != nil {
		return &Sent{Audio: answer.GetAudio()}, nil
	}
	upload := answer.GetUpload()
	if err := c.send(ctx, content, upload); err != nil {
		return nil, err
	}
	finish := &pb.FinishUploadRequest{UploadId: upload.GetId()}
	done, err := c.Audio.FinishUpload(ctx, finish, Timeout(finishTimeout))
	if err != nil {
		return nil, err
	}
	return &Sent{done.GetAudio(), size - upload.GetCommittedBytes()}, nil
}

// send sends from what is committed to the end; after a break, from what is committed then.
func (c *Client) send(ctx context.Context, content io.ReaderAt, upload *pb.Upload) error {
	tries, committed := c.line.tries(), upload.GetCommittedBytes()
	for committed < upload.GetSizeBytes() {
		reached, err := c.sendStretch(ctx, content, upload, committed)
		if err != nil {
			if err := c.pause(ctx, err, tries); err != nil {
				return err
			}
			now, err := c.Audio.GetUpload(ctx, &pb.GetUploadRequest{UploadId: upload.GetId()})
			if err != nil {
				return err
			}
			reached = now.GetUpload().GetCommittedBytes()
		}
		if reached > committed {
			tries.restore()
		}
		committed = reached
	}
	return nil
}

// pause returns nil when a stream can be tried again.
func (c *Client) pause(ctx context.Context, err error, tries *tries) error {
	refusal, ok := errors.AsType[*Error](err)
	slow := errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil
	if (slow || ok && unclear[refusal.Reason]) && tries.left() {
		return wait(ctx, tries.next())
	}
	return c.line.recover(ctx, err, tries)
}

// sendStretch sends one stream's share, and says how much is committed then.
func (c *Client) sendStretch(
	ctx context.Context, content io.ReaderAt, upload *pb.Upload, start int64,
) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, stretchTimeout)
	defer cancel()
	stream, err := c.Audio.UploadChunks(ctx)
	if err != nil {
		return 0, err
	}
	end := min(start+stretchBytes, upload.GetSizeBytes())
	if err := sendPieces(stream, content, upload.GetId(), start, end); err != nil {
		return 0, err
	}
	answer, err := stream.CloseAndRecv()
	return answer.GetUpload().GetCommittedBytes(), err
}

// sendPieces sends the bytes from start to end. Where the stream breaks it
// returns nil: the answer says why.
func sendPieces(
	stream grpc.ClientStreamingClient[pb.UploadChunksRequest, pb.UploadChunksResponse],
	content io.ReaderAt, uploadID string, start, end int64,
) error {
	piece := make([]byte, pieceBytes)
	for offset := start; offset < end; {
		data := piece[:min(pieceBytes, end-offset)]
		if n, err := content.ReadAt(data, offset); n < len(data) {
			return fmt.Errorf("samplemind: reading the sound at byte %d: %w", offset+int64(n), err)
		}
		message := &pb.UploadChunksRequest{UploadId: uploadID, Offset: offset, Data: data}
		if err := stream.Send(message); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		offset += int64(len(data))
	}
	return nil
}
