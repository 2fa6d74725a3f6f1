// Makes src/generated out of the .proto files: by buf where npm has it for this machine, or else by the buf of the PATH.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";

function buf() {
  try {
    return createRequire(import.meta.url).resolve("@bufbuild/buf-linux-x64/bin/buf");
  } catch {
    return "buf";
  }
}

const path = `node_modules/.bin:${process.env.PATH}`;
execFileSync(buf(), ["generate"], { cwd: import.meta.dirname, stdio: "inherit", env: { ...process.env, PATH: path } });
