import captureAddress from "./capture.js?url";

/** A microphone that is open. */
export interface Microphone {
  rate: number;
  channels: number;
  close: () => void;
}

const CHANNELS = 1;

/** Opens the microphone as it is, without what browsers do to voices; `onPiece` hears 2,048 frames at a time. */
export async function openMicrophone(onPiece: (samples: Float32Array<ArrayBuffer>) => void): Promise<Microphone> {
  if (!navigator.mediaDevices) throw new Error("This page has no microphone: open it at localhost or over https.");
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
  const context = new AudioContext();
  await context.audioWorklet.addModule(captureAddress);
  const capture = new AudioWorkletNode(context, "capture", { numberOfOutputs: 0, processorOptions: { channels: CHANNELS } });
  capture.port.onmessage = ({ data }) => onPiece(data as Float32Array<ArrayBuffer>);
  context.createMediaStreamSource(stream).connect(capture);
  const close = () => {
    stream.getTracks().forEach((track) => track.stop());
    void context.close();
  };
  return { rate: context.sampleRate, channels: CHANNELS, close };
}
