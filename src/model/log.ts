/**
 * What a load does, step by step: nothing is collected until somebody says
 * where it goes. A line is a fixed text and figures: names, numbers, codes; never a value of a row, and
 * no setting.
 */

/** What a line is about. */
export const LOG_CATEGORIES = ["batch", "lane", "plan", "policy", "retry", "pool"] as const;
/** One of {@linkcode LOG_CATEGORIES}. */
export type LogCategory = typeof LOG_CATEGORIES[number];

/** Names, numbers and codes; those that are undefined are left out. */
export type LogFigures = Readonly<Record<string, string | number | boolean | undefined>>;

/** Takes lines. */
export type LogSink = (category: LogCategory, text: string, figures: LogFigures) => void;

let sink: LogSink | undefined;

/** Sends all lines of this thread there; undefined ends it. */
export function logTo(next: LogSink | undefined): void {
  sink = next;
}

/** Whether anybody listens: what costs something to find out need not be found out otherwise. */
export function isLogged(): boolean {
  return sink !== undefined;
}

/** Tells a line to whoever listens. */
export function log(category: LogCategory, text: string, figures: LogFigures = {}): void {
  sink?.(category, text, figures);
}

/** Milliseconds since then, by `performance.now()`, to a tenth. */
export function millisecondsSince(then: number): number {
  return Math.round((performance.now() - then) * 10) / 10;
}
