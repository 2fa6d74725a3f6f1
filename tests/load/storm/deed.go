package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/metadata"
	"samplemind/samplemindv1"
)

const rate, piece = 44_100, 64 * 1024 // samples a second, bytes of a message

// plain sends bytes as they are, and does not read the answer.
type plain struct{}

func (plain) Name() string { return "proto" }

func (plain) Marshal(message any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(message.([]byte))}, nil
}

func (plain) Unmarshal(mem.BufferSlice, any) error { return nil }

// act does what a client does, and notes how each call of it ended; after a refusal the rest is left out.
func (storm *Storm) act(deed *Deed) {
	if deed.Upload > 0 {
		storm.upload(deed)
		return
	}
	storm.call(deed, func(ctx context.Context, to *grpc.ClientConn) error {
		return to.Invoke(ctx, deed.Method, deed.Message, nil, grpc.ForceCodecV2(plain{}))
	})
}

func (storm *Storm) call(deed *Deed, ask func(context.Context, *grpc.ClientConn) error) bool {
	ctx, cancel := context.WithTimeout(metadata.NewOutgoingContext(context.Background(), deed.metadata), patience)
	defer cancel()
	began := time.Now()
	err := ask(ctx, storm.next())
	storm.tally.note(deed.Group, err, time.Since(began))
	return err == nil
}

// upload sends a sound of noise that nobody has ever sent.
func (storm *Storm) upload(deed *Deed) {
	sound := noise(deed.Upload)
	digest := sha256.Sum256(sound)
	var id string
	opened := storm.call(deed, func(ctx context.Context, to *grpc.ClientConn) error {
		answer, err := samplemindv1.NewAudioServiceClient(to).CreateUpload(ctx, &samplemindv1.CreateUploadRequest{
			Name: "sound.wav", SizeBytes: int64(len(sound)), Sha256: hex.EncodeToString(digest[:]),
		})
		id = answer.GetUpload().GetId()
		return err
	})
	if !opened || !storm.call(deed, func(ctx context.Context, to *grpc.ClientConn) error {
		return send(ctx, to, id, sound)
	}) {
		return
	}
	storm.call(deed, func(ctx context.Context, to *grpc.ClientConn) error {
		_, err := samplemindv1.NewAudioServiceClient(to).FinishUpload(ctx, &samplemindv1.FinishUploadRequest{UploadId: id})
		return err
	})
}

func send(ctx context.Context, to *grpc.ClientConn, id string, sound []byte) error {
	stream, err := samplemindv1.NewAudioServiceClient(to).UploadChunks(ctx)
	for at := 0; err == nil && at < len(sound); at += piece {
		// What went wrong is told at the end.
		_ = stream.Send(&samplemindv1.UploadChunksRequest{
			UploadId: id, Offset: int64(at), Data: sound[at:min(at+piece, len(sound))],
		})
	}
	if err == nil {
		_, err = stream.CloseAndRecv()
	}
	return err
}

// noise is a WAV file with so many bytes of 16-bit samples.
func noise(size int) []byte {
	sound := []byte("RIFF")
	sound = binary.LittleEndian.AppendUint32(sound, uint32(36+size))
	sound = append(sound, "WAVEfmt "...)
	sound, _ = binary.Append(sound, binary.LittleEndian, []uint32{16, 1 | 1<<16, rate, 2 * rate, 2 | 16<<16})
	sound = append(sound, "data"...)
	sound = binary.LittleEndian.AppendUint32(sound, uint32(size))
	samples := make([]byte, size)
	_, _ = rand.Read(samples) // it never fails
	return append(sound, samples...)
}
