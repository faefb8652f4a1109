/** What the driver makes of its url; nothing is connected to. */
import {
  assert,
  assertEquals,
  assertObjectMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { LoadError } from "../../../src/model/errors.ts";
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
    ["PostgreSQL://me@host/db", "postgres://me@host:5432/db"],
    ["postgres://me:p,w@a:1,[::1]:2,c/db", "postgres://me@a:1,[::1]:2,c:5432/db"],
    ["postgres://me@a,b/db?port=7", "postgres://me@a:7,b:7/db"],
    ["postgres://me@/db?host=/var/run,b&port=1,2", "postgres://me@%2Fvar%2Frun:1,b:2/db"],
    ["postgres://host?user=me&password=pw&dbname=db", "postgres://me@host:5432/db"],
  ];
  for (const [url, expected] of cases) assertEquals(endpoint(url), expected);
});

Deno.test("url that is malformed is refused without a piece of it", () => {
  const urls = [
    "s3cret",
    "oracle://me:s3cret@host/db",
    "postgres://me:s3/cret@host/db",
    "postgres://me:1/s3cret@host/db",
    "postgres://me:a@1/s3cret@host/db",
    "postgres://me:a?s3cret@host/db",
    "postgres://me:a#s3cret@host/db",
    "postgres://me:s3cret%zz@host/db",
    "postgres://me:s3cret@host:port/db",
    "postgres://me:s3cret@host:99999/db",
    "postgres://me:s3cret@host:0/db",
    "postgres://me:s3cret@a,b/db?port=1,2,3",
    "postgres://me:s3cret@a,b:s3cret/db",
    "postgres://me:s3cret@host/db?sslmode=require&sslmode=s3cret",
    "postgres://me@host/db?password=s3cret&connect_timeout=s3cret",
    "postgres://me@host/db?password=s3cret&target_session_attrs=s3cret",
    "postgres://me@host/db?password=s3cret&channel_binding=s3cret",
    "postgres://me@host/db?password=s3cret&pgbouncer=s3cret",
    "postgres://me@host/db?password=s3cret&options=-c%20timezone%3Ds3cret",
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

Deno.test("url that a provider hands out is kept, or refused by what cannot be", () => {
  const url = (query: string) => `postgres://me:pw@host/db?${query}`;
  const kept: [query: string, target: Record<string, unknown>][] = [
    ["sslmode=require", { tls: "require", tlsCaFile: undefined, tlsOwn: undefined }],
    ["sslmode=allow", { tls: "allow" }],
    ["ssl=true&uselibpqcompat=true", { tls: "require" }],
    ["sslmode=require&channel_binding=prefer", { tls: "require" }],
    ["channel_binding=disable", { tls: "prefer", channelBinding: false }],
    ["channel_binding=require", { tls: "require", channelBinding: true }],
    ["sslmode=require&channel_binding=require", { tls: "require", channelBinding: true }],
    ["sslmode=verify-full&sslrootcert=/c/global.pem", {
      tls: "verify-full",
      tlsCaFile: "/c/global.pem",
    }],
    ["sslrootcert=system", { tls: "verify-full", tlsCaFile: undefined }],
    ["sslcert=c.pem&sslkey=k.pem", { tlsOwn: { certFile: "c.pem", keyFile: "k.pem" } }],
    ["options=endpoint%3Dep-cool-1", { options: "endpoint=ep-cool-1" }],
    ["options=-c%20search_path%3Da%2Cb", { options: "-c search_path=a,b" }],
    ["connect_timeout=15", { connectTimeoutMs: 15_000 }],
    ["application_name=a&fallback_application_name=b", { applicationName: "a" }],
    ["fallback_application_name=b", { applicationName: "b" }],
    ["target_session_attrs=read-write", { writable: true }],
    ["target_session_attrs=any", { writable: false }],
    ["host=a,b", {
      writable: true,
      places: [{ host: "a", port: 5432 }, { host: "b", port: 5432 }],
    }],
    [
      "gssencmode=prefer&sslnegotiation=postgres&client_encoding=UTF8&pgbouncer=false&keepalives=1",
      { tls: "prefer", writable: false },
    ],
  ];
  for (const [query, target] of kept) {
    assertObjectMatch({ ...readTarget(config({ url: url(query) })) }, target, query);
  }
  const refused: [query: string, reason: string][] = [
    ["channel_binding=require&sslmode=disable", "channel_binding=require needs TLS"],
    ["channel_binding=require&sslmode=allow", "channel_binding=require needs TLS"],
    ["channel_binding=always", "channel_binding must be one of disable, prefer, require"],
    ["pgbouncer=true&connection_limit=1", "pgbouncer can be kept as false only: a pooler in"],
    ["connection_limit=1", "connection_limit cannot be kept: write the setting poolSize"],
    ["schema=other", "schema cannot be kept: write options=-c%20search_path%3DNAME"],
    ["currentSchema=other", "currentschema cannot be kept: write options="],
    ["SSLMODE=require", "write its parameter sslmode in lower case"],
    ["sslmode=no-verify", "sslmode must be one of disable, allow, prefer, require, verify-ca"],
    ["ssl=false", "ssl can be kept as true only"],
    ["sslrootcert=system&sslmode=require", "sslrootcert=system needs sslmode=verify-full"],
    ["sslcert=c.pem", "a certificate of its own needs its key too"],
    ["gssencmode=require", "gssencmode can be kept as disable and prefer only: Kerberos"],
    ["sslnegotiation=direct", "sslnegotiation can be kept as postgres only"],
    ["ssl_min_protocol_version=TLSv1.3", "ssl_min_protocol_version can be kept as"],
    ["target_session_attrs=standby", "a load writes"],
    ["load_balance_hosts=random", "hosts are tried in their order"],
    ["connect_timeout=0", "a number of seconds from 1 to 600"],
    ["passfile=/p", "no password file"],
    ["service=s", "no password file and no service file is read"],
    ["hostaddr=127.0.0.1", "write the address as the host"],
    ["supa=base-pooler.x", "leave it out"],
    ["sslmode=require&nonsense=1", "its parameter number 2 is not known; known are host, port"],
    ["options=-c%20DateStyle%3DGerman", "its options set datestyle, which cannot be kept"],
    ["options=-cTimeZone%3DCET", "its options set timezone"],
    ["options=--application-name%3Dx", "its options set application-name"],
    ["options=-c%20a.b%3D1%20-c%20client_encoding%3Dlatin1", "its options set client_encoding"],
  ];
  for (const [query, reason] of refused) {
    const error = assertThrows(() => readTarget(config({ url: url(query) })), LoadError);
    assertStringIncludes(error.message, reason, query);
  }
});

Deno.test("every parameter of libpq is kept or refused by its name", () => {
  // The list of "Parameter Key Words" in the manual of PostgreSQL 18.
  const names = "host hostaddr port dbname user password passfile require_auth channel_binding " +
    "connect_timeout client_encoding options application_name fallback_application_name keepalives " +
    "keepalives_idle keepalives_interval keepalives_count tcp_user_timeout replication gssencmode " +
    "sslmode requiressl sslnegotiation sslcompression sslcert sslkey sslkeylogfile sslpassword " +
    "sslcertmode sslrootcert sslcrl sslcrldir sslsni requirepeer ssl_min_protocol_version " +
    "ssl_max_protocol_version min_protocol_version max_protocol_version krbsrvname gsslib " +
    "gssdelegation scram_client_key scram_server_key service servicefile target_session_attrs " +
    "load_balance_hosts oauth_issuer oauth_client_id oauth_client_secret oauth_scope";
  for (const name of names.split(" ")) {
    let message = "";
    try {
      readTarget(config({ url: `postgres://me@host/db?${name}=%01` }));
    } catch (error) {
      message = (error as Error).message;
    }
    assert(!message.includes("number 1 is not known"), `${name}: ${message}`);
  }
});
