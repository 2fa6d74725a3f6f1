const MOST = 5000;

/** The files that were dropped, those in folders and folders below too; at most 5,000. */
export async function droppedFiles(data: DataTransfer): Promise<File[]> {
  const entries = Array.from(data.items, (item) => item.webkitGetAsEntry() ?? item.getAsFile()).filter((entry) => entry !== null);
  const files: File[] = [];
  for (let entry = entries.shift(); entry && files.length < MOST; entry = entries.shift()) {
    if (entry instanceof File) files.push(entry); // from another page: no file of a disk, so it has no entry
    else if (entry.isFile) files.push(await fileOf(entry as FileSystemFileEntry));
    else entries.push(...(await entriesOf(entry as FileSystemDirectoryEntry)));
  }
  return files.filter(isWanted);
}

/** Hidden files and what systems leave behind in folders is not meant. */
export function isWanted({ name }: { name: string }): boolean {
  return !name.startsWith(".") && !["Thumbs.db", "desktop.ini"].includes(name);
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, refuse) => entry.file(resolve, refuse));
}

/** A reader gives at most a hundred at a time, and none once there are no more. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, refuse) => reader.readEntries(resolve, refuse));
    if (!some.length) return all;
    all.push(...some);
  }
}
