/** Shows how far loads are: a live line on a terminal for each, plain ones every few seconds elsewhere. */
import { format as formatBytes } from "@std/fmt/bytes";
import { format as formatDuration } from "@std/fmt/duration";
import type { LoadProgress } from "../../../src/load/loader.ts";
import { after } from "../../../src/model/timer.ts";
import { counted } from "../../../src/model/counted.ts";
import { fitPieces, type ProgressFigures, progressFigures } from "../../../src/audit/progress.ts";
import type { Terminal } from "./terminal.ts";

/** Between two looks of the live line: ten a second are smooth and cost nothing. */
const REDRAW_MS = 100;
const PLAIN_MS = 5_000;

/** Until the load has begun. */
const NOTHING: LoadProgress = { rowsCommitted: 0, batches: 0, bytesRead: 0, milliseconds: 0 };

/** A load that is shown. */
interface Shown {
  /** What its line begins with; nothing where it is the only one. */
  readonly name?: string;
  readonly began: number;
  progress: () => LoadProgress;
}

/** Draws by itself from when it is made until it is disposed of. */
export class ProgressDisplay implements Disposable {
  readonly #terminal: Terminal;
  readonly #shown = new Set<Shown>();
  #cancel: () => void;

  /** Begins to draw. */
  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#cancel = this.#wait();
  }

  /**
   * Shows one more load, with its name where there may be several; `follow` is handed what it is to ask
   * each time that it draws. Until `end` is called.
   */
  show(name?: string): { follow(progress: () => LoadProgress): void; end(): void } {
    const shown: Shown = {
      ...(name === undefined ? {} : { name }),
      began: performance.now(),
      progress: () => NOTHING,
    };
    this.#shown.add(shown);
    return {
      follow: (progress) => shown.progress = progress,
      end: () => void this.#shown.delete(shown),
    };
  }

  /** Takes the lines away. */
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
    const lines = [...this.#shown].map(({ name, began, progress }) => {
      const pieces = progressPieces(progress(), performance.now() - began);
      return name === undefined ? pieces : [`${name}: ${pieces[0]}`, ...pieces.slice(1)];
    });
    if (!this.#terminal.live) {
      for (const pieces of lines) this.#terminal.say(pieces.join(", "));
      return;
    }
    const { width, rows } = this.#terminal;
    // What scrolls out of sight cannot be erased.
    this.#terminal.redraw(...lines.slice(0, rows - 1).map((pieces) => fitPieces(pieces, width)));
  }
}

/** What a progress line says, the most important first. */
export function progressPieces(progress: LoadProgress, milliseconds: number): string[] {
  const figures = progressFigures(progress, milliseconds);
  const total = progress.bytesTotal === undefined ? "" : ` of ${bytesText(progress.bytesTotal)}`;
  return [counted(figures.rows, "row"), ...ratePieces(figures), bytesText(figures.bytes) + total];
}

/** How much of a load is done, how long the rest takes, and how fast it goes, as far as that is known. */
export function ratePieces({ share, secondsLeft, rowsPerSecond }: ProgressFigures): string[] {
  return [
    ...(share === undefined ? [] : [`${Math.floor(share * 100)} %`]),
    ...(secondsLeft === undefined ? [] : [`${durationText(secondsLeft * 1000)} left`]),
    counted(rowsPerSecond, "row/s", "rows/s"),
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

/** A moment for people, in UTC: `2026-11-30 09:12:13`. */
export function timeText(time: string): string {
  return time.slice(0, 19).replace("T", " ");
}
