import { library } from "../../api/client";
import { refusalOf } from "../../api/refusal";
import type { Question } from "../../api/useAudio";
import { Menu, MenuItem } from "../../blocks/Menu";
import { useToast } from "../../blocks/Toast";
import { ExportFormat } from "../../generated/samplemind/v1/library_pb";
import { count } from "../../text/number";
import { save } from "../../text/saving";

const FORMATS: [label: string, format: ExportFormat, file: string, type: string][] = [
  ["Table (CSV)", ExportFormat.CSV, "samplemind.csv", "text/csv"],
  ["JSON Lines", ExportFormat.JSONL, "samplemind.jsonl", "application/jsonl"],
  ["Playlist (M3U8)", ExportFormat.M3U8, "samplemind.m3u8", "audio/x-mpegurl"],
  ["rekordbox XML", ExportFormat.REKORDBOX, "samplemind.xml", "application/xml"],
];

/** Saves what the table shows as a file. */
export function ExportMenu({ question }: { question: Question }) {
  const say = useToast();
  const run = async ([, format, file, type]: (typeof FORMATS)[number]) => {
    try {
      const pieces: Uint8Array<ArrayBuffer>[] = [];
      let done = 0n;
      for await (const piece of library.export({ ...(question.query && { query: question.query }), orderBy: question.orderBy ?? "", format })) {
        pieces.push(new Uint8Array(piece.data));
        done = piece.done;
      }
      save(new Blob(pieces, { type }), file);
      say({ tone: "ok", children: `Exported ${count(done, "sound")} to ${file}` });
    } catch (thrown) {
      say({ tone: "bad", children: `Export stopped: ${refusalOf(thrown).message}` });
    }
  };
  return (
    <Menu label="Export" end className="max-desk:hidden">
      {(close) => FORMATS.map((format) => <MenuItem key={format[0]} onPick={() => (close(), void run(format))}>{format[0]}</MenuItem>)}
    </Menu>
  );
}
