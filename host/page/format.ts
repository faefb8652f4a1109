/** Figures, times and texts of strangers, as the page shows them. */
import { printable } from "../../src/model/printable.ts";

const BYTE_UNITS = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Bytes in the unit that suits them: `46 B`, `1.2 MB`. */
export function bytes(count: number): string {
  let [value, unit] = [count, 0];
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${
    BYTE_UNITS[unit]
  }`;
}

/** Milliseconds as people say them: `0.4 ms`, `120 ms`, `2.1 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 9.95) return `${Math.round(milliseconds * 10) / 10} ms`;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${Math.round(milliseconds / 100) / 10} s`;
  const seconds = Math.round(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours < 1) return both(minutes, "min", seconds % 60, "s");
  if (hours < 24) return both(hours, "h", minutes % 60, "min");
  return both(Math.floor(hours / 24), "d", hours % 24, "h");
}

function both(large: number, unit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`;
}

/** A moment in the time zone of the browser, with its date where that is not today's. */
export function localTime(at: Date, now: Date): string {
  if (at.toDateString() === now.toDateString()) return clockTime(at);
  const [month, day] = [at.getMonth() + 1, at.getDate()].map((n) => String(n).padStart(2, "0"));
  return `${at.getFullYear()}-${month}-${day} ${clockTime(at)}`;
}

/** The same without a date: `06:13:39`. */
export function clockTime(at: Date): string {
  return at.toTimeString().slice(0, 8);
}

/** A moment in UTC: `2026-11-30 06:13:39 UTC`. */
export function utcTime(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** Characters of a name that is shown in one line; the rest is in its title. */
const SHOWN_MAX = 300;

/** A text of strangers in one line that turns nothing around: control characters stand as `\u{…}`. */
export function shown(text: string): string {
  const safe = printable(text);
  return safe.length > SHOWN_MAX ? `${safe.slice(0, SHOWN_MAX)}…` : safe;
}

/** A text in several lines, each as {@linkcode shown}, without cutting it. */
export function shownLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}
