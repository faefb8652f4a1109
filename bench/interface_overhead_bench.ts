/** The interface of a backend, against its driver's connection with the same plan. */
import { type Batch, rowCount } from "../mod.ts";
import type { Connection, LoadOrder } from "../host/drivers/driver.ts";
import { createReferenceCodec } from "../host/codec/reference/reference_codec.ts";
import { PluginBackend } from "../host/plugins/plugin_backend.ts";
import { connectionRequest } from "./connection_request.ts";
import type { BenchCase, BenchSuite } from "./harness.ts";
import type { BenchPlace } from "./place.ts";
import { nodeBatch, nodeShape } from "./sample_shape.ts";
import { writeOne } from "../test/support/write_one.ts";

const ROWS = [1, 1_000] as const;
/** Commits do not wait for the disk: its noise is larger than what is measured. */
const SETTINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  libsql: { synchronous: "off" },
  postgresql: { synchronousCommit: "off" },
};
const GOAL = { kind: "overhead", msMax: 1 } as const;

/** Health, and whole loads of one batch; each side has a database of its own. */
export async function interfaceOverheadSuite(place: BenchPlace): Promise<BenchSuite> {
  const opened: Connection[] = [];
  const cases: BenchCase[] = [];
  for (const type of ["libsql", "postgresql"]) {
    const newUrl = () => type === "libsql" ? place.newFile() : place.newDatabase();
    const request = await connectionRequest(type, await newUrl(), SETTINGS[type]);
    const connection = await request.driver.connect(request.config, {
      codec: await createReferenceCodec(),
    });
    opened.push(connection);
    await connection.run(request.session);
    const backend = await place.host.createBackend(type, {
      ...SETTINGS[type],
      url: await newUrl(),
    });
    if (!(backend instanceof PluginBackend)) throw new Error(`${type} is no plugin's backend`);
    cases.push(
      { name: `${type}: probe, driver`, run: () => connection.probe(request.probe) },
      {
        name: `${type}: healthCheck, backend`,
        baseline: `${type}: probe, driver`,
        goal: GOAL,
        run: () => backend.healthCheck(),
      },
    );
    for (const rows of ROWS) cases.push(...await writeCases({ type, connection, backend, rows }));
  }
  return {
    name: "interface_overhead",
    title: "The interface of a backend over its driver's",
    cases,
    close: async () => {
      for (const connection of opened) await connection.close();
    },
  };
}

interface WriteSides {
  readonly type: string;
  readonly connection: Connection;
  readonly backend: PluginBackend;
  readonly rows: number;
}

async function writeCases(
  { type, connection, backend, rows }: WriteSides,
): Promise<BenchCase[]> {
  const batch = nodeBatch(nodeShape(`nodes_${rows}`, "append"), rows);
  const order = await orderOf(backend, batch);
  const what = `${type}: ${rows === 1 ? "1 row" : `${rows} rows`}`;
  return [
    { name: `${what}, driver`, run: () => writeDirectly(connection, batch, order) },
    {
      name: `${what}, writeBatch of the backend`,
      baseline: `${what}, driver`,
      goal: GOAL,
      run: async () => checkWritten(await backend.writeBatch(batch)),
    },
  ];
}

async function orderOf(backend: PluginBackend, batch: Batch): Promise<LoadOrder> {
  const { plan, hash } = await backend.plan(batch.shape);
  const { manifest: { name, version }, sha256 } = backend.plugin;
  return {
    shape: batch.shape,
    plan,
    planHash: hash,
    plugin: { name, version, sha256 },
    source: batch.part,
    batchRowsMax: plan.batch.rowsMax,
    batchBytesMax: plan.batch.bytesMax,
    fresh: true,
    rejectTable: false,
    concurrent: false,
  };
}

/** What `writeBatch` of a backend comes to: a load of one batch. */
async function writeDirectly(
  connection: Connection,
  batch: Batch,
  order: LoadOrder,
): Promise<void> {
  const { record } = await connection.prepareLoad(order);
  await connection.joinLoad(order, record);
  checkWritten(await writeOne(connection, batch));
  const rows = rowCount(batch);
  const totals = { read: rows, committed: rows, superseded: 0, rejected: 0 };
  await connection.finishLoad(order, record, totals);
}

function checkWritten(result: { readonly kind: string }): void {
  if (result.kind !== "written") throw new Error(`The batch was not written: ${result.kind}`);
}
