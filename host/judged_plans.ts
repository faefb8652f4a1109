/**
 * Plans that the databases' own parsers have let through before. To load PostgreSQL's parser takes
 * 70 ms and 55 MB, and its opinion of the same plan for the same shape is always the same: it is kept
 * in a file beside the plugins, of which a line is the hash of all that the opinion depends on. Who
 * can write there can grant whatever he likes anyway. What cannot be read or written is asked for
 * again.
 */
import { type Shape, shapeKey } from "../src/batch.ts";
import type { CheckedPlan } from "../src/loader/plan_cache.ts";
import { readPlainFile, UnreadableFile } from "./plugin_store/plain_file.ts";
import { sha256 } from "./sha256.ts";
import { VERSION } from "./version.ts";
import { HeldFile, writeAll } from "./held_file.ts";

/** Its name, beside the plugins. */
export const JUDGED_FILE = "plans.judged";
/** Plans that are kept: the newest ones. */
const PLANS_MAX = 4_096;
/** Bytes of a file that is read: of one that is larger, no line is ours. */
const FILE_BYTES_MAX = 1024 * 1024;

/** A line of it. */
const KEY = /^[0-9a-f]{64}$/;
/** How long to wait for another program. */
const WAIT_MS = 2_000;

/** What an opinion is about. */
export interface JudgedPlan extends CheckedPlan {
  readonly family: string;
  readonly shape: Shape;
}

/** See the head of this file. */
export class JudgedPlans {
  readonly #file: string | undefined;
  #keys: Promise<Set<string>> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isChanged = false;

  /** Of a folder of plugins; without one, nothing is kept. */
  constructor(folder?: string) {
    this.#file = folder === undefined
      ? undefined
      : `${folder.replace(/[\\/]+$/, "")}/${JUDGED_FILE}`;
  }

  /** Whether the plan was let through before. */
  async has(plan: JudgedPlan): Promise<boolean> {
    return (await this.#read()).has(await keyOf(plan));
  }

  /** Remembers that the plan was let through. */
  async add(plan: JudgedPlan): Promise<void> {
    const key = await keyOf(plan);
    const keys = await this.#read();
    keys.add(key);
    this.#isChanged = true;
    // Nobody waits for it but whoever ends.
    this.#writing = this.#writing.then(() => this.#write(keys));
  }

  /** Resolves once what was let through until now is written. */
  recorded(): Promise<void> {
    return this.#writing;
  }

  async #write(keys: ReadonlySet<string>): Promise<void> {
    if (this.#file === undefined || !this.#isChanged) return;
    this.#isChanged = false;
    // What cannot be written is asked for again.
    await merge(this.#file, keys).catch(() => {});
  }

  #read(): Promise<Set<string>> {
    return this.#keys ??= readKeys(this.#file);
  }
}

/** Adds to what others have written meanwhile, with nobody else in between. */
async function merge(file: string, keys: ReadonlySet<string>): Promise<void> {
  await using held = await HeldFile.open(file, { create: true, links: false, waitMs: WAIT_MS });
  const there = await keysIn(file);
  // A file of somebody else stays as it is.
  if (!there) return;
  const kept = [...there.union(keys)].slice(-PLANS_MAX).join("\n");
  await held.replace((to) => writeAll(to, new TextEncoder().encode(`${kept}\n`)));
}

async function readKeys(file: string | undefined): Promise<Set<string>> {
  return file === undefined ? new Set() : await keysIn(file) ?? new Set();
}

/** Undefined where the file is not ours. */
async function keysIn(file: string): Promise<Set<string> | undefined> {
  try {
    const text = new TextDecoder().decode(await readPlainFile(file, FILE_BYTES_MAX));
    const lines = text.split("\n").filter((line) => line !== "");
    return lines.every((line) => KEY.test(line)) ? new Set(lines) : undefined;
  } catch (error) {
    if (error instanceof UnreadableFile) return error.missing ? new Set() : undefined;
    throw error;
  }
}

function keyOf({ family, hash, shape }: JudgedPlan): Promise<string> {
  return sha256(`${VERSION}\n${family}\n${hash}\n${shapeKey(shape)}`);
}
