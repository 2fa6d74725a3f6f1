import { createHash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import { basename } from "node:path";

/** The bytes of an upload, which can be read more than once. */
export interface Source {
  readonly name: string;
  readonly sizeBytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** So many bytes from there on, or what there is. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** An open file that is sent. */
export class FileSource implements Source {
  private constructor(
    readonly name: string,
    readonly sizeBytes: number,
    readonly sha256: string,
    private readonly file: FileHandle,
  ) {}

  /**
   * Opens a file and learns its size and digest.
   *
   * @throws where it cannot be read, and TypeError where it is no regular file: a pipe would be waited for without end
   */
  static async open(path: string, signal?: AbortSignal): Promise<FileSource> {
    const file = await open(path);
    try {
      const { size, isFile } = await statOf(file);
      if (!isFile) {
        throw new TypeError(`${path} is no regular file`);
      }
      return new FileSource(basename(path), size, await digest(file, signal), file);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const { buffer, bytesRead } = await this.file.read(new Uint8Array(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

async function statOf(file: FileHandle): Promise<{ size: number; isFile: boolean }> {
  const stat = await file.stat();
  return { size: stat.size, isFile: stat.isFile() };
}

async function digest(file: FileHandle, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of file.createReadStream({ start: 0, autoClose: false, signal })) {
    hash.update(piece as Buffer);
  }
  return hash.digest("hex");
}
