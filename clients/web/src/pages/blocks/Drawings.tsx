import { Empty } from "../../blocks/Card";
import { Playhead } from "../../blocks/Playhead";
import { ProgressBar } from "../../blocks/ProgressBar";
import { SpectrumView } from "../../blocks/SpectrumView";
import { Stage } from "../../blocks/Stage";
import { Waveform } from "../../blocks/Waveform";
import { LOOP } from "../../sound/loop";
import { Sheet } from "./Sheet";

const ALL = { from: 0, to: LOOP.picture.seconds };
const at = () => 0.38 * LOOP.picture.seconds;

/** Blocks 11 and 12: what draws sound. */
export function Drawings() {
  return (
    <>
      <Sheet title="11 Waveform" note="lows blue, mids cyan, highs white" half>
        <Stage><Waveform picture={LOOP.picture} grid className="h-30" /><Playhead now={at} span={ALL} moving={false} /></Stage>
        <div className="grid grid-cols-2 gap-3">
          <Stage className="grid h-18 place-items-center"><ProgressBar label="Waiting for the waveform" className="w-3/5" /></Stage>
          <Stage className="grid h-18 place-items-center"><span className="text-label text-bad">Could not be decoded at 0.8 s</span></Stage>
        </div>
      </Sheet>
      <Sheet title="12 SpectrumView" note="mel, 30 Hz to 16 kHz" half>
        <Stage><SpectrumView picture={LOOP.picture} grid className="h-30" /><Playhead now={at} span={ALL} moving={false} /></Stage>
        <div className="grid grid-cols-2 gap-3">
          <Stage><SpectrumView picture={LOOP.picture} span={{ from: 0, to: LOOP.picture.seconds / 16 }} label="One beat" className="h-18" /></Stage>
          <Empty className="grid place-items-center">Silence: nothing above {"\u2212"}96 dB</Empty>
        </div>
      </Sheet>
    </>
  );
}
