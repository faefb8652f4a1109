/** A row that is larger than a page of the server: what is said of it. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { LoadError, rows } from "../../../mod.ts";
import { kindOf, openHost } from "../../support/target.ts";

const COLUMNS = 1_600;

function wide(id: number, value: (column: number) => unknown): Record<string, unknown> {
  return Object.fromEntries(
    Array.from({ length: COLUMNS }, (_, i) => [`c${i}`, i === 0 ? id : value(i)]),
  );
}

Deno.test("wide: postgresql: a row that is larger than a page is refused with what helps", () =>
  kindOf("postgres").use(async (target) => {
    await using host = await openHost();
    const backend = await host.createBackend(target.type, target.config);
    const error = await assertRejects(
      () => host.load(rows([wide(1, () => 7), wide(2, () => null)]), backend, { table: "t" }),
      LoadError,
    );
    assertEquals(error.code, "rows_rejected");
    assertEquals(error.issues.map(({ path }: { path: string }) => path.split(":").at(-1)), ["1"]);
    assertStringIncludes(error.message, "larger than a page of the server");
    assertStringIncludes(error.message, "nest some of its columns in one of json");
    assertStringIncludes(error.message, "SQLSTATE 54000");
  }));
