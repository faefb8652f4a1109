/** A load as a process of its own: prints the most memory that it had, in bytes. Its argument is JSON. */
import { createHost, ndjson } from "../../../mod.ts";
import { PLUGINS } from "../../support/target.ts";

/** What is to be loaded into table `t`. */
export interface PeakJob {
  readonly path: string;
  readonly url: string;
  readonly connections: number;
}

if (import.meta.main) {
  const { path, url, connections } = JSON.parse(Deno.args[0]!) as PeakJob;
  const host = await createHost({ plugins: PLUGINS });
  const backend = await host.createBackend("postgresql", { url });
  // All that comes by standard input has one name.
  const options = { table: "t", connections, fresh: path === "-" };
  const { committed } = await host.load(ndjson(path), backend, options);
  const status = await Deno.readTextFile("/proc/self/status");
  const peak = Number(/^VmHWM:\s+(\d+) kB/m.exec(status)![1]) * 1024;
  console.log(JSON.stringify({ committed, peak }));
  await backend.close();
  await host.close();
}
