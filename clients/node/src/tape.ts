const PIECE_BYTES = 64 * 1024; // in a message, at most
/** Of sound that is kept, to be sent again after a break: the daemon waits 30 for us. */
const KEPT_SECONDS = 35;

/** A stretch of sound: whole frames, and the number of the first of them. */
export interface Piece {
  readonly frame: number;
  readonly data: Uint8Array;
}

/** The last seconds of what is played: whoever plays is held up only where nobody reads for so long. */
export class Tape {
  readonly #mostFrames: number;
  #pieces: Piece[] = [];
  #end = 0; // frames that came
  #read = 0; // frames that were read
  #over = false;
  #wrong: { readonly error: unknown } | undefined;
  #news = new News();

  constructor(
    private readonly frameBytes: number,
    rateHz: number,
  ) {
    this.#mostFrames = KEPT_SECONDS * rateHz;
  }

  /** Takes in all that is played, until it ends or the tape is cut; what goes wrong is told to whoever reads. */
  async fill(sound: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    let rest: Uint8Array = new Uint8Array();
    try {
      for await (const data of sound) {
        rest = await this.#add(Buffer.concat([rest, data]));
        if (this.#over) {
          return;
        }
      }
    } catch (error) {
      this.#wrong = { error };
    }
    this.cut();
  }

  /** Takes in nothing more. */
  cut(): void {
    this.#over = true;
    this.#news.tell();
  }

  /** What is played from this frame on, or from the first that is still here; waits for what is still to come. */
  async *read(frame: number): AsyncGenerator<Piece, void, undefined> {
    for (let piece = await this.#next(frame); piece; piece = await this.#next(frame)) {
      frame = this.#after(piece);
      yield piece;
    }
  }

  /** The piece with this frame, once it is there; undefined where all has been played. */
  async #next(frame: number): Promise<Piece | undefined> {
    while (this.#end <= frame && !this.#over) {
      await this.#news.next;
    }
    if (this.#end > frame) {
      const piece = this.#pieces.findLast((one) => one.frame <= frame) ?? this.#pieces[0];
      this.#read = piece ? this.#after(piece) : this.#end;
      this.#news.tell();
      return piece;
    }
    if (this.#wrong) {
      throw this.#wrong.error;
    }
    return undefined;
  }

  /** Keeps the whole frames, and gives back what is left. */
  async #add(data: Uint8Array): Promise<Uint8Array> {
    const step = PIECE_BYTES - (PIECE_BYTES % this.frameBytes);
    const whole = data.length - (data.length % this.frameBytes);
    for (let start = 0; start < whole && !this.#over; start += step) {
      while (this.#end - this.#read >= this.#mostFrames && !this.#over) {
        await this.#news.next;
      }
      this.#keep({ frame: this.#end, data: data.subarray(start, Math.min(start + step, whole)) });
    }
    return data.subarray(whole);
  }

  #keep(piece: Piece): void {
    this.#pieces.push(piece);
    this.#end = this.#after(piece);
    const oldest = this.#end - 2 * this.#mostFrames; // as much behind whoever reads as before him
    while (this.#pieces[0] && this.#pieces[0].frame < oldest) {
      this.#pieces.shift();
    }
    this.#news.tell();
  }

  #after(piece: Piece): number {
    return piece.frame + piece.data.length / this.frameBytes;
  }
}

/** Something to wait for, again and again. */
class News {
  #tell = (): void => undefined;
  #next = this.#renew();

  get next(): Promise<void> {
    return this.#next;
  }

  tell(): void {
    const tell = this.#tell;
    this.#next = this.#renew();
    tell();
  }

  #renew(): Promise<void> {
    return new Promise((resolve) => {
      this.#tell = resolve;
    });
  }
}
