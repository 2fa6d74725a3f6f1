package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

const (
	pcm        = 1
	extensible = 0xFFFE // says in its extension that it is PCM
)

// wav is a sound of 16-bit samples, interleaved.
type wav struct {
	rate, channels int32
	samples        []byte
}

func (w *wav) frames() int { return len(w.samples) / int(2*w.channels) }

// readWAV reads a WAV file of 16-bit PCM; an error where it is another kind of file.
func readWAV(path string) (*wav, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(data) < 12 || string(data[:4]) != "RIFF" || string(data[8:12]) != "WAVE" {
		return nil, fmt.Errorf("%s: not a WAV file", path)
	}
	sound := &wav{}
	for rest := data[12:]; len(rest) >= 8; {
		name, size := string(rest[:4]), int(binary.LittleEndian.Uint32(rest[4:8]))
		size = min(size, len(rest)-8)
		if err := sound.heed(name, rest[8:8+size]); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		rest = rest[min(8+size+size%2, len(rest)):] // chunks begin at even bytes
	}
	if sound.channels == 0 || len(sound.samples) == 0 {
		return nil, fmt.Errorf("%s: no format or no samples", path)
	}
	return sound, nil
}

// heed takes in a chunk.
func (w *wav) heed(name string, chunk []byte) error {
	switch name {
	case "data":
		w.samples = bytes.Clone(chunk)
	case "fmt ":
		var form struct {
			Tag, Channels        uint16
			Rate, BytesASecond   uint32
			FrameBytes, BitsEach uint16
		}
		if _, err := binary.Decode(chunk, binary.LittleEndian, &form); err != nil {
			return err
		}
		if form.Tag != pcm && form.Tag != extensible || form.BitsEach != 16 {
			return errors.New("not 16-bit PCM")
		}
		w.rate, w.channels = int32(form.Rate), int32(form.Channels)
	}
	return nil
}
