import { numberIn, numbersIn, textIn, type Findings } from "../api/value";

/** The lowest and the highest sample of each bin of time, full scale 1.0, the coarsest zoom first. */
export interface Zoom {
  secondsPerBin: number;
  /** lowest, highest, lowest, highest ... */
  peaks: Float32Array;
}

/** Power by mel bands over time: band b of column c is shades[bands * c + b], 0 (-96 dB or less) to 255. */
export interface Mel {
  columns: number;
  bands: number;
  secondsPerColumn: number;
  shades: Uint8Array;
  /** The middle of each band, Hz. */
  frequencies: readonly number[];
}

/** Beats and bars, in seconds. */
export interface Grid {
  beats: readonly number[];
  downbeats: readonly number[];
}

/** What is needed to draw a sound. */
export interface Picture {
  seconds: number;
  zooms: readonly Zoom[];
  mel: Mel | undefined;
  grid: Grid;
  kind: string;
  /** Such as "8A"; absent where no key is told. */
  camelot: string | undefined;
}

/** The picture of a sound, from what was found in it. */
export function pictureOf(findings: Findings): Picture {
  const value = (name: string) => findings.get(name)?.value;
  const zooms = zoomsOf(numbersIn(value("waveform.peaks")), numbersIn(value("waveform.bins")), numbersIn(value("waveform.seconds_per_bin")));
  const mel = melOf(findings);
  const drawn = zooms[0] ? (zooms[0].peaks.length / 2) * zooms[0].secondsPerBin : 0;
  return {
    seconds: numberIn(value("dynamics.duration")) ?? drawn,
    zooms,
    mel,
    grid: { beats: numbersIn(value("tempo.beats")), downbeats: numbersIn(value("tempo.downbeats")) },
    kind: textIn(value("kind.label")) ?? "",
    camelot: textIn(value("key.camelot")),
  };
}

const FULL_SCALE = 127;

/** The zooms, which follow each other in one list. */
export function zoomsOf(peaks: readonly number[], bins: readonly number[], seconds: readonly number[]): Zoom[] {
  let from = 0;
  return bins.map((count, index) => {
    const own = Float32Array.from(peaks.slice(from, from + 2 * count), (entry) => entry / FULL_SCALE);
    from += 2 * count;
    return { secondsPerBin: seconds[index] ?? 0, peaks: own };
  });
}

function melOf(findings: Findings): Mel | undefined {
  const value = (name: string) => findings.get(name)?.value;
  const shades = Uint8Array.from(numbersIn(value("spectrum.mel")));
  const columns = numberIn(value("spectrum.columns"));
  const bands = numberIn(value("spectrum.bands"));
  const secondsPerColumn = numberIn(value("spectrum.seconds_per_column"));
  if (!columns || !bands || !secondsPerColumn || shades.length < columns * bands) return undefined;
  return { columns, bands, secondsPerColumn, shades, frequencies: numbersIn(value("spectrum.frequencies")) };
}

/** The coarsest zoom that still has a bin for each of so many pixels over so many seconds; else the finest. */
export function zoomFor(zooms: readonly Zoom[], seconds: number, pixels: number): Zoom | undefined {
  return zooms.find((zoom) => zoom.secondsPerBin * pixels <= seconds) ?? zooms.at(-1);
}

/** The lowest and the highest sample from one time to another. */
export function extent({ peaks, secondsPerBin }: Zoom, from: number, to: number): [low: number, high: number] {
  const last = peaks.length / 2 - 1;
  const first = Math.min(last, Math.max(0, Math.floor(from / secondsPerBin)));
  const end = Math.min(last, Math.max(first, Math.ceil(to / secondsPerBin) - 1));
  let [low, high] = [0, 0];
  for (let bin = first; bin <= end; bin++) {
    low = Math.min(low, peaks[2 * bin] ?? 0);
    high = Math.max(high, peaks[2 * bin + 1] ?? 0);
  }
  return [low, high];
}

const LOW_HZ = 180;
const HIGH_HZ = 2400;

/** How much of each column's power lies in the mids and highs, and in the highs alone, as shares of its amplitude. */
export function sharesOf(mel: Mel): { above: Float32Array; top: Float32Array } {
  const above = new Float32Array(mel.columns);
  const top = new Float32Array(mel.columns);
  const edge = (hz: number) => mel.frequencies.findIndex((frequency) => frequency >= hz);
  const [low, high] = [edge(LOW_HZ), edge(HIGH_HZ)];
  for (let column = 0; column < mel.columns; column++) {
    const sums = [0, 0, 0];
    for (let band = 0; band < mel.bands; band++) {
      const power = 10 ** ((mel.shades[column * mel.bands + band]! / 255) * 9.6);
      sums[band < low ? 0 : band < high ? 1 : 2]! += power - 1;
    }
    const all = sums[0]! + sums[1]! + sums[2]! || 1;
    above[column] = Math.sqrt((sums[1]! + sums[2]!) / all);
    top[column] = Math.sqrt(sums[2]! / all);
  }
  return { above, top };
}
