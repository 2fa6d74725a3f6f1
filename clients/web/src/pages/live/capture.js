// Hands on what is played, 1,024 frames at a time, interleaved.
const FRAMES = 1024;

class Capture extends AudioWorkletProcessor {
  constructor(options) {
    super();
    this.channels = options.processorOptions.channels;
    this.clear();
  }

  clear() {
    this.piece = new Float32Array(FRAMES * this.channels);
    this.at = 0;
  }

  process([input]) {
    const frames = input[0]?.length ?? 0;
    for (let frame = 0; frame < frames; frame++) {
      for (let channel = 0; channel < this.channels; channel++) {
        this.piece[this.at++] = input[channel][frame];
      }
      if (this.at === this.piece.length) {
        this.port.postMessage(this.piece, [this.piece.buffer]);
        this.clear();
      }
    }
    return true;
  }
}

registerProcessor("capture", Capture);
