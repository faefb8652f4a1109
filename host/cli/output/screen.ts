/**
 * The whole of a terminal, drawn again and again.
 *
 * Invariants
 * - It has the terminal's other screen: what stood there before is there again once it is disposed of.
 * - Each line takes one row, whatever its characters take: lines are not wrapped.
 */
import { terminalSize } from "./terminal_size.ts";
import { cutLine } from "./text_table.ts";

const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l";
const LEAVE = "\x1b[?7h\x1b[?25h\x1b[?1049l";

/** The whole of a terminal, from when it is made until it is disposed of. */
export class Screen implements Disposable {
  #isLeft = false;

  /** Takes the terminal that standard output is. */
  constructor() {
    write(ENTER);
  }

  /** Shows lines, which have to be printable, and nothing else. */
  draw(lines: readonly string[]): void {
    const { rows, columns } = terminalSize();
    const shown = lines.length <= rows
      ? lines
      : [...lines.slice(0, rows - 1), `… ${lines.length - rows + 1} more lines`];
    const text = shown.map((line) => `${cutLine(line, columns)}\x1b[K`).join("\r\n");
    write(`\x1b[H${text}\x1b[J`);
  }

  /** Gives the terminal back. A second time does nothing. */
  [Symbol.dispose](): void {
    if (!this.#isLeft) write(LEAVE);
    this.#isLeft = true;
  }
}

/** Where nobody sees it, it is not written. */
function write(text: string): void {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
  } catch {
    // The terminal is gone.
  }
}
