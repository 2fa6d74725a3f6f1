import { Upload } from "lucide-react";
import { useRef, useState, type DragEvent } from "react";
import { Link } from "wouter";

import { Button, buttonLook } from "../../blocks/Button";
import { classes } from "../../blocks/classes";
import { count, formatNumber } from "../../text/number";
import { droppedFiles, isWanted } from "./dropped";

interface DropZoneProps {
  /** Bytes of a file at most, as far as it is known. */
  most: number | undefined;
  onFiles: (files: File[]) => void;
}

/** Takes files and folders: dropped, or chosen. */
export function DropZone({ most, onFiles }: DropZoneProps) {
  const [over, setOver] = useState<number>();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(undefined);
    void droppedFiles(event.dataTransfer).then(onFiles);
  };
  const take = (input: HTMLInputElement) => {
    onFiles(Array.from(input.files ?? []).filter(isWanted));
    input.value = "";
  };
  const size = most ? `${formatNumber(most / 1e6)} MB each at most. ` : "";
  return (
    <section
      aria-label="Drop zone"
      onDragOver={(event) => (event.preventDefault(), setOver(event.dataTransfer.items.length))}
      onDragLeave={() => setOver(undefined)}
      onDrop={drop}
      className={classes(
        "grid min-h-42 place-items-center rounded-dialog border-[1.5px] border-dashed p-6 text-center transition-[background-color,border-color,box-shadow]",
        over ? "glow-drop border-blue-text bg-blue/10" : "border-line-3 bg-blue/4",
      )}
    >
      <div className="flex flex-col items-center gap-1">
        <Upload className="mb-1 size-7 text-blue-text" aria-hidden />
        <div className="text-title font-semibold">{over ? `Release to add ${count(over, "file or folder", "files and folders")}` : "Drop files and folders here"}</div>
        <p className="max-w-[720px] text-label text-dim">WAV, AIFF, FLAC, MP3, OGG, Opus, M4A, WavPack. {size}Files are judged by content, not by name.</p>
        <div className="flex flex-wrap justify-center gap-2 pt-3">
          <Button kind="primary" onClick={() => files.current?.click()}>Choose files</Button>
          <Button onClick={() => folder.current?.click()} className="max-desk:hidden">Choose a folder</Button>
          <Link href="/live" className={buttonLook("quiet")}>Hear the microphone</Link>
        </div>
        <input ref={files} type="file" multiple hidden onChange={(event) => take(event.currentTarget)} aria-label="Files" />
        <input ref={folder} type="file" multiple hidden onChange={(event) => take(event.currentTarget)} aria-label="Folder" {...{ webkitdirectory: "" }} />
      </div>
    </section>
  );
}
