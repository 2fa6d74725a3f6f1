import { Client, findingOf, plainValue, SampleMindError } from "@samplemind/client";

const [server = "localhost:50051", file = "loop.wav"] = process.argv.slice(2);
const client = new Client(server, { apiKey: process.env.SAMPLEMIND_KEY ?? "" });
try {
  const { audio, sentBytes } = await client.upload(file);
  console.log(`${audio.name}: ${sentBytes} of ${audio.sizeBytes} bytes sent`);

  for await (const update of client.analyze(audio.id)) {
    if (update.case === "result") {
      const tempo = findingOf(update.value, "tempo.bpm");
      console.log(plainValue(tempo) ?? tempo?.reason, tempo?.unit, tempo?.confidence);
    }
  }
} catch (error) {
  if (error instanceof SampleMindError && error.reason === "TOO_LARGE") {
    console.log(`Not for this daemon: ${error.message}`);
  } else {
    throw error;
  }
} finally {
  client.close();
}
