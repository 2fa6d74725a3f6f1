import captureAddress from "./capture.js?url";

/** Where sound comes from. */
export type Choice = { from: "microphone" } | { from: "tab" } | { from: "file"; file: File };

/** Sound that is being taken in. */
export interface Source {
  rate: number;
  channels: number;
  close: () => void;
}

interface Ears {
  /** Hears 1,024 frames at a time, interleaved. */
  onPiece: (samples: Float32Array<ArrayBuffer>) => void;
  /** There is no more: the file is over, or it is no longer shared. */
  onEnd: () => void;
}

/** Sound before it is taken in. */
interface Sound {
  channels: number;
  into: (context: AudioContext) => AudioNode;
  start: () => Promise<void>;
  stop: () => void;
}

/** Opens a microphone, what another tab plays, or a file that is played aloud; throws a sentence that says why not. */
export async function openSource(choice: Choice, { onPiece, onEnd }: Ears): Promise<Source> {
  const sound = await soundOf(choice, onEnd).catch((thrown: unknown) => {
    throw new Error(WORDS[(thrown as Error).name] ?? (thrown as Error).message);
  });
  const context = new AudioContext();
  const close = () => {
    sound.stop();
    if (context.state !== "closed") void context.close();
  };
  try {
    await context.audioWorklet.addModule(captureAddress);
    const { channels } = sound;
    const capture = new AudioWorkletNode(context, "capture", { numberOfOutputs: 0, channelCount: channels, channelCountMode: "explicit", processorOptions: { channels } });
    capture.port.onmessage = ({ data }) => onPiece(data as Float32Array<ArrayBuffer>);
    sound.into(context).connect(capture);
    await Promise.all([context.resume(), sound.start()]);
    return { rate: context.sampleRate, channels, close };
  } catch (thrown) {
    close();
    throw thrown;
  }
}

const WORDS: Record<string, string> = {
  NotAllowedError: "The browser was not allowed to listen.",
  NotFoundError: "There is no microphone.",
  NotReadableError: "The microphone cannot be read: another program may hold it.",
};
/** Without what browsers do to voices. */
const AS_IT_IS = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

async function soundOf(choice: Choice, onEnd: () => void): Promise<Sound> {
  if (choice.from === "file") return played(choice.file, onEnd);
  if (!navigator.mediaDevices) throw new Error("This page may not listen: open it at localhost or over https.");
  if (choice.from === "microphone") return streamed(await navigator.mediaDevices.getUserMedia({ audio: AS_IT_IS }), 1, onEnd);
  const shared = await navigator.mediaDevices.getDisplayMedia({ video: true, audio: AS_IT_IS }); // browsers share no sound alone
  if (shared.getAudioTracks().length) return streamed(shared, 2, onEnd);
  shared.getTracks().forEach((track) => track.stop());
  throw new Error("No sound is shared: choose a tab, and that its sound is shared too.");
}

function streamed(stream: MediaStream, channels: number, onEnd: () => void): Sound {
  const tracks = stream.getTracks();
  tracks.forEach((track) => track.addEventListener("ended", onEnd));
  return {
    channels,
    into: (context) => context.createMediaStreamSource(stream),
    start: async () => undefined,
    stop: () => tracks.forEach((track) => track.stop()),
  };
}

function played(file: File, onEnd: () => void): Sound {
  const player = new Audio(URL.createObjectURL(file));
  player.addEventListener("ended", onEnd);
  const into = (context: AudioContext) => {
    const node = context.createMediaElementSource(player);
    node.connect(context.destination);
    return node;
  };
  const start = () => player.play().catch(() => { throw new Error(`The browser cannot play ${file.name}.`); });
  const stop = () => (player.pause(), URL.revokeObjectURL(player.src));
  return { channels: 2, into, start, stop };
}
