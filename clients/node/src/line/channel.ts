import { connect as connectPlain, isIP, type Socket } from "node:net";
import { connect as connectSecure, type ConnectionOptions } from "node:tls";
import type { Transport } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";

const KEEPALIVE = { pingIntervalMs: 30_000, pingTimeoutMs: 10_000 }; // finds a peer that vanished without a word
const CONNECT_MS = 10_000;
const LARGEST_ANSWER_BYTES = 4 * 2 ** 20;

/** A connection that opens when it is needed. */
export interface Channel {
  readonly transport: Transport;
  /** Hangs up; a later call would open it again. */
  close(): void;
}

/**
 * A channel to "host:port", or to "https://host:port" by TLS.
 *
 * @param certificates PEM to trust in place of the system's certificates
 * @throws TypeError where the address is none
 */
export function openChannel(server: string, certificates?: string): Channel {
  const url = addressOf(server);
  const sockets = new Set<Socket>();
  const createConnection = () => {
    const socket = connect(url, certificates);
    sockets.add(socket);
    return socket.once("close", () => sockets.delete(socket));
  };
  const sessions = new Http2SessionManager(url.origin, KEEPALIVE, { createConnection });
  const transport = createGrpcTransport({
    baseUrl: url.origin,
    sessionManager: sessions,
    readMaxBytes: LARGEST_ANSWER_BYTES,
  });
  return { transport, close: () => sockets.forEach(hangUp) };
}

function addressOf(server: string): URL {
  const address = server.startsWith("https://") ? server : `http://${server}`;
  if (!URL.canParse(address)) {
    throw new TypeError(`'${server}' is no address: it takes host:port, or https://host:port`);
  }
  return new URL(address);
}

/** Ends a connection politely: to the session manager's own way of ending it, a daemon's log would object. */
function hangUp(socket: Socket): void {
  if (socket.connecting) {
    socket.destroy();
  } else {
    socket.end();
  }
}

/** A socket that gives up where connecting takes too long: by itself it would wait for minutes. */
function connect(url: URL, certificates: string | undefined): Socket {
  const secure = url.protocol === "https:";
  const to = { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || (secure ? 443 : 80)) };
  const socket = secure ? connectSecure(secured(to, certificates)) : connectPlain(to);
  const late = setTimeout(() => {
    socket.destroy(Object.assign(new Error(`no connection after ${CONNECT_MS / 1000} s`), { code: "ETIMEDOUT" }));
  }, CONNECT_MS);
  for (const event of [secure ? "secureConnect" : "connect", "close"]) {
    socket.once(event, () => clearTimeout(late));
  }
  return socket;
}

function secured(to: { host: string; port: number }, certificates: string | undefined): ConnectionOptions {
  const servername = isIP(to.host) ? "" : to.host;
  return { ...to, servername, ALPNProtocols: ["h2"], ...(certificates === undefined ? {} : { ca: certificates }) };
}
