/** README: a `.wasm` file is dropped into the folder, and replaced there, while loads run. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { createHost, type PluginChange, rows } from "../../mod.ts";
import { grant } from "../../host/plugins/store/admission.ts";
import { builtLibrary } from "../support/built.ts";
import { eventually } from "../support/eventually.ts";
import { variantOf } from "../support/plugin_variant.ts";
import { PLUGINS, TARGET_KINDS, withFolder } from "../support/target.ts";

await builtLibrary();

/** Of the first kind; of the others a tenth, since nothing of it is theirs. */
const REPLACEMENTS = 100;

for (const [place, kind] of TARGET_KINDS.entries()) {
  const replacements = place === 0 ? REPLACEMENTS : REPLACEMENTS / 10;
  Deno.test(`drop a .wasm file into the folder, replace it ${replacements} times while a load runs: ${kind.name} has each row once`, () =>
    kind.use((target) =>
      withFolder(async (folder) => {
        const bytes = await Deno.readFile(join(PLUGINS, `${target.type}.wasm`));
        const file = join(folder, "dropped.wasm");
        await using host = await createHost({ plugins: folder });
        const changes: PluginChange[] = [];
        await host.watchPlugins({ onChange: (change) => changes.push(change) });
        await Deno.writeFile(file, bytes);
        await eventually("added", () => changes.some(({ kind }) => kind === "added"));
        const backend = await host.createBackend(target.type, target.config);

        const done = { replacements: false };
        let id = 0;
        async function* numbers(): AsyncGenerator<{ id: number }> {
          while (!done.replacements || id < 2_000) {
            yield { id: id++ };
            // As fast as it can be loaded, more or less, and without holding anybody up.
            if (id % 50 === 0) await new Promise((resolve) => setTimeout(resolve));
          }
        }
        const loading = host.load(rows(numbers()), backend, { table: "t", batchRowsMax: 100 });
        const replacing = (async () => {
          try {
            for (let i = 1; i <= replacements; i++) {
              await Deno.writeFile(file, variantOf(bytes, `build ${i}`));
              await grant(file, []);
              await eventually(`replacement ${i}`, () =>
                changes.filter(({ kind }) => kind === "replaced").length >= i);
            }
          } finally {
            done.replacements = true;
          }
        })();
        const [report] = await Promise.all([loading, replacing]);

        assertEquals([report.committed, report.rejected, report.skipped], [id, 0, 0]);
        assertEquals(report.plugin?.sha256, backend.plugin?.sha256, "it ended as it began");
        assertEquals(await idsIn(target, id), [String(id), String(id), "0", String(id - 1)]);

        // The next load is planned by the file that is there now.
        const newest = await host.createBackend(target.type, target.config);
        assertEquals(newest.plugin?.sha256 === backend.plugin?.sha256, false);
        const second = await host.load(rows([{ id }]), newest, { table: "t" });
        assertEquals(second.plugin?.sha256, newest.plugin?.sha256);
        assertEquals(second.committed, 1);
      })
    ));
}

async function idsIn(
  { query, sql }: Parameters<Parameters<typeof TARGET_KINDS[number]["use"]>[0]>[0],
  below: number,
): Promise<(string | null)[]> {
  const figures = ["count(*)", "count(DISTINCT id)", "min(id)", "max(id)"]
    .map((figure, i) => `${sql.textOf(figure)} AS f${i}`).join(", ");
  const [row] = await query(`SELECT ${figures} FROM t WHERE id < ${below}`);
  return [0, 1, 2, 3].map((i) => row![`f${i}`]!);
}
