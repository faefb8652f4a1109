/** A file keeps its journal; a new one has SQLite's own default. */
import { assertEquals } from "@std/assert";
import { rows } from "../../../mod.ts";
import { openFile } from "../../../host/drivers/libsql/file_session.ts";
import { openHost } from "../../support/target.ts";
import { ENGINES, fileTarget, Scratch } from "./load_case.ts";

/** How `PRAGMA synchronous` reads back. */
const WAITS = { off: 0n, normal: 1n, full: 2n } as const;

/** Journal of the file that is there (none: it is not), settings, and what is found afterwards. */
const CASES = [
  [undefined, {}, "delete", "full"],
  ["empty", {}, "delete", "full"],
  [undefined, { journalMode: "wal" }, "wal", "normal"],
  ["delete", {}, "delete", "full"],
  ["wal", {}, "wal", "normal"],
  ["delete", { journalMode: "wal" }, "wal", "normal"],
  ["wal", { journalMode: "delete" }, "delete", "full"],
  [undefined, { journalMode: "delete" }, "delete", "full"],
  ["delete", { synchronous: "normal" }, "delete", "normal"],
  ["wal", { synchronous: "off" }, "wal", "off"],
] as const;

async function make(path: string, journal: "empty" | "delete" | "wal"): Promise<void> {
  if (journal === "empty") return await Deno.writeFile(path, new Uint8Array());
  const { DatabaseSync } = await import("node:sqlite");
  using file = new DatabaseSync(path);
  file.exec(`PRAGMA journal_mode = ${journal}`);
  file.exec("CREATE TABLE t (id INTEGER, text TEXT)");
}

for (const [engine, settings] of ENGINES) {
  Deno.test(`a file keeps its journal unless the settings say otherwise, a new one has delete (${engine})`, async () => {
    await using host = await openHost();
    for (const [journal, given, mode, waits] of CASES) {
      await using scratch = new Scratch();
      const path = scratch.path();
      if (journal) await make(path, journal);
      const backend = await host.createBackend("libsql", {
        url: `libsql:${path}`,
        ...settings,
        ...given,
      });
      await host.load(rows([{ id: 1, text: "a" }]), backend, { table: "t" });
      await backend.close();
      const about = JSON.stringify([journal, given]);
      const { DatabaseSync } = await import("node:sqlite");
      using file = new DatabaseSync(path);
      assertEquals(file.prepare("PRAGMA journal_mode").get()!.journal_mode, mode, about);
      assertEquals(file.prepare("SELECT count(*) AS n FROM t").get()!.n, 1, about);
      const session = await openFile(
        fileTarget(path, {
          ...settings,
          journal: { journalMode: "auto", synchronous: "auto", ...given },
        }),
      );
      assertEquals(await session.all("PRAGMA synchronous"), [[WAITS[waits]]], about);
      await session.close();
    }
  });
}
