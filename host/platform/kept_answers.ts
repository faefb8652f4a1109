/**
 * What plugins have answered before: their manifests, their statements for sessions, their plans. To vet
 * and meter the four plugins of this package takes 60 ms, PostgreSQL's parser 70 ms and 55 MB, and each
 * answers the same question the same way every time. So answers are kept in a file beside the plugins,
 * each behind the hash of all that it depends on. Who can write there can grant whatever he likes
 * anyway; and what is read is held to its schema and to the policy again. What cannot be read or written
 * is asked for again.
 */
import { HeldFile, writeAll } from "./held_file.ts";
import { readPlainFile, UnreadableFile } from "./plain_file.ts";
import { sha256 } from "./sha256.ts";
import { VERSION } from "./version.ts";

/** Its name, beside the plugins. */
export const KEPT_FILE = "plugins.kept";
/** Bytes of the file: of the answers, the newest are kept, and of a larger file no line is ours. */
const FILE_BYTES_MAX = 1024 * 1024;
/** An answer that is larger is asked for each time. */
const ANSWER_BYTES_MAX = 64 * 1024;
/** A line of it: the hash of what was asked, and the answer as JSON. */
const LINE = /^[0-9a-f]{64} ./;
const KEY_LENGTH = 64;
/** How long to wait for another program. */
const WAIT_MS = 2_000;

/** What was asked, in words of which none has a line end. */
export type Question = readonly ["manifest" | "sessions" | "plan", ...string[]];

/**
 * What plugins have answered before: their manifests, their statements for sessions, their plans.
 */
export class KeptAnswers {
  readonly #file: string | undefined;
  #lines: Promise<Map<string, string>> | undefined;
  /** Those that are not in the file yet. */
  #added = new Map<string, string>();
  #writing: Promise<void> = Promise.resolve();

  readonly #readOnly: boolean;

  /** Of a folder of plugins; without one, or with `readOnly`, new ones are kept for as long as this lives. */
  constructor(folder?: string, { readOnly = false }: { readonly readOnly?: boolean } = {}) {
    this.#readOnly = readOnly;
    this.#file = folder === undefined ? undefined : `${folder.replace(/[\\/]+$/, "")}/${KEPT_FILE}`;
  }

  /** The answer, as JSON has it; undefined where there is none. Who asks holds it to its schema. */
  async get(question: Question): Promise<unknown> {
    const line = (await this.#read()).get(await keyOf(question));
    try {
      return line === undefined ? undefined : JSON.parse(line);
    } catch {
      return undefined;
    }
  }

  /** Keeps an answer. Nobody waits for the file but {@linkcode KeptAnswers.recorded}. */
  async add(question: Question, answer: unknown): Promise<void> {
    const text = JSON.stringify(answer);
    if (text.length > ANSWER_BYTES_MAX) return;
    const key = await keyOf(question);
    (await this.#read()).set(key, text);
    this.#added.set(key, text);
    this.#writing = this.#writing.then(() => this.#write());
  }

  /** Resolves once what was added until now is written. */
  recorded(): Promise<void> {
    return this.#writing;
  }

  async #write(): Promise<void> {
    if (this.#file === undefined || this.#readOnly || this.#added.size === 0) return;
    const added = this.#added;
    this.#added = new Map();
    // What cannot be written is asked for again.
    await merge(this.#file, added).catch(() => {});
  }

  #read(): Promise<Map<string, string>> {
    return this.#lines ??= readLines(this.#file);
  }
}

/** Adds to what others have written meanwhile, with nobody else in between. */
async function merge(file: string, added: ReadonlyMap<string, string>): Promise<void> {
  await using held = await HeldFile.open(file, { create: true, links: false, waitMs: WAIT_MS });
  const there = await linesIn(file);
  // A file of somebody else stays as it is.
  if (!there) return;
  // What is answered again stands behind the others.
  for (const key of added.keys()) there.delete(key);
  const bytes = newest(new Map([...there, ...added]));
  await held.replace((to) => writeAll(to, bytes));
}

/** As many lines as there is room for, the newest of them, in their order. */
function newest(lines: ReadonlyMap<string, string>): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const kept: Uint8Array[] = [];
  let length = 0;
  for (const [key, answer] of [...lines].reverse()) {
    const line = encoder.encode(`${key} ${answer}\n`);
    if (length + line.length > FILE_BYTES_MAX) break;
    kept.push(line);
    length += line.length;
  }
  const bytes = new Uint8Array(length);
  let at = length;
  for (const line of kept) bytes.set(line, at -= line.length);
  return bytes;
}

async function readLines(file: string | undefined): Promise<Map<string, string>> {
  return file === undefined ? new Map() : await linesIn(file) ?? new Map();
}

/** Undefined where the file is not ours. */
async function linesIn(file: string): Promise<Map<string, string> | undefined> {
  try {
    const text = new TextDecoder().decode(await readPlainFile(file, FILE_BYTES_MAX));
    const lines = text.split("\n").filter((line) => line !== "");
    if (!lines.every((line) => LINE.test(line))) return undefined;
    return new Map(
      lines.map((line) => [line.slice(0, KEY_LENGTH), line.slice(KEY_LENGTH + 1)]),
    );
  } catch (error) {
    if (error instanceof UnreadableFile) return error.missing ? new Map() : undefined;
    throw error;
  }
}

function keyOf(question: Question): Promise<string> {
  return sha256([VERSION, ...question].join("\n"));
}
