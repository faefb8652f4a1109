/**
 * Stands between a loader and a server and cuts connections around COMMIT: before it reaches the
 * server, or once the server has answered and before the answer reaches the loader.
 */

/** What becomes of one COMMIT. */
export type CommitFate = "pass" | "lose" | "lose the reply";

/** How messages are known, by their bytes alone; see the server's manual. */
export interface CommitProtocol {
  /** Bytes of the message that begins with these; undefined while too few are there to tell. */
  bytesOf(start: Uint8Array): number | undefined;
  /** Whether a message of the loader's is COMMIT. */
  isCommit(message: Uint8Array): boolean;
  /** Whether a message of the server's says that it is done. */
  isCommitted(message: Uint8Array): boolean;
  /** What the loader is answered instead of the server, which does not hear of it then. */
  answerTo?(message: Uint8Array): Uint8Array | undefined;
}

/** A proxy that listens. */
export interface CommitProxy extends AsyncDisposable {
  readonly port: number;
  /** COMMITs that did not reach the server. */
  readonly commitsLost: number;
  /** Transactions that are in, which the loader was not told. */
  readonly repliesLost: number;
}

/** Where a proxy stands. */
export interface CommitProxyOptions {
  readonly server: { readonly hostname: string; readonly port: number };
  readonly protocol: CommitProtocol;
  /** Asked about each COMMIT as it comes. */
  fateOf(): CommitFate;
}

interface Counts {
  commitsLost: number;
  repliesLost: number;
}

/** Starts one. */
export function startCommitProxy(options: CommitProxyOptions): CommitProxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Promise<void>>();
  const counts: Counts = { commitsLost: 0, repliesLost: 0 };
  const accept = async () => {
    for await (const client of listener) {
      const served: Promise<void> = serve(client, options, counts)
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
  { server, protocol, fateOf }: CommitProxyOptions,
  counts: Counts,
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
    for await (const message of messages(client, protocol)) {
      const answer = protocol.answerTo?.(message);
      if (answer) {
        await writeAll(client, answer);
        continue;
      }
      if (protocol.isCommit(message)) fate = fateOf();
      if (fate === "lose") return void counts.commitsLost++;
      await writeAll(upstream, message);
    }
  };
  const toClient = async () => {
    for await (const message of messages(upstream, protocol)) {
      const lost = fate === "lose the reply" && protocol.isCommitted(message);
      if (lost) return void counts.repliesLost++;
      await writeAll(client, message);
    }
  };
  // Either side's end is the other's.
  await Promise.all([toServer, toClient].map((pump) => pump().catch(() => {}).finally(cut)));
}

/** Whole messages. */
async function* messages(
  connection: Deno.TcpConn,
  { bytesOf }: CommitProtocol,
): AsyncGenerator<Uint8Array> {
  let rest = new Uint8Array(0);
  const chunk = new Uint8Array(64 * 1024);
  for (let length; (length = await connection.read(chunk)) !== null;) {
    const all = new Uint8Array(rest.length + length);
    all.set(rest);
    all.set(chunk.subarray(0, length), rest.length);
    let at = 0;
    for (;;) {
      const end = at + (bytesOf(all.subarray(at)) ?? Infinity);
      if (end > all.length) break;
      yield all.slice(at, end);
      at = end;
    }
    rest = all.slice(at);
  }
}

async function writeAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}
