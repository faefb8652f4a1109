/** `snakepipe serve` with nothing to do: what it takes of the machine. By the system's figures, not by a clock. */
import { assert, assertEquals } from "@std/assert";
import { DRIVER_FAMILIES } from "../../../host/drivers/load_driver.ts";
import { eventually } from "../../support/eventually.ts";
import { cpuMsOf, residentBytesOf } from "../../support/process_figures.ts";
import { TARGET_KINDS } from "../../support/target.ts";
import { testWhere } from "../../support/test_where.ts";
import { rowsFrom, ServeFolder } from "./serve_program.ts";

/** Long enough for a question after the health of each backend. */
const LOOK_MS = 6_000;
/** One per cent of a core. */
const CPU_MS_MAX = LOOK_MS / 100;
const MB = 1_000_000;
/** Of a program that has connected, and has not loaded yet. */
const IDLE_BYTES_MAX = 120 * MB;
/** Of an engine within the program, and of a load that was: what they leave behind is not given back. */
const ENGINE_BYTES = 40 * MB;
const LOADED_BYTES = 60 * MB;

const missing = Deno.build.os === "linux" ? undefined : "figures of processes are those of Linux";

for (const kind of TARGET_KINDS) {
  testWhere(
    missing,
    `serve that is idle takes less than 1 % of a core, and 120 MB before a load: ${kind.name}`,
    () =>
      kind.use(async (target) => {
        await using folder = await ServeFolder.create({
          backends: { db: { type: target.type, ...target.config } },
          default: "db",
          loads: { rows: { source: "rows.ndjson", table: "t", watch: true } },
        });
        await using serve = folder.serve();
        await serve.says(/Backend db is connected/);
        const isEngine = DRIVER_FAMILIES.find(({ name }) => name === kind.family.name)?.oneThread;
        const bytesMax = IDLE_BYTES_MAX + (isEngine ? ENGINE_BYTES : 0);
        const idle = await residentBytesOf(serve.pid);
        assert(idle < bytesMax, `${idle / MB} MB before a load`);
        await Deno.writeTextFile(folder.path("rows.ndjson"), rowsFrom(0, 20_000));
        await serve.until("rows", "complete");
        // What is compiled and cleared away after a load is not what an idle program takes.
        const cpuMs: number[] = [];
        await eventually("it is idle", async () => {
          const before = await cpuMsOf(serve.pid);
          await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
          cpuMs.push(await cpuMsOf(serve.pid) - before);
          return cpuMs.at(-1)! < CPU_MS_MAX;
        }).catch(() => {
          throw new Error(`${cpuMs.join(", ")} ms of CPU, each within ${LOOK_MS} ms`);
        });
        const loaded = await residentBytesOf(serve.pid);
        assert(loaded < bytesMax + LOADED_BYTES, `${loaded / MB} MB after a load`);
        assertEquals((await serve.status()).backends[0]?.health?.status, "healthy");
        assertEquals((await serve.stop()).code, 0);
      }),
  );
}
