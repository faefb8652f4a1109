import type { RejectFile } from "./reject_file.ts";

/** Bytes of lines that are waited with. The whole file is written each time. */
const BYTES_MAX = 32 * 1024 * 1024;

const latin1 = new TextDecoder("latin1");

/**
 * What becomes of lines of a file of rejects, written into it so often that memory stays bounded.
 */
export class LineChanges {
  readonly #file: RejectFile;
  /** By the line as it was read: one that says something else by now stays. */
  readonly #changes = new Map<string, Uint8Array | undefined>();
  #bytes = 0;

  /** Changes of this file. */
  constructor(file: RejectFile) {
    this.#file = file;
  }

  /** What is to stand in the place of a line; undefined where nothing is. */
  async add(line: Uint8Array, after: Uint8Array | undefined): Promise<void> {
    this.#changes.set(latin1.decode(line), after);
    this.#bytes += line.length + (after?.length ?? 0);
    if (this.#bytes > BYTES_MAX) await this.write();
  }

  /** Writes those of until now. */
  async write(): Promise<void> {
    const changes = this.#changes;
    if (changes.size === 0) return;
    await this.#file.change(({ bytes }) => {
      const line = latin1.decode(bytes);
      return changes.has(line) ? changes.get(line) : bytes;
    });
    changes.clear();
    this.#bytes = 0;
  }
}
