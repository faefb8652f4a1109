/**
 * Stands between a loader and a PostgreSQL server and cuts connections around COMMIT: before it
 * reaches the server, or once the server has answered and before the answer reaches the loader.
 * See "Frontend/Backend Protocol" in PostgreSQL's manual.
 */

import type { CommitFate, CommitProxy } from "../../crash/commit_fate.ts";

interface Counts {
  commitsLost: number;
  repliesLost: number;
}

const STARTUP = 196608;
const SSL_REQUEST = 80877103;
const [PARSE, COMMAND_COMPLETE, NO_TLS] = ["P", "C", "N"].map((letter) => letter.charCodeAt(0));

/** Starts one; it asks about each COMMIT as it comes. */
export function startCommitProxy(
  server: { readonly hostname: string; readonly port: number },
  fateOf: () => CommitFate,
): CommitProxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Promise<void>>();
  const counts: Counts = { commitsLost: 0, repliesLost: 0 };
  const accept = async () => {
    for await (const client of listener) {
      const served: Promise<void> = serve(client, { server, fateOf, counts })
        .catch(() => {})
        .finally(() => open.delete(served));
      open.add(served);
    }
  };
  const accepting = accept();
  return {
    port: listener.addr.port,
    get commitsLost() {
      return counts.commitsLost;
    },
    get repliesLost() {
      return counts.repliesLost;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      await Promise.all(open);
    },
  };
}

async function serve(
  client: Deno.TcpConn,
  { server, fateOf, counts }: {
    readonly server: { readonly hostname: string; readonly port: number };
    readonly fateOf: () => CommitFate;
    readonly counts: Counts;
  },
): Promise<void> {
  const upstream = await Deno.connect(server);
  let ended = false;
  const cut = () => {
    if (ended) return;
    ended = true;
    client.close();
    upstream.close();
  };
  client.setNoDelay(true);
  upstream.setNoDelay(true);
  let fate: CommitFate = "pass";
  const toServer = async () => {
    for await (const message of messages(client, { startup: true })) {
      if (isTlsRequest(message)) {
        await writeAll(client, Uint8Array.of(NO_TLS!));
        continue;
      }
      if (message[0] === PARSE && textOf(message).includes("\0COMMIT\0")) fate = fateOf();
      if (fate === "lose") return void counts.commitsLost++;
      await writeAll(upstream, message);
    }
  };
  const toClient = async () => {
    for await (const message of messages(upstream, { startup: false })) {
      const committed = message[0] === COMMAND_COMPLETE && textOf(message).includes("COMMIT\0");
      if (committed && fate === "lose the reply") return void counts.repliesLost++;
      await writeAll(client, message);
    }
  };
  // Either side's end is the other's.
  await Promise.all([toServer, toClient].map((pump) => pump().catch(() => {}).finally(cut)));
}

/** Whole messages. Until the startup packet, a frontend's have no letter before their length. */
async function* messages(
  connection: Deno.TcpConn,
  { startup }: { startup: boolean },
): AsyncGenerator<Uint8Array> {
  let rest = new Uint8Array(0);
  const chunk = new Uint8Array(64 * 1024);
  for (let length; (length = await connection.read(chunk)) !== null;) {
    const all = new Uint8Array(rest.length + length);
    all.set(rest);
    all.set(chunk.subarray(0, length), rest.length);
    let at = 0;
    for (;;) {
      const head = startup ? 0 : 1;
      if (all.length - at < head + 4) break;
      const end = at + head + new DataView(all.buffer).getUint32(at + head);
      if (end > all.length) break;
      const message = all.slice(at, end);
      if (startup && codeOf(message) === STARTUP) startup = false;
      yield message;
      at = end;
    }
    rest = all.slice(at);
  }
}

function isTlsRequest(message: Uint8Array): boolean {
  return message.length === 8 && codeOf(message) === SSL_REQUEST;
}

function codeOf(message: Uint8Array): number {
  return message.length < 8 ? 0 : new DataView(message.buffer).getUint32(4);
}

function textOf(message: Uint8Array): string {
  return message.length > 256 ? "" : new TextDecoder().decode(message.subarray(5));
}

async function writeAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}
