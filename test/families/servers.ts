/** The servers of one run of the tests: one for each family that has one and can run here. */
import { ALL_FAMILIES, SKIPPED_VARIABLE } from "./families.ts";
import type { TestServer } from "./family.ts";

/** What runs, and what could not. */
export interface RunningServers extends AsyncDisposable {
  /** Variables by which descriptors find their servers, and know which families are left out. */
  readonly env: Readonly<Record<string, string>>;
  /** Families that are left out, and why. */
  readonly skipped: ReadonlyMap<string, string>;
}

/** Starts them, all at once. @throws what a server throws that should have started; the others are ended */
export async function startServers(): Promise<RunningServers> {
  const skipped = new Map<string, string>();
  const started = await Promise.allSettled(ALL_FAMILIES.map(async (family) => {
    const why = await family.missing?.();
    if (why !== undefined) skipped.set(family.name, why);
    return why === undefined ? await family.startServer?.() : undefined;
  }));
  const servers = started.flatMap((one) =>
    one.status === "fulfilled" && one.value ? [one.value] : []
  );
  const failed = started.find((one) => one.status === "rejected");
  if (failed) {
    await stopAll(servers);
    throw failed.reason;
  }
  return {
    env: {
      ...Object.assign({}, ...servers.map(({ env }) => env)),
      [SKIPPED_VARIABLE]: JSON.stringify(Object.fromEntries(skipped)),
    },
    skipped,
    [Symbol.asyncDispose]: () => stopAll(servers),
  };
}

async function stopAll(servers: readonly TestServer[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()));
}
