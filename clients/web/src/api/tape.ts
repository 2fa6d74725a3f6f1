/** A stretch of sound: the bytes of its samples, and the number of its first frame. */
export interface Piece {
  frame: number;
  frames: number;
  data: Uint8Array<ArrayBuffer>;
}

/** The last of what is played: what was not sent yet waits here, and what was is kept for a break. */
export class Tape {
  private pieces: Piece[] = [];
  private end = 0; // frames that came
  private at = 0; // the frame that is sent next

  /** Keeps so many frames. */
  constructor(private readonly most: number) {}

  /** How many frames came so far. */
  get frames(): number {
    return this.end;
  }

  /** Whether something waits to be sent. */
  get waits(): boolean {
    return this.at < this.end;
  }

  /** Takes in samples; what is older than it keeps is let go, sent or not. */
  push(samples: Float32Array<ArrayBuffer>, channels: number): void {
    const data = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    const piece = { frame: this.end, frames: samples.length / channels, data };
    this.pieces.push(piece);
    this.end += piece.frames;
    while (this.pieces[0] && this.pieces[0].frame < this.end - this.most) this.pieces.shift();
  }

  /** Goes on with this frame, or with the first one after it that is still here. */
  rewind(frame: number): void {
    this.at = frame;
  }

  /** What is sent next, as long as it begins before a frame. */
  next(before: number): Piece | undefined {
    const piece = this.pieces.find((one) => one.frame + one.frames > this.at);
    if (!piece || piece.frame >= before) return undefined;
    this.at = piece.frame + piece.frames;
    return piece;
  }
}
