/**
 * An HTTP server that does not fall by whoever connects to it: connections are taken one by one, and given
 * to Node's server, which reads requests and writes answers.
 *
 * Invariants
 * - There are no more connections than there may be: one more is closed as it is taken, since files and
 *   databases need descriptors, too. Where the system has none left, the next is taken a little later.
 * - A request that is not whole in time is none, and its connection is closed.
 * - A body is read as far as the handler reads it, and what of it is left is not taken for a request.
 * - An answer is made as fast as it is read: nothing is queued for who does not read it, and who reads
 *   nothing for long is gone.
 * - No connection keeps the program from ending.
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { LIMITS } from "../../src/model/limits.ts";
import { after } from "../../src/model/timer.ts";
import type { Listen } from "./access.ts";
import { type HttpHandler, requestOf, sendAnswer } from "./http_message.ts";

/** For how many it is there, and how long it waits; `LIMITS` by default. */
export interface HttpBounds {
  /** Connections at once. */
  readonly connectionsMax?: number;
  /** Milliseconds until the head of a request is there. */
  readonly headMsMax?: number;
  /** Milliseconds in which nothing of an answer is read. */
  readonly silenceMsMax?: number;
  /** Milliseconds that a body that nobody reads may come behind its answer; 500 by default. */
  readonly lingerMsMax?: number;
  /** Milliseconds that answers have to come to their end when the server ends. */
  readonly endMsMax?: number;
}

/** A server that listens. */
export interface HttpServer {
  /** The port; 0 of a Unix socket. */
  readonly port: number;
  /** Takes no more connections, and ends those that there are. */
  close(): Promise<void>;
}

/** Between two requests of one connection. */
const KEEP_ALIVE_MS = 5_000;
/** Of the head of a request. */
const HEAD_BYTES_MAX = 16 * 1024;
/** How long it is waited where a connection cannot be taken. */
const AGAIN_MS = 100;
/** How long a body that nobody reads may come behind its answer, so that who sends it sees the answer. */
const LINGER_MS = 500;

/** Begins to listen. @throws what the system throws where that cannot be */
export async function serveHttp(
  address: Listen,
  handler: HttpHandler,
  bounds: HttpBounds = {},
): Promise<HttpServer> {
  const [{ createServer }, { Duplex }] = await Promise.all([
    import("node:http"),
    import("node:stream"),
  ]);
  const listener = address.kind === "tcp"
    ? Deno.listen({ hostname: address.hostname, port: address.port })
    : Deno.listen({ transport: "unix", path: address.path });
  const server = createServer({ maxHeaderSize: HEAD_BYTES_MAX, requestTimeout: 0 });
  // Both are streams of the web, of which Node's types have their own.
  const socketOf = ({ readable, writable }: Deno.Conn) =>
    Duplex.fromWeb({ readable, writable } as Parameters<typeof Duplex.fromWeb>[0]);
  return new Listening(listener, server, { handler, bounds, socketOf });
}

/** A connection. */
interface Taken {
  /** Waits for something else, and for no longer than so many milliseconds. */
  expect(ms?: number): void;
  end(): void;
  /** Whether a request is being answered. */
  isBusy: boolean;
}

class Listening implements HttpServer {
  readonly port: number;
  readonly #listener: Deno.Listener;
  readonly #server: Server;
  readonly #handler: HttpHandler;
  readonly #bounds: Required<HttpBounds>;
  readonly #taken = new Map<unknown, Taken>();
  readonly #socketOf: (connection: Deno.Conn) => Duplex;
  readonly #taking: Promise<void>;
  #isClosing = false;
  #ended: (() => void) | undefined;

  constructor(
    listener: Deno.Listener,
    server: Server,
    { handler, bounds, socketOf }: {
      readonly handler: HttpHandler;
      readonly bounds: HttpBounds;
      readonly socketOf: (connection: Deno.Conn) => Duplex;
    },
  ) {
    this.#socketOf = socketOf;
    this.#listener = listener;
    this.#server = server;
    this.#handler = handler;
    this.#bounds = {
      connectionsMax: bounds.connectionsMax ?? LIMITS.apiConnectionsMax,
      headMsMax: bounds.headMsMax ?? LIMITS.apiHeadMsMax,
      silenceMsMax: bounds.silenceMsMax ?? LIMITS.apiSilenceMsMax,
      lingerMsMax: bounds.lingerMsMax ?? LINGER_MS,
      endMsMax: bounds.endMsMax ?? LIMITS.apiEndMsMax,
    };
    this.port = listener.addr.transport === "tcp" ? listener.addr.port : 0;
    server.on("request", (message, response) => void this.#answer(message, response));
    // Who asks whether to send a body hears of it once the body is wanted.
    server.on(
      "checkContinue",
      (message, response) => void this.#answer(message, response, () => response.writeContinue()),
    );
    server.on("clientError", (error, socket) => this.#refuse(error, socket));
    this.#taking = this.#takeAll();
  }

  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#listener.close();
    await this.#taking;
    for (const taken of this.#taken.values()) if (!taken.isBusy) taken.end();
    if (this.#taken.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ended = resolve;
    const cancel = after(this.#bounds.endMsMax, () => {
      for (const taken of this.#taken.values()) taken.end();
    });
    await promise;
    cancel();
  }

  async #takeAll(): Promise<void> {
    while (!this.#isClosing) {
      try {
        const connection = await this.#listener.accept();
        if (this.#taken.size >= this.#bounds.connectionsMax) connection.close();
        else this.#take(connection);
      } catch {
        if (this.#isClosing) return;
        // There are no descriptors, or whoever connected is gone.
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  }

  #take(connection: Deno.Conn): void {
    const socket = this.#socketOf(connection);
    let cancel = () => {};
    const taken: Taken = {
      isBusy: false,
      expect: (ms) => {
        cancel();
        cancel = ms === undefined ? () => {} : after(ms, () => socket.destroy());
      },
      end: () => socket.destroy(),
    };
    this.#taken.set(socket, taken);
    socket.on("error", () => {});
    socket.on("close", () => {
      cancel();
      this.#taken.delete(socket);
      if (this.#taken.size === 0) this.#ended?.();
    });
    taken.expect(this.#bounds.headMsMax);
    this.#server.emit("connection", socket);
  }

  /** Answers what is no request, and ends its connection. */
  #refuse(error: Error & { readonly code?: string }, socket: Duplex): void {
    const words = error.code === "HPE_HEADER_OVERFLOW"
      ? "431 Request Header Fields Too Large"
      : "400 Bad Request";
    this.#taken.get(socket)?.expect(this.#bounds.lingerMsMax);
    socket.end(`HTTP/1.1 ${words}\r\nconnection: close\r\n\r\n`);
  }

  async #answer(
    message: IncomingMessage,
    response: ServerResponse,
    wanted = () => {},
  ): Promise<void> {
    const taken = this.#taken.get(message.socket);
    // It is gone already.
    if (!taken) return;
    taken.isBusy = true;
    taken.expect();
    // What breaks off is seen where it is read or written.
    message.on("error", () => {});
    response.on("error", () => {});
    const isWhole = await this.#answered(message, response, { taken, wanted }).catch(() => false);
    taken.isBusy = false;
    if (!isWhole || this.#isClosing) taken.end();
    else if (message.complete) taken.expect(KEEP_ALIVE_MS);
    else taken.expect(this.#bounds.lingerMsMax);
  }

  /** Whether all of the answer was read by whoever asked, as far as can be told. */
  async #answered(
    message: IncomingMessage,
    response: ServerResponse,
    { taken, wanted }: { readonly taken: Taken; readonly wanted: () => void },
  ): Promise<boolean> {
    const { silenceMsMax, lingerMsMax } = this.#bounds;
    let answered: Response;
    try {
      const request = requestOf(message, wanted);
      answered = request ? await this.#handler(request) : new Response(null, { status: 400 });
    } catch {
      answered = new Response(null, { status: 500 });
    }
    return await sendAnswer(message, response, {
      answered,
      isLast: this.#isClosing,
      lingerMs: lingerMsMax,
      onRead: () => taken.expect(),
      onWait: () => taken.expect(silenceMsMax),
    });
  }
}
