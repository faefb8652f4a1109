import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { loadDriver } from "../../../host/drivers/load_driver.ts";
import type { TableName } from "../../../src/model/batch.ts";

/** Whether two settings of a family lead to the same table, as far as their driver can tell. */
async function isSame(
  family: string,
  [one, other]: readonly [string, string],
  [table, otherTable = table]: readonly [TableName, TableName?] = [{ name: "t" }],
): Promise<boolean> {
  const driver = await loadDriver(family);
  const known = new Set(driver.tables({ url: one }, table));
  assert(known.size > 0);
  return driver.tables({ url: other }, otherTable).some((name) => known.has(name));
}

Deno.test("tables of a file are the same by whichever path, there or not", async () => {
  const folder = await Deno.makeTempDir({ prefix: "snakepipe_identity_" });
  try {
    const at = (name: string) => join(folder, name);
    await Deno.mkdir(at("sub"));
    await Deno.writeTextFile(at("there"), "");
    await Deno.link(at("there"), at("hard"));
    for (const name of ["there", "later"]) await Deno.symlink(name, at(`to_${name}`));
    await Deno.symlink("sub", at("to_sub"));
    const same: [string, string][] = [
      ["there", "to_there"],
      ["there", "hard"],
      ["later", "to_later"],
      ["later", "sub/../later"],
      ["sub/new", "to_sub/new"],
    ];
    for (const family of ["libsql", "duckdb"]) {
      const url = (name: string) => `${family}:${folder}/${name}`;
      for (const [one, other] of same) {
        assert(await isSame(family, [url(one), url(other)]), `${family} ${one} ${other}`);
      }
      assert(!await isSame(family, [url("there"), url("later")]));
      const file: [string, string] = [url("there"), url("there")];
      assert(await isSame(family, file, [{ name: "T" }, { schema: "MAIN", name: "t" }]));
      assert(!await isSame(family, file, [{ name: "t" }, { name: "u" }]));
      assert(!await isSame(family, file, [{ name: "t" }, { schema: "other", name: "t" }]));
    }
    assert(await isSame("libsql", [`libsql:${at("a b.db")}`, `file://${at("a%20b.db")}`]));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("tables of a server are the same by whichever URL", async () => {
  const cases: [string, string, string, boolean, TableName?, TableName?][] = [
    ["postgres", "postgres://a:x@Host/d", "postgresql://b@host:5432/d?sslmode=require", true],
    ["postgres", "postgres://a@localhost/d", "postgres://a@127.0.0.1/d", true],
    ["postgres", "postgres://a@h1,h2/d", "postgres://a@h2/d", true],
    ["postgres", "postgres://a@h/d", "postgres://a@h/e", false],
    ["postgres", "postgres://a@h/d", "postgres://a@h:5433/d", false],
    ["postgres", "postgres://a@h/d", "postgres://a@h/d", true, { schema: "public", name: "t" }],
    ["postgres", "postgres://a@h/d", "postgres://a@h/d", false, { schema: "s", name: "t" }],
    ["postgres", "postgres://a@h/d", "postgres://a@h/d", false, { name: "T" }],
    ["mysql", "mysql://a:x@h/d", "mariadb://b@H:3306/d", true],
    ["mysql", "mysql://a@h/d", "mysql://a@h/e", false],
    ["mysql", "mysql://a@h/d", "mysql://a@h/e", true, { name: "t" }, { schema: "d", name: "t" }],
    ["libsql", "libsql://h", "https://H/", true],
    ["libsql", "http://[::1]:8080", "libsql://localhost:8080?tls=0", true],
    ["libsql", "libsql://h", "libsql://g", false],
  ];
  for (const [family, one, other, expected, table = { name: "t" }, otherTable] of cases) {
    assertEquals(
      await isSame(family, [one, other], [table, otherTable ?? { name: "t" }]),
      expected,
      `${family} ${one} ${other} ${JSON.stringify(table)}`,
    );
  }
});
