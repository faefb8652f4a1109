/** Hears of saves in folders: one for what an editor does in several steps. */

/** How long a folder has to be quiet, so that all steps of a save are done. */
const QUIET_MS = 30;

/** Yields once for each save, until the signal; saves that come meanwhile are one. */
export async function* savesIn(
  folders: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<void> {
  using watcher = Deno.watchFs([...folders]);
  const stop = () => watcher.close();
  signal.addEventListener("abort", stop, { once: true });
  let wake = Promise.withResolvers<void>();
  let changes = 0;
  let ended = false;
  const listening = (async () => {
    for await (const { kind } of watcher) {
      if (kind === "access") continue;
      changes++;
      wake.resolve();
    }
  })().finally(() => {
    ended = true;
    wake.resolve();
  });
  try {
    while (!ended) {
      await wake.promise;
      wake = Promise.withResolvers();
      if (ended) break;
      for (let seen = -1; seen !== changes;) {
        seen = changes;
        await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
      }
      yield;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    if (!signal.aborted) stop();
    await listening;
  }
}
