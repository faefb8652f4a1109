/** Settings, and what a server refuses: each a typed error, before a row is written, without a secret. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { rootCertificates } from "node:tls";
import { mysqlDriver } from "../../../host/drivers/mysql/driver.ts";
import { readTarget } from "../../../host/drivers/mysql/config.ts";
import { serverOf } from "../../../host/drivers/mysql/server.ts";
import type { LoadError } from "../../../mod.ts";
import { compileConfigSchema, type Config } from "../../../src/model/config_schema.ts";
import { parse } from "../../../src/config/parse.ts";
import { startMariadb } from "../../support/mariadb_server.ts";
import { MARIADB_MISSING } from "../../support/mariadb_database.ts";
import { testWhere } from "../../support/test_where.ts";
import { load, type Place, refusal, test } from "./load_case.ts";

function configOf(settings: Record<string, unknown>): Config {
  return parse(compileConfigSchema(mysqlDriver.config), settings, {
    what: "The configuration",
    code: "config_invalid",
    blame: "config",
  });
}

/** The error of a load with these settings. */
async function fault(place: Place, settings: Record<string, unknown>): Promise<LoadError> {
  return await refusal(async () => {
    const backend = await place.host.createBackend("mysql", settings);
    await load({ ...place, backend }, [{ id: 1 }]);
  });
}

Deno.test("mysql: urls are read, and shown without their password", () => {
  const read = (url: string) => readTarget(configOf({ url }));
  const target = read(
    "mariadb://me%40x:s3cret%2F@db.example:3307/my%20db?ssl-mode=VERIFY_IDENTITY&ssl-ca=/ca.pem",
  );
  assertEquals(
    [
      target.user,
      target.password.reveal(),
      target.host,
      target.port,
      target.database,
      target.tls,
      target.tlsCaFile,
    ],
    ["me@x", "s3cret/", "db.example", 3307, "my db", "verify-full", "/ca.pem"],
  );
  assertEquals(
    mysqlDriver.endpoint(configOf({ url: "mysql://me:s3cret@[::1]/d?ssl-mode=required" })),
    "mysql://me@[::1]:3306/d",
  );
  assertEquals(
    mysqlDriver.endpoint(configOf({ url: "mysql://me@/d?socket=/run/mysqld.sock" })),
    "mysql://me@/d?socket=/run/mysqld.sock",
  );
  assertEquals(
    readTarget(configOf({ url: "mysql://me:a@h/d", password: "b" })).password.reveal(),
    "b",
  );
});

const BAD_URLS: readonly (readonly [url: string, reason: string])[] = [
  ["oracle://me@h/d", "expected mysql://"],
  ["mysql://h/d", "names no user"],
  ["mysql://me:s3cret@a,b/d", "several hosts"],
  ["mysql://me:s3cret@h:0/d", "port"],
  ["mysql://me:s3cret@h/d?s3cret=1", "parameter number 1"],
  ["mysql://me:s3/cret@h/d", "percent-encoded"],
  ["mysql://me:s3cret@h/d?ssl-mode=s3cret", "ssl-mode must be one of"],
  ["mysql://me:s3cret@h/d?ssl-cert=/a", "needs its key"],
];

for (const [url, reason] of BAD_URLS) {
  Deno.test(`mysql: a url that says too little or too much is refused: ${reason}`, async () => {
    const error = await refusal(() => Promise.resolve().then(() => readTarget(configOf({ url }))));
    assertEquals(error.code, "config_invalid");
    assertStringIncludes(error.message, reason);
    assertEquals(/s3cret|cret@/.test(error.message + JSON.stringify(error.issues)), false);
  });
}

Deno.test("mysql: a server that is too old is refused, and one with a version put before its own is not", async () => {
  for (const version of ["10.4.34-MariaDB", "5.7.44-log", "5.5.5-10.1.48-MariaDB"]) {
    const error = await refusal(() => Promise.resolve().then(() => serverOf(version, "here")));
    assertEquals([error.code, error.retry], ["connection_failed", false]);
    assertStringIncludes(error.message, "too old");
  }
  assertEquals(serverOf("5.5.5-10.11.18-MariaDB-log", "here"), {
    isMariaDb: true,
    namesRows: true,
  });
  assertEquals(serverOf("10.6.1-MariaDB", "here"), { isMariaDb: true, namesRows: false });
  assertEquals(serverOf("8.4.0", "here"), { isMariaDb: false, namesRows: false });
});

test("a wrong password is told before anything is written, and not shown", async (place) => {
  const error = await fault(place, { url: place.db.urlAs("tester:s3cret") });
  assertEquals([error.code, error.retry], ["authentication_failed", false]);
  assertEquals(error.message.includes("s3cret"), false);
  assertStringIncludes(error.message, "refused user or password");
  assertEquals(await place.db.query("SHOW TABLES"), []);
});

test("a database that is missing, one that is not named, and a port where nobody listens", async (place) => {
  const missing = await fault(place, { url: place.db.url.replace(place.db.name, "no_such") });
  assertEquals(missing.code, "table_missing");
  assertStringIncludes(missing.message, "no such database");
  const unnamed = await fault(place, { url: place.db.url.replace(place.db.name, "") });
  assertEquals(unnamed.code, "config_invalid");
  assertStringIncludes(unnamed.message, "No database is named");
  const silent = await fault(place, { url: "mysql://tester:pw@127.0.0.1:1/d" });
  assertEquals(silent.code, "connection_failed");
  assertStringIncludes(silent.message, "ECONNREFUSED");
});

test("a user who may not write is told of the privilege", async (place) => {
  const name = `r${crypto.randomUUID().slice(0, 8)}`;
  await place.db.execute(
    `CREATE USER ${name}@'%' IDENTIFIED BY 'pw'`,
    `GRANT SELECT ON ${place.db.name}.* TO ${name}@'%'`,
  );
  try {
    const error = await fault(place, { url: place.db.urlAs(`${name}:pw`) });
    assertEquals(error.code, "privilege_missing");
    assertEquals(await place.db.query("SHOW TABLES"), []);
  } finally {
    await place.db.execute(`DROP USER ${name}@'%'`);
  }
});

test("TLS that a server does not offer is refused where it is asked for, and done without where not", async (place) => {
  const error = await fault(place, { url: place.db.url, tls: "require" });
  assertEquals(error.code, "authentication_failed");
  assertStringIncludes(error.message, "offers no TLS");
  const backend = await place.host.createBackend("mysql", { url: place.db.url, tls: "prefer" });
  assertEquals((await load({ ...place, backend }, [{ id: 1 }])).committed, 1);
});

test("a backend says how it feels", async ({ backend, db }) => {
  assertEquals((await backend.healthCheck()).status, "healthy");
  assertStringIncludes(db.url, db.name);
});

test("the database may be named with the table", async (place) => {
  const backend = await place.host.createBackend("mysql", {
    url: place.db.url.replace(place.db.name, ""),
  });
  const table = `${place.db.name}.t`;
  assertEquals((await load({ ...place, backend }, [{ id: 1 }], { table })).committed, 1);
  assertEquals(await place.db.query("SELECT id FROM t"), [["1"]]);
});

testWhere(
  MARIADB_MISSING,
  "mariadb: a certificate is held to the host, and to who has signed it",
  async () => {
    const { TEST_CERTIFICATE, TEST_CERTIFICATE_KEY } = await import(
      "../../support/test_certificate.ts"
    );
    const folder = await Deno.makeTempDir();
    try {
      const [cert, key] = [`${folder}/cert.pem`, `${folder}/key.pem`];
      await Deno.chmod(folder, 0o755);
      await Deno.writeTextFile(cert, TEST_CERTIFICATE);
      await Deno.writeTextFile(key, TEST_CERTIFICATE_KEY);
      await using server = await startMariadb({
        settings: { "ssl-cert": cert, "ssl-key": key, "require-secure-transport": "ON" },
      });
      const { createReferenceCodec } = await import(
        "../../../host/codec/reference/reference_codec.ts"
      );
      const codec = await createReferenceCodec();
      const open = async (settings: Record<string, unknown>) => {
        const config = configOf({ url: server.url(""), ...settings });
        const connection = await mysqlDriver.connect(config, { codec });
        const { text } = await connection.probe("SHOW STATUS LIKE 'Ssl_cipher'");
        await connection.close();
        return text;
      };
      for (const tls of ["prefer", "require"]) assertEquals(await open({ tls }), "Ssl_cipher");
      const untrusted = await refusal(() => open({ tls: "verify-ca" }));
      assertEquals(untrusted.code, "authentication_failed");
      assertEquals(await open({ tls: "verify-ca", tlsCaFile: cert }), "Ssl_cipher");
      // Whoever names certificates to trust has them looked at, whatever the mode.
      const others = `${folder}/others.pem`;
      await Deno.writeTextFile(others, rootCertificates[0]!);
      for (const tls of ["prefer", "require"]) {
        const strange = await refusal(() => open({ tls, tlsCaFile: others }));
        assertEquals(strange.code, "authentication_failed", tls);
        assertEquals(await open({ tls, tlsCaFile: cert }), "Ssl_cipher");
      }
      const plain = await refusal(() => open({ tls: "disable" }));
      assertStringIncludes(plain.message, "failed on mysql://");
      const missing = await refusal(() =>
        open({ tls: "verify-ca", tlsCaFile: `${folder}/no.pem` })
      );
      assertStringIncludes(missing.message, "cannot be read");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);
