/** Where lanes run: one in this thread, the others in workers. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Config } from "../../../src/model/config_schema.ts";
import type { Connection, Driver } from "../../../host/drivers/driver.ts";
import { DRIVER_FAMILIES, loadDriver } from "../../../host/drivers/load_driver.ts";
import { lanesByDefault, openLane } from "../../../host/lane/lanes.ts";
import { ndjson } from "../../../mod.ts";
import { openHost, withFolder } from "../../support/target.ts";
import { WorkerConnection } from "../../../host/lane/worker_connection.ts";

/** The libSQL driver, said to leave the thread free or not. */
async function driverThat(blocks: boolean): Promise<Driver> {
  return { ...await loadDriver("libsql"), blocks };
}

/** Hands over the settings of a database of its own. */
function withFile(act: (config: Config) => Promise<void>): Promise<void> {
  return withFolder((folder) => act({ url: `libsql:${folder}/lanes.db` }));
}

const isInWorker = (lane: Connection) => lane instanceof WorkerConnection;
const isHere = (lane: Connection) => !isInWorker(lane);

Deno.test("lanes: the first runs in this thread, a further one has a worker", () =>
  withFile(async (config) => {
    const driver = await driverThat(false);
    const first = await openLane(driver, config);
    const second = await openLane(driver, config);
    try {
      assert(isHere(first) && isInWorker(second));
      for (const lane of [first, second]) assertEquals((await lane.probe("SELECT 7")).text, "7");
    } finally {
      await Promise.all([first.close(), second.close()]);
    }
  }));

Deno.test("lanes: the place in this thread is free again once its lane is closed, or did not open", () =>
  withFile(async (config) => {
    const driver = await driverThat(false);
    const broken: Driver = { ...driver, connect: () => Promise.reject(new Error("refused")) };
    await assertRejects(() => openLane(broken, config), Error, "refused");
    const first = await openLane(driver, config);
    await first.close();
    const next = await openLane(driver, config);
    // Closed once more, it does not free the place of another one.
    await first.close();
    const second = await openLane(driver, config);
    try {
      assert(isHere(next) && isInWorker(second));
    } finally {
      await Promise.all([next.close(), second.close()]);
    }
  }));

Deno.test("lanes: those of a driver whose connections share an engine are all in this thread", () =>
  withFile(async (config) => {
    const driver: Driver = { ...await driverThat(false), oneThread: true };
    const lanes = await Promise.all([openLane(driver, config), openLane(driver, config)]);
    try {
      assert(lanes.every(isHere));
      for (const lane of lanes) assertEquals((await lane.probe("SELECT 7")).text, "7");
    } finally {
      await Promise.all(lanes.map((lane) => lane.close()));
    }
  }));

Deno.test("lanes: those of a driver that blocks have workers", () =>
  withFile(async (config) => {
    const lane = await openLane(await driverThat(true), config);
    try {
      assert(isInWorker(lane));
    } finally {
      await lane.close();
    }
  }));

/** How many workers are begun meanwhile. */
async function workersOf(act: () => Promise<void>): Promise<number> {
  const { Worker } = globalThis;
  let count = 0;
  globalThis.Worker = class extends Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      count++;
    }
  };
  try {
    await act();
  } finally {
    globalThis.Worker = Worker;
  }
  return count;
}

async function gzipped(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip")))
    .bytes();
}

const ROW = `{"id":1,"note":"${"x".repeat(80)}"}\n`;
const SMALL = new TextEncoder().encode(ROW.repeat(100));
const LARGE = new TextEncoder().encode(ROW.repeat(3000));
for (
  const [what, bytes, firstConnection, workers] of [
    ["a small file", SMALL, "small_lane", 0],
    ["a small file, of a host that may do something else", SMALL, "lane", 1],
    ["a file that is not small", LARGE, "small_lane", 1],
    ["a small file that is compressed, whatever is in it", await gzipped(SMALL), "small_lane", 1],
  ] as const
) {
  Deno.test(`lanes: into SQLite, ${what} is loaded by so many workers: ${workers}`, () =>
    withFolder(async (folder) => {
      await Deno.writeFile(`${folder}/rows.ndjson`, bytes);
      const begun = await workersOf(async () => {
        await using host = await openHost({ firstConnection });
        const backend = await host.createBackend("libsql", { url: `libsql:${folder}/t.db` });
        const source = ndjson(`${folder}/rows.ndjson`);
        const { committed } = await host.load(source, backend, { table: "t" });
        assertEquals(committed, bytes === LARGE ? 3000 : 100);
      });
      assertEquals(begun, workers);
    }));
}

Deno.test("lanes: as many as there are cores for, four at the most, and one always", () => {
  const cores = navigator.hardwareConcurrency;
  assertEquals(lanesByDefault({}), Math.min(4, cores));
  assertEquals(lanesByDefault({ coresOfLane: 2 }), Math.max(1, Math.min(4, Math.floor(cores / 2))));
  assertEquals(lanesByDefault({ coresOfLane: 1_000 }), 1);
  assertEquals(lanesByDefault({}, 10), 1);
});

Deno.test("lanes: a driver says what its family says of the cores of one", async () => {
  for (const family of DRIVER_FAMILIES) {
    const { coresOfLane } = await loadDriver(family.name);
    assertEquals(coresOfLane, family.coresOfLane ?? 1);
  }
});
