/** Requests and answers, from Node's form to the web's and back. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { after } from "../../src/model/timer.ts";

/** Answers a request. What it throws is answered by 500. */
export type HttpHandler = (request: Request) => Promise<Response>;

const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];

/**
 * The request as the web has it; undefined where it is none that is answered here. `wanted` is called before
 * its body is read.
 */
export function requestOf(message: IncomingMessage, wanted: () => void): Request | undefined {
  const { method = "", rawHeaders } = message;
  const target = targetOf(message.url ?? "");
  if (!METHODS.includes(method) || !target) return undefined;
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i]!, rawHeaders[i + 1]!);
  if (target.host !== undefined) headers.set("host", target.host);
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Request(`http://localhost${target.path}`, {
    ...{ method, headers },
    ...(hasBody ? { body: bodyOf(message, wanted) } : {}),
  });
}

/** A path, or all of a URL, whose host then takes the place of the one in `Host` (RFC 9112, 3.2.2). */
function targetOf(
  url: string,
): { readonly path: string; readonly host?: string } | undefined {
  if (url.startsWith("/")) return { path: url };
  if (!/^http:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  const { host, pathname, search } = new URL(url);
  return { path: pathname + search, host };
}

/** What a request brings, as it is read. */
function bodyOf(message: IncomingMessage, wanted: () => void): ReadableStream<Uint8Array> {
  let isWanted = false;
  let stop = () => {};
  return new ReadableStream({
    pull: async (controller) => {
      if (!isWanted) wanted();
      isWanted = true;
      const next = nextOf(message);
      stop = next.stop;
      message.resume();
      try {
        const chunk = await next.chunk;
        if (chunk) controller.enqueue(Uint8Array.from(chunk));
        else controller.close();
      } finally {
        stop();
      }
    },
    cancel: () => {
      message.pause();
      stop();
    },
  }, { highWaterMark: 0 });
}

/** The next piece of a body; undefined at its end. Rejects where it breaks off. */
function nextOf(
  message: IncomingMessage,
): { readonly chunk: Promise<Uint8Array | undefined>; stop(): void } {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array | undefined>();
  const take = (chunk: Uint8Array) => {
    message.pause();
    resolve(chunk);
  };
  const end = () => resolve(undefined);
  const gone = () => message.complete ? end() : reject(new Error("the connection was closed"));
  if (message.readableEnded) end();
  else if (message.destroyed || message.socket.destroyed) gone();
  message.on("data", take).on("end", end).on("error", reject).on("close", gone);
  const stop = () => {
    message.off("data", take).off("end", end).off("error", reject).off("close", gone);
  };
  return { chunk: promise, stop };
}

/**
 * Sends an answer: an event stream as it comes, as fast as it is read, anything else with its length. Says
 * when it begins to wait for whoever reads it, and when that has read. Whether all of it is sent.
 */
export async function sendAnswer(
  message: IncomingMessage,
  response: ServerResponse,
  { answered, isLast, lingerMs, onRead, onWait }: {
    readonly answered: Response;
    /** How long a body that nobody reads may come behind the answer, in milliseconds. */
    readonly lingerMs: number;
    /** Whether the connection ends with it. */
    readonly isLast: boolean;
    readonly onRead: () => void;
    readonly onWait: () => void;
  },
): Promise<boolean> {
  const { status, headers, body } = answered;
  const isStream = headers.get("content-type")?.startsWith("text/event-stream") === true;
  const bytes = isStream || !body ? new Uint8Array() : await answered.bytes();
  const lines = [...headers].flat();
  if (!isStream && message.method !== "HEAD") lines.push("content-length", String(bytes.length));
  // What is left of a body is not to be taken for a request.
  const isOver = isLast || !message.complete;
  if (isOver) lines.push("connection", "close");
  response.writeHead(status, lines);
  if (isStream && body) await sendStream(body, response, { onRead, onWait });
  onWait();
  const { promise, resolve } = Promise.withResolvers<void>();
  response.once("close", resolve);
  if (message.method !== "HEAD") response.write(bytes);
  if (!message.complete) await letCome(message, lingerMs);
  response.end(resolve);
  await promise;
  onRead();
  return response.writableFinished;
}

/**
 * Takes the rest of a body and drops it: where a connection is closed on somebody who still writes, they see
 * no answer.
 */
async function letCome(message: IncomingMessage, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = after(ms, resolve);
  message.once("end", resolve).once("close", resolve).resume();
  await promise;
  cancel();
  message.off("end", resolve).off("close", resolve).pause();
}

async function sendStream(
  body: ReadableStream<Uint8Array>,
  response: ServerResponse,
  { onRead, onWait }: { readonly onRead: () => void; readonly onWait: () => void },
): Promise<void> {
  const reader = body.getReader();
  response.on("close", () => void reader.cancel().catch(() => {}));
  for (;;) {
    const { value } = await reader.read();
    if (!value) return;
    if (response.write(value)) continue;
    onWait();
    const { promise, resolve } = Promise.withResolvers<void>();
    response.once("drain", resolve).once("close", resolve);
    await promise;
    response.off("drain", resolve).off("close", resolve);
    onRead();
  }
}
