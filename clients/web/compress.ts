import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import type { Plugin } from "vite";

const TEXTS = /\.(?:js|css|html|svg)$/;
const WAYS = [["gz", promisify(gzip)], ["br", promisify(brotliCompress)]] as const;

/** Lays a .gz and a .br beside each text of the build: the daemon sends them instead to whoever takes them. */
export function compress(): Plugin {
  let folder = "";
  return {
    name: "compress",
    apply: "build",
    configResolved: (config) => void (folder = resolve(config.root, config.build.outDir)),
    async closeBundle() {
      for (const name of await readdir(folder, { recursive: true })) {
        if (!TEXTS.test(name)) continue;
        const text = await readFile(join(folder, name));
        for (const [ending, pack] of WAYS) await writeFile(join(folder, `${name}.${ending}`), await pack(text));
      }
    },
  };
}
