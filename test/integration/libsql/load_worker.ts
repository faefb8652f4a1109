/** A worker that loads 2,000 rows in 20 batches: what a lane does, for `connect_test.ts`. */
import { createReferenceCodec } from "../../../host/codec/reference/reference_codec.ts";
import { libsqlDriver } from "../../../host/drivers/libsql/driver.ts";
import { batchOf, begin, configOf, expectKind, orderOf, planOf, shapeOf } from "./load_case.ts";
import { writeOne } from "../../support/write_one.ts";

/** A worker's own scope, which the checker takes for a window's. */
const scope = self as unknown as {
  onmessage: (
    event: MessageEvent<{ settings: Record<string, unknown>; first: number }>,
  ) => Promise<void>;
  postMessage(message: string): void;
};

scope.onmessage = async (event) => {
  const { settings, first } = event.data;
  const connection = await libsqlDriver.connect(configOf(settings), {
    codec: await createReferenceCodec(),
  });
  const shape = shapeOf("append", { id: "int64 key" });
  const order = orderOf(shape, planOf(shape), { source: `from ${first}` });
  const record = await begin(connection, order);
  for (let sequence = 0; sequence < 20; sequence++) {
    const rows = Array.from({ length: 100 }, (_, i) => ({ id: first + sequence * 100 + i }));
    expectKind(await writeOne(connection, batchOf(shape, rows, { sequence })), "written");
  }
  const totals = { read: 2_000, committed: 2_000, superseded: 0, rejected: 0 };
  await connection.finishLoad(order, record, totals);
  await connection.close();
  scope.postMessage("done");
};
