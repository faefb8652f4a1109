/** Rows in memory, or from anything that can be iterated. */
import type { Column } from "../../src/model/batch.ts";
import { LoadError } from "../../src/model/errors.ts";
import { RowJsonWriter, type Told } from "./row_json.ts";
import type { OpenPart, Source } from "./source.ts";
import { TEXT_CHARACTERS, TextBytes } from "./text_bytes.ts";

/** What is known of the rows beforehand. */
export interface RowsOptions {
  /** What stands in the load row, and what the rows are called in messages; `rows` by default. */
  readonly name?: string;
  /** Their columns; by default they are taken from the table, or inferred. */
  readonly columns?: readonly Column[];
  /** The table that they go to when the load names none. */
  readonly table?: string;
}

/**
 * Rows from objects, one property a column. They are pulled as the load needs them, about 256 KiB
 * ahead, and written as NDJSON once: bigint as digits, Date as ISO 8601, bytes as hex behind `\x` (as
 * base64 within nested values), NaN and the infinities by name, undefined left out, nested objects and arrays as JSON.
 *
 * An iterator that can be run through only once makes a source that can be loaded only once.
 *
 * @throws {LoadError} reading throws `source_malformed` for a value that has no form in JSON (a Map,
 * a Set, a function, a symbol, an invalid Date), naming row and column; and `source_unreadable`,
 * with what was thrown as its cause, if the iterator throws
 */
export function rows(
  iterable: Iterable<object> | AsyncIterable<object>,
  options: RowsOptions = {},
): Source {
  const { name = "rows", columns, table } = options;
  const told: Told = new Map();
  return {
    name,
    anonymous: options.name === undefined,
    hexBytes: true,
    kinds: told,
    ...(columns === undefined ? {} : { columns }),
    ...(table === undefined ? {} : { table }),
    parts: async function* () {
      yield { name, open: () => Promise.resolve(openRows(iterable, name, told)) };
    },
  };
}

function openRows(
  iterable: Iterable<object> | AsyncIterable<object>,
  name: string,
  told: Told,
): OpenPart {
  const lines = new RowLines(iterable, { name, told });
  const bytes = new TextBytes(() => lines.next());
  let bytesRead = 0;
  return {
    format: { kind: "ndjson" },
    line: 1,
    byteOffset: 0,
    read: async (into) => {
      const count = await bytes.read(into);
      bytesRead += count ?? 0;
      return count;
    },
    bytesRead: () => bytesRead,
    close: () => lines.close(),
  };
}

/** Pulls rows, and no more than are asked for at a time. */
class RowLines {
  readonly #iterator: Iterator<object> | AsyncIterator<object>;
  readonly #name: string;
  readonly #writer: RowJsonWriter;
  #ended = false;
  #pulling = false;

  constructor(
    iterable: Iterable<object> | AsyncIterable<object>,
    { name, told }: { readonly name: string; readonly told: Told },
  ) {
    this.#iterator = Symbol.asyncIterator in iterable
      ? iterable[Symbol.asyncIterator]()
      : iterable[Symbol.iterator]();
    this.#name = name;
    this.#writer = new RowJsonWriter(name, told);
  }

  /** Further rows, a line each; empty when there are no more. */
  async next(): Promise<string> {
    let text = "";
    while (text.length < TEXT_CHARACTERS && !this.#ended) {
      // Awaited only where there is something to wait for: that is a third of the time of a row.
      const pulled = this.#pull();
      const { done, value } = pulled instanceof Promise ? await this.#settle(pulled) : pulled;
      if (done) this.#ended = true;
      else text += this.#writer.write(value) + "\n";
    }
    return text;
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    const returned = Promise.resolve(this.#iterator.return?.()).catch(() => {});
    // A generator that waits for its next row would keep the caller waiting too.
    if (!this.#pulling) await returned;
  }

  #pull(): IteratorResult<object> | Promise<IteratorResult<object>> {
    try {
      return this.#iterator.next();
    } catch (cause) {
      throw this.#failure(cause);
    }
  }

  async #settle(pulled: Promise<IteratorResult<object>>): Promise<IteratorResult<object>> {
    this.#pulling = true;
    try {
      return await pulled;
    } catch (cause) {
      throw this.#failure(cause);
    } finally {
      this.#pulling = false;
    }
  }

  #failure(cause: unknown): LoadError {
    this.#ended = true;
    if (cause instanceof LoadError) return cause;
    return new LoadError(
      `Reading ${this.#name} failed after ${this.#writer.rows} rows: its iterator threw`,
      { code: "source_unreadable", blame: "data", cause },
    );
  }
}
