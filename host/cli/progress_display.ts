/** Shows how far a load is: a live line on a terminal, a plain one every few seconds elsewhere. */
import { format as formatBytes } from "@std/fmt/bytes";
import { format as formatDuration } from "@std/fmt/duration";
import type { LoadProgress } from "../../src/load/loader.ts";
import { after } from "../../src/model/timer.ts";
import { counted } from "../../src/model/counted.ts";
import { fitPieces, progressFigures } from "../../src/audit/progress.ts";
import type { Terminal } from "./terminal.ts";

/** Between two looks of the live line: ten a second are smooth and cost nothing. */
const REDRAW_MS = 100;
const PLAIN_MS = 5_000;

/** Until the load has begun. */
const NOTHING: LoadProgress = { rowsCommitted: 0, batches: 0, bytesRead: 0, milliseconds: 0 };

/** Draws by itself from when it is made until it is disposed of. */
export class ProgressDisplay implements Disposable {
  readonly #terminal: Terminal;
  readonly #began = performance.now();
  #cancel: () => void;
  #progress: () => LoadProgress = () => NOTHING;

  /** Begins to draw. */
  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#cancel = this.#wait();
  }

  /** Asks this from now on, each time that it draws. */
  follow(progress: () => LoadProgress): void {
    this.#progress = progress;
  }

  /** Takes the line away. */
  [Symbol.dispose](): void {
    this.#cancel();
    this.#terminal.clear();
  }

  #wait(): () => void {
    return after(this.#terminal.live ? REDRAW_MS : PLAIN_MS, () => {
      this.#cancel = this.#wait();
      this.#show();
    });
  }

  #show(): void {
    const pieces = progressPieces(this.#progress(), performance.now() - this.#began);
    if (this.#terminal.live) this.#terminal.redraw(fitPieces(pieces, this.#terminal.width));
    else this.#terminal.say(pieces.join(", "));
  }
}

/** What a progress line says, the most important first. */
export function progressPieces(progress: LoadProgress, milliseconds: number): string[] {
  const figures = progressFigures(progress, milliseconds);
  const { rows, rowsPerSecond, bytes, share, secondsLeft } = figures;
  const total = progress.bytesTotal === undefined ? "" : ` of ${bytesText(progress.bytesTotal)}`;
  return [
    counted(rows, "row"),
    ...(share === undefined ? [] : [`${Math.floor(share * 100)} %`]),
    ...(secondsLeft === undefined ? [] : [`${durationText(secondsLeft * 1000)} left`]),
    counted(rowsPerSecond, "row/s", "rows/s"),
    bytesText(bytes) + total,
  ];
}

/** Bytes for people: `96.3 MB`. */
export function bytesText(bytes: number): string {
  return formatBytes(bytes);
}

/** A time for people: milliseconds below a second, tenths below ten, else `1m 5s`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)}ms`;
  if (milliseconds < 9_950) return `${(milliseconds / 1000).toFixed(1).replace(/\.0$/, "")}s`;
  return formatDuration(Math.round(milliseconds / 1000) * 1000, { ignoreZero: true });
}
