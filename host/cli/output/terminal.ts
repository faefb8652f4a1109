/**
 * Where the program writes: results to standard output, everything else to standard error, which may
 * have live lines at its end.
 *
 * Invariants
 * - Live lines stand on a terminal only, and are gone before anything else is written.
 * - None of them fills a row of the terminal to the last column, where terminals differ.
 * - Nothing here throws: that standard output cannot be written is said once, on standard error; that
 *   standard error cannot be written, nobody could be told.
 */
import { messageOf } from "../../../src/model/errors.ts";
import { escapedJson, printable, printableLines } from "../../../src/model/printable.ts";
import { terminalSize } from "./terminal_size.ts";

/**
 * Where the program writes: results to standard output, everything else to standard error, which
 * may have live lines at its end.
 */
export class Terminal {
  /** Whether standard error is a terminal. */
  readonly live: boolean = Deno.stderr.isTerminal();
  readonly #colour = this.live && !Deno.noColor;
  /** Lengths of the live lines. */
  #live: readonly number[] = [];

  #outputFailed = false;
  #outputClosed = false;

  /** Whether a result is lost, for another reason than that whoever read it is gone. */
  get outputFailed(): boolean {
    return this.#outputFailed;
  }

  /** Whether whoever read standard output is gone. */
  get outputClosed(): boolean {
    return this.#outputClosed;
  }

  /** Rows that the terminal has; 24 where that is not known. */
  get rows(): number {
    return terminalSize().rows;
  }

  /** Columns that a line may take: 79 where the width is not known. */
  get width(): number {
    return Math.max(terminalSize().columns - 1, 1);
  }

  /** Writes a line of a result; what would end it, or do more than stand there, is made visible. */
  result(line: string): void {
    this.clear();
    this.#result(`${printable(line)}\n`);
  }

  /** Writes a result of several lines that are our own. */
  text(text: string): void {
    for (const line of text.split("\n")) this.result(line);
  }

  /** Writes a result as JSON, for programs: what is in it stays exact. */
  json(value: unknown, { indented = false } = {}): void {
    this.clear();
    const json = JSON.stringify(value, null, indented ? 2 : 0);
    this.#result(`${escapedJson(json)}\n`);
  }

  /** Tells people something in a line, on standard error, after the program's name. */
  say(text: string): void {
    this.clear();
    write(Deno.stderr, `snakepipe: ${printable(text)}\n`);
  }

  /**
   * Tells people what went wrong: the message of an error of ours, or a stack, in which nothing that
   * follows on the first line looks like one. In red on a terminal unless `NO_COLOR` is set.
   */
  complain(text: string): void {
    this.clear();
    const name = this.#colour ? "\x1b[1;31msnakepipe:\x1b[0m" : "snakepipe:";
    write(Deno.stderr, `${name} ${printableLines(text)}\n`);
  }

  /** Asks whether something is meant, on standard error; undefined where nobody is there to be asked. */
  async confirm(question: string): Promise<boolean | undefined> {
    if (!this.live || !Deno.stdin.isTerminal()) return undefined;
    this.clear();
    write(Deno.stderr, `${printable(question)} [y/N] `);
    return /^y(es)?$/i.test((await readLine()).trim());
  }

  /** Puts lines in the place of the live ones. Without a terminal it does nothing. */
  redraw(...lines: readonly string[]): void {
    if (!this.live) return;
    write(Deno.stderr, this.#erase() + lines.join("\r\n"));
    this.#live = lines.map((line) => line.length);
  }

  /** Takes the live lines away. */
  clear(): void {
    if (this.#live.some((length) => length > 0)) write(Deno.stderr, this.#erase());
    this.#live = [];
  }

  #result(text: string): void {
    if (this.#outputFailed) return;
    const reason = write(Deno.stdout, text);
    if (reason === "closed") this.#outputClosed = true;
    if (reason === undefined || reason === "closed") return;
    this.#outputFailed = true;
    this.say(`Standard output cannot be written: ${reason}`);
  }

  /** A terminal that became narrower has wrapped a line: then it takes several rows. */
  #erase(): string {
    const columns = this.width + 1;
    const rows = this.#live.map((length) => Math.max(Math.ceil(length / columns), 1));
    const rowsAbove = Math.max(rows.reduce((sum, count) => sum + count, 0) - 1, 0);
    return (rowsAbove > 0 ? `\x1b[${rowsAbove}A` : "") + "\r\x1b[J";
  }
}

/** A line of standard input; what there is at its end. */
async function readLine(): Promise<string> {
  const chunk = new Uint8Array(256);
  let text = "";
  while (!text.includes("\n")) {
    const count = await Deno.stdin.read(chunk);
    if (count === null) break;
    text += new TextDecoder().decode(chunk.subarray(0, count));
  }
  return text.split("\n")[0]!;
}

/** Writes all of a text. Why it cannot be written: `closed` where whoever read it is gone. */
function write(
  stream: { writeSync(bytes: Uint8Array): number },
  text: string,
): string | undefined {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let at = 0; at < bytes.length;) at += stream.writeSync(bytes.subarray(at));
  } catch (error) {
    // As in `snakepipe backends | head -1`.
    return error instanceof Deno.errors.BrokenPipe ? "closed" : reasonOf(error);
  }
  return undefined;
}

/** What the system says, without its number: `no space left on device`. */
function reasonOf(error: unknown): string {
  const text = messageOf(error).replace(/ \(os error \d+\)$/, "");
  return text.charAt(0).toLowerCase() + text.slice(1);
}
