/** Connections that strangers make: too many, too slow, half, and such as try to slip a request in. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type HttpBounds, type HttpServer, serveHttp } from "../../../host/api/http_server.ts";
import { eventually } from "../../support/eventually.ts";

interface Setup {
  readonly server: HttpServer;
  /** Paths that were asked for, each with the length of what came with it. */
  readonly asked: readonly string[];
  connect(): Promise<Deno.Conn>;
  /** Sends a text as it stands, and reads until the connection ends, or what comes ends so. */
  send(text: string, until?: string): Promise<string>;
}

const HEALTHY = "GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
/** What is not waited for. */
const LONG_MS = 60_000;

/** A server that answers 200; `/events` by a line every time it is read, `/large` by a lot of bytes. */
async function withServer(
  bounds: HttpBounds,
  act: (setup: Setup) => Promise<void>,
): Promise<void> {
  const asked: string[] = [];
  const address = { kind: "tcp", hostname: "127.0.0.1", port: 0 } as const;
  const server = await serveHttp(address, async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/unread") return new Response("no\n", { status: 413 });
    const length = (await request.bytes()).length;
    asked.push(`${pathname} ${length}`);
    if (pathname === "/fails") throw new Error("on purpose");
    if (pathname === "/large") return new Response(new Uint8Array(64 * 1024 * 1024));
    if (pathname !== "/events") return new Response("yes\n");
    const line = new TextEncoder().encode(`data: ${"x".repeat(10_000)}\n\n`);
    return new Response(new ReadableStream({ pull: (to) => to.enqueue(line) }), {
      headers: { "content-type": "text/event-stream" },
    });
  }, { headMsMax: LONG_MS, silenceMsMax: LONG_MS, endMsMax: 100, ...bounds });
  const connect = () => Deno.connect({ hostname: "127.0.0.1", port: server.port });
  try {
    await act({
      ...{ server, asked, connect },
      send: async (text, until) => {
        using connection = await connect();
        await connection.write(new TextEncoder().encode(text));
        return await readAll(connection, until);
      },
    });
  } finally {
    await server.close();
  }
}

async function readAll(connection: Deno.Conn, until?: string): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65_536);
  let text = "";
  while (until === undefined || !text.endsWith(until)) {
    const size = await connection.read(buffer).catch(() => null);
    if (size === null) break;
    text += decoder.decode(buffer.subarray(0, size), { stream: true });
  }
  return text;
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

const statusOf = (answer: string) => Number(answer.split(" ")[1]);

Deno.test("a connection more than there may be is closed at once, and there is room again where one ends", () =>
  withServer({ connectionsMax: 3 }, async ({ connect, send }) => {
    const held = await Promise.all([1, 2, 3].map(connect));
    // Each has begun to ask, and does not go on.
    for (const one of held) await one.write(new TextEncoder().encode("GET /healthz HT"));
    assertEquals(await send(HEALTHY), "");
    held.shift()!.close();
    await eventually("there is room", async () => statusOf(await send(HEALTHY)) === 200);
    for (const one of held) one.close();
  }));

Deno.test("a request whose head is not there in time is none", () =>
  withServer({ headMsMax: 200 }, async ({ connect, asked }) => {
    for (const head of ["", "GET /healthz HTTP/1.1\r\nhost: localhost\r\nx-slow"]) {
      using connection = await connect();
      await connection.write(new TextEncoder().encode(head));
      assertEquals(await readAll(connection), "");
    }
    // A letter now and then does not help.
    using dripping = await connect();
    await dripping.write(new TextEncoder().encode("GET / HTTP/1.1\r\nx: "));
    const drip = (async () => {
      for (let sent = 0; sent < 1_000; sent++) {
        await dripping.write(new TextEncoder().encode("G"));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return "it may go on for ever";
    })().catch(() => "closed");
    assertEquals([await readAll(dripping), await drip], ["", "closed"]);
    assertEquals(asked, []);
  }));

Deno.test("whoever does not read an answer is gone after a while, and nothing is queued for them", () =>
  withServer({ silenceMsMax: 300 }, async ({ connect, asked, send }) => {
    for (const path of ["/events", "/large"]) {
      using connection = await connect();
      await connection.write(
        new TextEncoder().encode(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`),
      );
      await eventually("it was asked", () => asked.at(-1) === `${path} 0`);
      await new Promise((resolve) => setTimeout(resolve, 900));
      const { rss } = Deno.memoryUsage();
      assert(rss < 1024 ** 3, `${rss}`);
      // What was in the system's hands is there; then it ends before its end.
      const text = await readAll(connection);
      assert(text.length < 64 * 1024 * 1024, `${path}: ${text.length}`);
    }
    assertEquals(statusOf(await send(HEALTHY)), 200);
  }));

Deno.test("no connection keeps the server from ending: half a head, half a body, a reader, an idle one", () =>
  withServer({}, async ({ connect, server, asked }) => {
    const texts = [
      ...["GET /healthz HT", "POST /x HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nabc"],
      ...["GET /events HTTP/1.1\r\nhost: a\r\n\r\n", "GET /idle HTTP/1.1\r\nhost: a\r\n\r\n"],
    ];
    const held = await Promise.all(texts.map(async (text) => {
      const connection = await connect();
      await connection.write(new TextEncoder().encode(text));
      return connection;
    }));
    await eventually("they are answered", () => asked.length === 2);
    const begun = performance.now();
    await server.close();
    // As long as answers may take, and not as long as anything else is waited for.
    assert(performance.now() - begun < LONG_MS / 2);
    for (const one of held) one.close();
  }));

Deno.test("an answer that is under way when the server ends comes to its end", async () => {
  const { promise: mayAnswer, resolve } = Promise.withResolvers<void>();
  let wasAsked = false;
  const address = { kind: "tcp", hostname: "127.0.0.1", port: 0 } as const;
  const server = await serveHttp(address, async () => {
    wasAsked = true;
    await mayAnswer;
    return new Response("in the end\n");
  });
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  await connection.write(new TextEncoder().encode("GET / HTTP/1.1\r\nhost: a\r\n\r\n"));
  await eventually("it is asked", () => wasAsked);
  const closing = server.close();
  resolve();
  const text = await readAll(connection);
  assertStringIncludes(text, "in the end\n");
  assertStringIncludes(text.toLowerCase(), "connection: close");
  await closing;
});

Deno.test("one connection asks several times, one after the other, or all at once", () =>
  withServer({}, async ({ asked, send }) => {
    const ask = (path: string) => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`;
    const text = await send(ask("/a") + ask("/b") + HEALTHY);
    assertEquals(text.split("HTTP/1.1 200").length - 1, 3);
    assertEquals(asked, ["/a 0", "/b 0", "/healthz 0"]);
  }));

Deno.test("a body comes whole, however it is sent, and is asked for where the client waits to be asked", () =>
  withServer({}, async ({ asked, send, connect }) => {
    const head = "PUT /x HTTP/1.1\r\nhost: a\r\nconnection: close\r\n";
    assertEquals(statusOf(await send(`${head}content-length: 5\r\n\r\nhello`)), 200);
    const chunked = "transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n";
    assertEquals(statusOf(await send(head + chunked)), 200);
    using connection = await connect();
    const waits = `${head}content-length: 4\r\nexpect: 100-continue\r\n\r\n`;
    await connection.write(new TextEncoder().encode(waits));
    assertEquals(statusOf(await readAll(connection, "\r\n\r\n")), 100);
    await connection.write(new TextEncoder().encode("last"));
    assertEquals(statusOf(await readAll(connection)), 200);
    assertEquals(asked, ["/x 5", "/x 11", "/x 4"]);
    // What is not wanted is not asked for.
    const unwanted = waits.replace("/x", "/unread");
    assertEquals(statusOf(await send(unwanted)), 413);
  }));

Deno.test("an answer to a body that was not read ends its connection: what comes behind is no request", () =>
  withServer({}, async ({ asked, send }) => {
    const hidden = "GET /hidden HTTP/1.1\r\nhost: a\r\n\r\n";
    const length = 100_000 + hidden.length;
    const text = await send(
      `PUT /unread HTTP/1.1\r\nhost: a\r\ncontent-length: ${length}\r\n\r\n` +
        "x".repeat(65_000) + hidden,
    );
    assertEquals(text.split("HTTP/1.1").length - 1, 1, text);
    assertStringIncludes(text.toLowerCase(), "connection: close");
    assertEquals(asked, []);
  }));

Deno.test("a body that has come whole and was not read is no part of the next request", () =>
  withServer({}, async ({ asked, send }) => {
    const hidden = "GET /hidden HTTP/1.1\r\nhost: a\r\n\r\n";
    const head = `PUT /unread HTTP/1.1\r\nhost: a\r\ncontent-length: ${hidden.length}\r\n\r\n`;
    const text = await send(head + hidden + head + hidden + HEALTHY);
    assertEquals(text.split("HTTP/1.1 ").slice(1).map((one) => one.slice(0, 3)), [
      ...["413", "413", "200"],
    ]);
    assertEquals(asked, ["/healthz 0"]);
  }));

Deno.test("whoever still sends a body that nobody reads has the answer, and is not cut off", () =>
  withServer({ lingerMsMax: LONG_MS }, async ({ connect, asked }) => {
    using connection = await connect();
    const pieces = Array.from({ length: 20 }, () => new Uint8Array(10_000));
    const length = 10_000 * pieces.length;
    const head = `PUT /unread HTTP/1.1\r\nhost: a\r\ncontent-length: ${length}\r\n\r\n`;
    await connection.write(new TextEncoder().encode(head));
    const answer = await readAll(connection, "no\n");
    assertEquals(statusOf(answer), 413);
    // What was closed by the other side is known after a first write.
    for (const piece of pieces) {
      await writeAll(connection, piece);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assertEquals(await readAll(connection), "");
    assertEquals(asked, []);
  }));

/** Heads by which others have been led to see two requests in one, or one in two. */
const AMBIGUOUS: readonly (readonly [name: string, head: string])[] = [
  ["a length and pieces", "content-length: 6\r\ntransfer-encoding: chunked"],
  ["two lengths", "content-length: 0\r\ncontent-length: 40"],
  ["a list of lengths", "content-length: 0, 40"],
  ["a length with a sign", "content-length: +5"],
  ["a length that is none", "content-length: 0x5"],
  ["pieces by another name", "transfer-encoding: xchunked"],
  ["pieces before a blank", "transfer-encoding : chunked"],
  ["pieces that are not the last", "transfer-encoding: chunked, gzip"],
  ["a head that is folded", "x-a: b\r\n content-length: 5"],
  ["a name with a blank", "content length: 5"],
  ["a null in a value", "x-a: a\0b"],
  ["a carriage return in a value", "x-a: a\rcontent-length: 5"],
];

for (const [name, head] of AMBIGUOUS) {
  Deno.test(`a request that can be read in two ways is refused: ${name}`, () =>
    withServer({}, async ({ asked, send }) => {
      const hidden = "GET /hidden HTTP/1.1\r\nhost: a\r\n\r\n";
      const text = await send(`POST /x HTTP/1.1\r\nhost: a\r\n${head}\r\n\r\n0\r\n\r\n${hidden}`);
      assertEquals(statusOf(text), 400, text);
      assertEquals(asked.filter((path) => path.startsWith("/hidden")), []);
      assertEquals(statusOf(await send(HEALTHY)), 200);
    }));
}

Deno.test("what is no request of a path is refused: for another server, of another protocol, too large", () =>
  withServer({}, async ({ asked, send }) => {
    const end = "host: localhost\r\nconnection: close\r\n\r\n";
    for (
      const [first, status] of [
        ...[["GET https://localhost/ HTTP/1.1", 400], ["OPTIONS * HTTP/1.1", 400]],
        ...[["TRACE / HTTP/1.1", 400], ["GET localhost:80 HTTP/1.1", 400]],
        ...[["PRI * HTTP/2.0", 400], ["\x16\x03\x01\x02", 400]],
        ...[[`GET /${"x".repeat(70_000)} HTTP/1.1`, 431]],
        ...[[`GET / HTTP/1.1\r\nx: ${"x".repeat(200_000)}`, 431]],
      ] as const
    ) {
      assertEquals(statusOf(await send(`${first}\r\n${end}`)), status, String(first).slice(0, 40));
    }
    assertEquals(await send(`CONNECT localhost:80 HTTP/1.1\r\n${end}`), "");
    assertEquals(asked, []);
    assertEquals(statusOf(await send(HEALTHY.replace("/healthz", "/fails"))), 500);
    assertEquals(statusOf(await send(HEALTHY)), 200);
  }));
