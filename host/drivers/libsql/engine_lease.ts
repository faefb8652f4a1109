/**
 * Which engine a file is open on in this process.
 *
 * The locks by which SQLite keeps writers apart are the process's (POSIX, fcntl): two engines in one
 * process do not see each other's. Both would write at once, or one would take the log of the other
 * away as it closes; rows that were committed are then gone without a word. So a file is open on one
 * engine at a time, in all threads of the process, and Web Locks hold them to that: they are common
 * to all workers, and one that ends lets go of its own.
 *
 * Invariants
 * - A file that is open on an engine has the lock of that engine and file in shared mode.
 * - Having taken it, it saw that nobody held the other engine's lock of that file; of two who take
 *   both at once, at least one sees the other and gives its own back.
 * - A session that is not closed before its worker is ended keeps the file open, but not its lock.
 */
import { basename, dirname, join, resolve } from "@std/path";
import type { BroadcastChannel as QuietChannel } from "node:worker_threads";
import { after } from "../../../src/model/timer.ts";
import type { EngineName } from "./engine.ts";

/** A share of a file on one engine. */
export interface EngineLease {
  readonly engine: EngineName;
  /** Resolves once it is given back. */
  release(): Promise<void>;
}

/** What is used of Web Locks, which Deno's types lack. https://w3c.github.io/web-locks/ */
interface LockManager {
  request(
    name: string,
    options: {
      readonly mode: "shared" | "exclusive";
      readonly ifAvailable?: boolean;
      readonly signal?: AbortSignal;
    },
    use: (lock: object | null) => Promise<void>,
  ): Promise<void>;
  query(): Promise<{ readonly held: readonly { readonly name: string }[] }>;
}

const { locks } = navigator as unknown as { readonly locks: LockManager };

const CHANNEL = "snakepipe:libsql";

/** Somebody may not have heard it: a session that was just being opened, say. */
const RING_AGAIN_MS = 100;

/** A load of a few rows is over by then, and does without what listening takes: 20 ms of CPU. */
const LISTEN_AFTER_MS = 200;

/** Links that lead to a file that is not there yet; systems follow 40, and those may be a circle. */
const LINKS_MAX = 40;

/** The same text for every path that leads to a file, whether it is there already or not. */
export function fileKey(path: string, linksMax = LINKS_MAX): string {
  const real = tryTo(() => Deno.realPathSync(path));
  if (real !== undefined) return real;
  const target = tryTo(() => Deno.readLinkSync(path));
  if (target !== undefined && linksMax > 0) {
    return fileKey(resolve(dirname(path), target), linksMax - 1);
  }
  return join(tryTo(() => Deno.realPathSync(dirname(path))) ?? dirname(path), basename(path));
}

/** Takes a share if the file is not open on the other engine, nor somebody waits to do so. */
export async function tryLease(key: string, engine: EngineName): Promise<EngineLease | undefined> {
  const lease = await share(key, engine);
  if (!lease) return undefined;
  const { held } = await locks.query();
  if (!held.some(({ name }) => name === nameOf(key, other(engine)))) return lease;
  await lease.release();
  return undefined;
}

/** Takes a share, and waits as long as that for those who have the file open on the other engine. */
export async function waitForLease(
  key: string,
  engine: EngineName,
  timeoutMs: number,
): Promise<EngineLease | undefined> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const lease = await tryLease(key, engine);
    if (lease) return lease;
    const leftMs = end - performance.now();
    if (leftMs <= 0) return undefined;
    ring(key);
    const signal = AbortSignal.timeout(Math.ceil(Math.min(leftMs, RING_AGAIN_MS)));
    const alone = await hold(nameOf(key, other(engine)), { mode: "exclusive", signal });
    if (!alone) continue;
    try {
      // Nobody of the other engine comes in between.
      const taken = await share(key, engine);
      if (taken) return taken;
    } finally {
      await alone();
    }
  }
}

/** Asks all sessions of this process for a file to let go of it. */
function ring(key: string): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(key);
  channel.close();
}

/** Who is called back in this thread, by file, and what it hears from. */
const listeners = new Map<string, Set<() => void>>();
let channel: QuietChannel | undefined;

/** Calls back when somebody rings for a file; returns what ends that. */
export function onRing(key: string, listener: () => void): () => void {
  const ofFile = listeners.get(key) ?? new Set();
  listeners.set(key, ofFile.add(listener));
  // Whoever rings before, rings again.
  const cancel = after(LISTEN_AFTER_MS, openChannel);
  return () => {
    cancel();
    ofFile.delete(listener);
    if (ofFile.size === 0 && listeners.get(key) === ofFile) listeners.delete(key);
    if (listeners.size > 0) return;
    channel?.close();
    channel = undefined;
  };
}

async function openChannel(): Promise<void> {
  // The runtime's own would keep the thread alive; this one can be told only to wake it.
  const { BroadcastChannel } = await import("node:worker_threads");
  if (channel || listeners.size === 0) return;
  channel = new BroadcastChannel(CHANNEL);
  channel.unref();
  channel.onmessage = (event: unknown) => {
    for (const listener of listeners.get((event as { data: string }).data) ?? []) listener();
  };
}

async function share(key: string, engine: EngineName): Promise<EngineLease | undefined> {
  const release = await hold(nameOf(key, engine), { mode: "shared", ifAvailable: true });
  return release && { engine, release };
}

/** Takes a lock and returns what gives it back; undefined where it is not to be had in time. */
function hold(
  name: string,
  options: Parameters<LockManager["request"]>[1],
): Promise<(() => Promise<void>) | undefined> {
  return new Promise((resolve, reject) => {
    const held = Promise.withResolvers<void>();
    const ended = locks.request(name, options, (lock) => {
      if (!lock) {
        resolve(undefined);
        return Promise.resolve();
      }
      resolve(() => {
        held.resolve();
        return ended;
      });
      return held.promise;
    });
    ended.catch((error) => options.signal?.aborted ? resolve(undefined) : reject(error));
  });
}

function nameOf(key: string, engine: EngineName): string {
  return `${CHANNEL}:${engine}:${key}`;
}

function other(engine: EngineName): EngineName {
  return engine === "sqlite" ? "libsql" : "sqlite";
}

function tryTo(call: () => string): string | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}
