import { createServer, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { ConnectRouter } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { Client, type ClientOptions } from "../src/index.js";

/** Delays of a client that comes back at once. */
const AT_ONCE = [0, 0, 0];

/** A daemon of a few lines, on a free port, with as many clients as a test wants; `stop` ends them all. */
export class FakeDaemon {
  #clients: Client[] = [];
  #sessions = new Set<ServerHttp2Session>();
  #port = 0;
  readonly #server;

  private constructor(routes: (router: ConnectRouter) => void) {
    this.#server = createServer(connectNodeAdapter({ routes, connect: false, grpcWeb: false }));
    this.#server.on("session", (session) => this.#sessions.add(session));
  }

  static async start(routes: (router: ConnectRouter) => void): Promise<FakeDaemon> {
    const daemon = new FakeDaemon(routes);
    await new Promise<void>((resolve) => daemon.#server.listen(0, "127.0.0.1", resolve));
    daemon.#port = (daemon.#server.address() as AddressInfo).port;
    return daemon;
  }

  client(options: ClientOptions = {}): Client {
    const client = new Client(`127.0.0.1:${this.#port}`, { delaysSeconds: AT_ONCE, ...options });
    this.#clients.push(client);
    return client;
  }

  /** Breaks off every connection, as if a cable were pulled. */
  cut(): void {
    for (const session of this.#sessions) {
      session.destroy();
    }
    this.#sessions.clear();
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) {
      client.close();
    }
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** The `number`th pair of tokens, good for an hour. */
export function tokens(number: number) {
  const accessExpiresAt = timestampFromDate(new Date(Date.now() + 3_600_000));
  return { accessToken: `access-${number}`, refreshToken: `refresh-${number}`, accessExpiresAt };
}
