/** What the driver makes of its url; nothing is connected to. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { LoadError } from "../../../src/errors.ts";
import { readTarget } from "../../../host/drivers/postgres/config.ts";
import { postgresDriver } from "../../../host/drivers/postgres/driver.ts";
import { config } from "./fixture.ts";

const endpoint = (url: string) => postgresDriver.endpoint(config({ url }));

Deno.test("endpoint is the url without its password and parameters", () => {
  const cases: [string, string][] = [
    ["postgres://me:pw@db.example:6543/ast?sslmode=require", "postgres://me@db.example:6543/ast"],
    ["postgresql://me@localhost/ast", "postgres://me@localhost:5432/ast"],
    ["postgres://me@localhost", "postgres://me@localhost:5432/me"],
    ["postgres://me:pw@[::1]:1/db", "postgres://me@[::1]:1/db"],
    ["postgres://me:p@ss:w@host/db", "postgres://me@host:5432/db"],
    ["postgres://m%40e:p%2Fw@host/d%20b", "postgres://m%40e@host:5432/d%20b"],
    ["postgres://me:pw@/db?host=/var/run", "postgres://me@/db?host=/var/run&port=5432"],
    ["postgres://me@%2Ftmp/db?port=7", "postgres://me@/db?host=/tmp&port=7"],
    ["postgres://me:pw@/db", "postgres://me@localhost:5432/db"],
  ];
  for (const [url, expected] of cases) assertEquals(endpoint(url), expected);
});

Deno.test("url that is malformed is refused without a piece of it", () => {
  const urls = [
    "s3cret",
    "mysql://me:s3cret@host/db",
    "postgres://me:s3/cret@host/db",
    "postgres://me:1/s3cret@host/db",
    "postgres://me:a@1/s3cret@host/db",
    "postgres://me:a?s3cret@host/db",
    "postgres://me:a#s3cret@host/db",
    "postgres://me:s3cret%zz@host/db",
    "postgres://me:s3cret@host:port/db",
    "postgres://me:s3cret@host:99999/db",
    "postgres://me:s3cret@host:0/db",
    "postgres://me:s3cret@a,b/db",
    "postgres://:s3cret@host/db",
    "postgres://host/db?password=s3cret",
    "postgres://me:s3cret@host/db?s3cret=1",
    "postgres://me:s3cret@host/db?sslmode=s3cret",
    "postgres://me:s3cret%00@host/db",
  ];
  for (const url of urls) {
    const error: unknown = assertThrows(() => endpoint(url), LoadError);
    assert(error instanceof LoadError);
    assertEquals((error as LoadError).code, "config_invalid", url);
    assert(!`${(error as LoadError).message}${Deno.inspect(error)}`.includes("s3cret"), url);
  }
});

Deno.test("settings win over the url, and have defaults", () => {
  const plain = readTarget(config({ url: "postgres://me:one@host/db" }));
  assertEquals(plain.password.reveal(), "one");
  assertEquals([plain.tls, plain.applicationName], ["prefer", "snakepipe"]);
  assertEquals([plain.connectTimeoutMs, plain.statementTimeoutMs], [10_000, 600_000]);
  const set = readTarget(config({
    url: "postgres://me:one@host/db?sslmode=require&application_name=url",
    password: "two",
    tls: "verify-full",
    applicationName: "own",
    connectTimeoutMs: 5,
    statementTimeoutMs: 500,
  }));
  assertEquals(set.password.reveal(), "two");
  assertEquals([set.tls, set.applicationName], ["verify-full", "own"]);
  assertEquals([set.connectTimeoutMs, set.statementTimeoutMs], [5, 500]);
});
