import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { compress } from "./compress.ts";

// The daemon that `npm run dev` talks to; what the page asks for goes to its web door.
const DAEMON = process.env["SAMPLEMIND_WEB"] ?? "http://127.0.0.1:50080";

export default defineConfig({
  plugins: [react(), tailwindcss(), compress()],
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: "es2023", chunkSizeWarningLimit: 300 },
  server: { proxy: { "/samplemind.v1": { target: DAEMON, ws: true }, "/audio": DAEMON } },
  test: { include: ["src/**/*.test.ts"] },
});
