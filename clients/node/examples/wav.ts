import { readFile } from "node:fs/promises";

/** The samples of a WAV file: 16-bit integers, little-endian, channels interleaved. */
export interface Wav {
  readonly rateHz: number;
  readonly channels: number;
  readonly frames: number;
  readonly data: Uint8Array;
}

const PCM = 1;

/**
 * Reads a WAV file of 16-bit PCM.
 *
 * @throws TypeError where it is another kind of file
 */
export async function readWav(path: string): Promise<Wav> {
  const file = await readFile(path);
  if (file.toString("latin1", 0, 4) !== "RIFF" || file.toString("latin1", 8, 12) !== "WAVE") {
    throw new TypeError(`${path} is no WAV file`);
  }
  let format: Buffer | undefined;
  for (let at = 12; at + 8 <= file.length; ) {
    const name = file.toString("latin1", at, at + 4);
    const size = file.readUInt32LE(at + 4);
    const chunk = file.subarray(at + 8, at + 8 + size);
    if (name === "fmt ") {
      format = chunk;
    } else if (name === "data" && format?.readUInt16LE(0) === PCM && format.readUInt16LE(14) === 16) {
      const [channels, rateHz] = [format.readUInt16LE(2), format.readUInt32LE(4)];
      return { rateHz, channels, frames: Math.floor(chunk.length / (2 * channels)), data: chunk };
    }
    at += 8 + size + (size % 2); // chunks begin at even places
  }
  throw new TypeError(`${path} holds no 16-bit PCM`);
}

/** Its samples in pieces of so many frames. */
export function* pieces({ data, channels, frames }: Wav, framesEach: number): Generator<Uint8Array, void, undefined> {
  const frameBytes = 2 * channels;
  for (let frame = 0; frame < frames; frame += framesEach) {
    yield data.subarray(frame * frameBytes, Math.min(frame + framesEach, frames) * frameBytes);
  }
}
