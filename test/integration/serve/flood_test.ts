/** `snakepipe serve` under more connections than it has descriptors: it goes on, loads, and ends when it is to. */
import { assert, assertEquals } from "@std/assert";
import { LIMITS } from "../../../src/model/limits.ts";
import { eventually } from "../../support/eventually.ts";
import { ProgramFolder } from "../cli/program.ts";
import { rowsFrom, RunningServe } from "./serve_program.ts";

const CONFIG = {
  backends: { file: { type: "libsql", url: "libsql:out.db" } },
  default: "file",
  loads: { rows: { source: "a.ndjson", table: "t", watch: true } },
};
/** Of the process; loads need a few, and connections could take all. */
const DESCRIPTORS = 200;
const CONNECTIONS = 500;

Deno.test("serve outlives more connections than descriptors, loads meanwhile, and ends in good order", async () => {
  await using place = await ProgramFolder.create({ "snakepipe.jsonc": JSON.stringify(CONFIG) });
  const words = place.words(["serve", "--listen", "127.0.0.1:0", "--token-file", "token"]);
  const child = new Deno.Command("sh", {
    args: ["-c", `ulimit -n ${DESCRIPTORS}; exec "$@"`, "sh", ...words],
    cwd: place.folder,
    ...{ stdin: "piped", stdout: "piped", stderr: "piped" },
  }).spawn();
  await using serve = new RunningServe(child, place.path("token"));
  const { hostname, port } = new URL(await serve.address());
  const held: Deno.Conn[] = [];
  let closed = 0;
  for (let i = 0; i < CONNECTIONS; i++) {
    const connection = await Deno.connect({ hostname, port: Number(port) });
    held.push(connection);
    // Some may be closed already.
    await connection.write(new TextEncoder().encode("GET /healthz HTTP/1.1\r\nho")).catch(() => {});
    connection.read(new Uint8Array(1)).catch(() => {}).then(() => closed++);
  }
  await Deno.writeTextFile(place.path("a.ndjson"), rowsFrom(0, 1_000));
  await serve.says(/Load rows is complete: 1,000 rows committed/);
  await eventually(
    "those beyond what there may be are closed",
    () => closed >= CONNECTIONS - LIMITS.apiConnectionsMax,
  );
  assert(closed < CONNECTIONS, "and the others wait for the rest of a head");
  for (const connection of held.splice(0)) connection.close();
  await eventually("there is room again", async () => {
    const response = await serve.ask("/healthz").catch(() => undefined);
    await response?.body?.cancel();
    return response?.status === 200;
  });
  // One that hangs keeps nothing from ending.
  const hanging = await Deno.connect({ hostname, port: Number(port) });
  await hanging.write(new TextEncoder().encode("GET /healthz HTTP/1.1\r\nho"));
  assertEquals(await serve.stop(), { code: 0, signal: null });
  hanging.close();
});
