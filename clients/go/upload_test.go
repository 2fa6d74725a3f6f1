package samplemind

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/grpc"

	pb "samplemind/samplemindv1"
)

// desk is an AudioService that takes one upload in.
type desk struct {
	pb.UnimplementedAudioServiceServer
	breaks  []int // after so many messages a stream breaks, in turn
	created *pb.CreateUploadRequest
	stored  []byte
	starts  []int64 // where each stream began
}

func (d *desk) upload() *pb.Upload {
	return &pb.Upload{Id: "up", SizeBytes: d.created.GetSizeBytes(), CommittedBytes: int64(len(d.stored))}
}

func (d *desk) CreateUpload(_ context.Context, request *pb.CreateUploadRequest) (*pb.CreateUploadResponse, error) {
	if digest := sha256.Sum256(d.stored); request.GetSha256() == hex.EncodeToString(digest[:]) {
		known := &pb.CreateUploadResponse_Audio{Audio: &pb.Audio{Id: "known"}}
		return &pb.CreateUploadResponse{Outcome: known}, nil
	}
	d.created = request
	return &pb.CreateUploadResponse{Outcome: &pb.CreateUploadResponse_Upload{Upload: d.upload()}}, nil
}

func (d *desk) UploadChunks(stream grpc.ClientStreamingServer[pb.UploadChunksRequest, pb.UploadChunksResponse]) error {
	limit := -1
	if len(d.starts) < len(d.breaks) {
		limit = d.breaks[len(d.starts)]
	}
	d.starts = append(d.starts, int64(len(d.stored)))
	for count := 0; count != limit; count++ {
		piece, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return stream.SendAndClose(&pb.UploadChunksResponse{Upload: d.upload()})
		}
		if err != nil {
			return err
		}
		if piece.GetOffset() != int64(len(d.stored)) {
			return errors.New("not the committed offset")
		}
		d.stored = append(d.stored, piece.GetData()...)
	}
	return errBroken
}

func (d *desk) GetUpload(context.Context, *pb.GetUploadRequest) (*pb.GetUploadResponse, error) {
	return &pb.GetUploadResponse{Upload: d.upload()}, nil
}

func (d *desk) FinishUpload(_ context.Context, request *pb.FinishUploadRequest) (*pb.FinishUploadResponse, error) {
	return &pb.FinishUploadResponse{Audio: &pb.Audio{Id: "new", Name: d.created.GetName()}}, nil
}

func (d *desk) client(t *testing.T) *Client {
	t.Helper()
	return serve(t, func(server *grpc.Server) { pb.RegisterAudioServiceServer(server, d) })
}

// noise is a content with no two pieces alike.
func noise(size int) []byte {
	content := make([]byte, 0, size+sha256.Size)
	for block := sha256.Sum256(nil); len(content) < size; block = sha256.Sum256(block[:]) {
		content = append(content, block[:]...)
	}
	return content[:size]
}

func TestAnUploadGoesOnFromWhatIsCommitted(t *testing.T) {
	content := noise(5*pieceBytes + 7)
	audio := &desk{breaks: []int{2, 0, 3}}
	sent, err := audio.client(t).Upload(t.Context(), "loop.wav", bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(audio.stored, content) || len(audio.starts) != 4 || audio.starts[3] != 5*pieceBytes {
		t.Errorf("%d bytes are stored, from %v on", len(audio.stored), audio.starts)
	}
	if sent.Audio.GetId() != "new" || sent.Audio.GetName() != "loop.wav" || sent.Bytes != int64(len(content)) {
		t.Errorf("it was sent as %+v", sent)
	}
}

func TestALongUploadIsSentInStretches(t *testing.T) {
	content := noise(stretchBytes + 1)
	audio := &desk{}
	if _, err := audio.client(t).Upload(t.Context(), "long", bytes.NewReader(content), int64(len(content))); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(audio.stored, content) || len(audio.starts) != 2 || audio.starts[1] != stretchBytes {
		t.Errorf("%d bytes are stored, from %v on", len(audio.stored), audio.starts)
	}
}

func TestBytesThatTheDaemonHasAreNotSent(t *testing.T) {
	content := noise(1000)
	path := filepath.Join(t.TempDir(), "loop.wav")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	audio := &desk{stored: content}
	sent, err := audio.client(t).UploadFile(t.Context(), path)
	if err != nil || sent.Audio.GetId() != "known" || sent.Bytes != 0 || len(audio.starts) != 0 {
		t.Errorf("it was sent as %+v, %v", sent, err)
	}
}

// shrinking is a file that is cut after it was measured.
type shrinking struct {
	*bytes.Reader
	reads int
}

func (s *shrinking) ReadAt(data []byte, offset int64) (int, error) {
	if s.reads++; s.reads > 1 {
		return 0, io.EOF
	}
	return s.Reader.ReadAt(data, offset)
}

func TestAFileThatBecomesShorterIsNotTakenIn(t *testing.T) {
	content := noise(1000)
	file := &shrinking{Reader: bytes.NewReader(content)}
	audio := &desk{}
	_, err := audio.client(t).Upload(t.Context(), "loop.wav", file, int64(len(content)))
	if !errors.Is(err, io.EOF) {
		t.Errorf("the caller was told %v", err)
	}
}

func TestAFolderIsNoSound(t *testing.T) {
	if _, err := (&desk{}).client(t).UploadFile(t.Context(), t.TempDir()); err == nil {
		t.Error("it was sent")
	}
}
