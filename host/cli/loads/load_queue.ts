/** Runs loads side by side, each when those that it comes after are complete. */

/** What became of a load, as far as others need to know. */
export type Ending<T> =
  /** It was run; others may go on if it is complete. */
  | { readonly kind: "run"; readonly complete: boolean; readonly result: T }
  /** It was not, because of a load that it comes after, or because the program was stopped. */
  | { readonly kind: "not_run"; readonly because: string | undefined };

/** What is to be run. */
export interface LoadQueue<T> {
  /** Names, each with those that must be complete before; all of these are names too. */
  readonly after: ReadonlyMap<string, readonly string[]>;
  /** Of names that run together or not at all, the group: it counts as one. Each is its own by default. */
  readonly group?: ReadonlyMap<string, string>;
  /** How many run at once, at the most. */
  readonly jobs: number;
  /** Aborted where no further one is to begin. */
  readonly signal: AbortSignal;
  /** Runs one. Never rejects. */
  run(name: string): Promise<{ readonly complete: boolean; readonly result: T }>;
  /** Hears of each that will not be run. */
  onLeftOut?(name: string, because: string | undefined): void;
}

/**
 * Runs all of them. One that fails stops those that come after it and no other; names must not wait
 * for each other.
 */
export async function runQueue<T>(queue: LoadQueue<T>): Promise<Map<string, Ending<T>>> {
  const endings = new Map<string, Ending<T>>();
  const running = new Map<string, Promise<void>>();
  const waiting = [...queue.after.keys()];
  const groupOf = (name: string) => queue.group?.get(name) ?? name;
  const isFree = (name: string) => {
    const groups = new Set([...running.keys()].map(groupOf));
    return groups.has(groupOf(name)) || groups.size < queue.jobs;
  };
  while (waiting.length > 0 || running.size > 0) {
    for (const name of [...waiting]) {
      const next = nextOf(name, queue, endings);
      if (next === "wait" || (next === "run" && !isFree(name))) continue;
      waiting.splice(waiting.indexOf(name), 1);
      if (next === "run") {
        running.set(
          name,
          queue.run(name).then(({ complete, result }) => {
            endings.set(name, { kind: "run", complete, result });
            running.delete(name);
          }),
        );
      } else {
        endings.set(name, { kind: "not_run", because: next.because });
        queue.onLeftOut?.(name, next.because);
      }
    }
    if (running.size > 0) await Promise.race(running.values());
  }
  return new Map([...queue.after.keys()].map((name) => [name, endings.get(name)!]));
}

function nextOf<T>(
  name: string,
  { after, signal }: LoadQueue<T>,
  endings: ReadonlyMap<string, Ending<T>>,
): "run" | "wait" | { readonly because: string | undefined } {
  if (signal.aborted) return { because: undefined };
  let isReady = true;
  for (const before of after.get(name) ?? []) {
    const ending = endings.get(before);
    if (!ending) isReady = false;
    else if (ending.kind === "not_run" || !ending.complete) return { because: before };
  }
  return isReady ? "run" : "wait";
}
