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
import { writeWhole } from "./write_whole.ts";

/** Its name, beside the plugins. */
export const JUDGED_FILE = "plans.judged";
/** Plans that are kept: the newest ones. */
const PLANS_MAX = 4_096;
/** Bytes of a file that is read: of one that is larger, no line is ours. */
const FILE_BYTES_MAX = 1024 * 1024;

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
    const kept = [...keys].slice(-PLANS_MAX).join("\n");
    // A new file in the place of the old one, whatever that is: a link would be followed.
    await writeWhole(this.#file, new TextEncoder().encode(`${kept}\n`)).catch(() => {});
  }

  #read(): Promise<Set<string>> {
    return this.#keys ??= readKeys(this.#file);
  }
}

async function readKeys(file: string | undefined): Promise<Set<string>> {
  if (file === undefined) return new Set();
  try {
    const text = new TextDecoder().decode(await readPlainFile(file, FILE_BYTES_MAX));
    return new Set(text.split("\n").filter((line) => line !== "").slice(-PLANS_MAX));
  } catch (error) {
    if (error instanceof UnreadableFile) return new Set();
    throw error;
  }
}

function keyOf({ family, hash, shape }: JudgedPlan): Promise<string> {
  return sha256(`${VERSION}\n${family}\n${hash}\n${shapeKey(shape)}`);
}
