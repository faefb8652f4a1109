/** Which of a target's places a session is opened at, and whether it is encrypted: as libpq has it. */
import { assert, assertEquals, assertObjectMatch, assertStringIncludes } from "@std/assert";
import { X509Certificate } from "node:crypto";
import { type DetailedPeerCertificate, TLSSocket } from "node:tls";
import { LoadError } from "../../../src/model/errors.ts";
import { TEST_CERTIFICATE, TEST_CERTIFICATE_KEY } from "../../support/test_certificate.ts";
import { testServerUrl } from "../../support/postgres_database.ts";
import { type PostgresServer, startPostgres } from "../../support/postgres_server.ts";
import { connected, refused } from "./fixture.ts";

const nothing = () => Promise.resolve();

/** What connecting to a url fails with; the password must stand nowhere in it. */
async function failure(url: string, password: string): Promise<LoadError> {
  const error = await refused(connected({ url }, nothing));
  if (!(error instanceof LoadError)) throw error;
  assert(!`${error.message}${Deno.inspect(error)}`.includes(password), "the password is shown");
  return error;
}

async function encrypted(url: string): Promise<boolean> {
  let text = "";
  await connected({ url }, async (connection) => {
    text = (await connection.probe(
      "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
    )).text;
  });
  return text === "t";
}

/** What gives the server its rules of who may come in how. */
async function admit(server: PostgresServer, rules: readonly string[]): Promise<void> {
  const file = `${server.socketDir}/data/pg_hba.conf`;
  await Deno.writeTextFile(file, ["local all all trust", ...rules, ""].join("\n"));
  const reloads = async () => {
    const log = await Deno.readTextFile(`${server.socketDir}/server.log`);
    return log.split("reloading configuration files").length;
  };
  const before = await reloads();
  await connected({ url: server.socketUrl("postgres") }, async (connection) => {
    await connection.probe("SELECT pg_reload_conf()");
  });
  // It says so as it begins, and takes no connection before it has read them.
  while (await reloads() === before) await new Promise((resolve) => setTimeout(resolve, 5));
}

Deno.test("session is encrypted as its sslmode says, whatever the server wants", async () => {
  const settings = { ssl_ca_file: "server.crt" };
  await using server = await startPostgres({ fsync: false, tls: true, settings });
  const folder = await Deno.makeTempDir();
  try {
    const [crt, key, other] = [`${folder}/own.crt`, `${folder}/own.key`, `${folder}/other.crt`];
    await Deno.writeTextFile(crt, TEST_CERTIFICATE);
    await Deno.writeTextFile(key, TEST_CERTIFICATE_KEY);
    await Deno.writeTextFile(other, OTHER_CERTIFICATE);
    const with_ = (query: string) => `${server.superuserUrl}?${query}`;
    const code = async (query: string) => (await failure(with_(query), server.password)).vendorCode;
    assertEquals(await encrypted(with_("")), true);
    assertEquals(await encrypted(with_("sslmode=allow")), false);
    assertEquals(await encrypted(with_(`sslmode=require&sslrootcert=${crt}`)), true);
    // A certificate to trust is held to, also where the mode asks for none; prefer goes on without.
    assertEquals(await code(`sslmode=require&sslrootcert=${other}`), "TLS_FAILED");
    assertEquals(await encrypted(with_(`sslmode=prefer&sslrootcert=${other}`)), false);
    // The server wants TLS.
    await admit(server, ["hostssl all all all scram-sha-256"]);
    assertEquals(await encrypted(with_("sslmode=allow")), true);
    assertEquals(await code("sslmode=disable"), "28000");
    // The server wants none.
    await admit(server, ["hostnossl all all all scram-sha-256"]);
    assertEquals(await encrypted(with_("sslmode=prefer")), false);
    assertEquals(await code("sslmode=require"), "28000");
    // The server wants to know who we are.
    await admit(server, ["hostssl all all all scram-sha-256 clientcert=verify-ca"]);
    assertEquals(await code("sslmode=require"), "28000");
    assertEquals(await encrypted(with_(`sslmode=require&sslcert=${crt}&sslkey=${key}`)), true);
    assertEquals(
      await code(`sslmode=require&sslcert=${crt}&sslkey=/nowhere`),
      "TLS_KEY_UNREADABLE",
    );
    assertEquals(
      await code(`sslmode=require&sslcert=/nowhere&sslkey=${key}`),
      "TLS_CERT_UNREADABLE",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("session goes on to the next host, unless the answer would be the same there", async () => {
  const settings = { default_transaction_read_only: "on" };
  await using other = await startPostgres({ fsync: false, settings });
  const { password, host } = new URL(testServerUrl());
  const readOnly = `${other.host}:${other.port}`;
  const at = (hosts: string, query = "") =>
    `postgres://postgres:${password}@${hosts}/postgres${query}`;
  await connected({ url: at(`127.0.0.1:1,${host}`) }, nothing);
  await connected({ url: at(`${host},127.0.0.1:1`) }, nothing);
  const nowhere = await failure(at("127.0.0.1:1,127.0.0.1:2"), password);
  assertObjectMatch(nowhere, { vendorCode: "ECONNREFUSED", retry: true });
  assertStringIncludes(nowhere.message, "@127.0.0.1:1,127.0.0.1:2/");
  // A password that one refuses is not shown to the next.
  assertEquals((await failure(at(`${readOnly},${host}`), password)).vendorCode, "28P01");
  await admit(other, ["host all all all trust"]);
  await connected({ url: at(`${readOnly},${host}`) }, async (connection) => {
    assertEquals((await connection.probe("SHOW transaction_read_only")).text, "off");
  });
  await connected({ url: at(readOnly) }, nothing);
  const alone = at(readOnly, "?target_session_attrs=read-write");
  assertEquals((await failure(alone, password)).vendorCode, "25006");
});

Deno.test("session whose password is bound to the certificate takes no other channel", async () => {
  await using server = await startPostgres({ fsync: false, tls: true });
  const url = `${server.superuserUrl}?channel_binding=require`;
  const options = encodeURIComponent("-c work_mem=5MB");
  await connected({ url: `${url}&options=${options}` }, async (connection) => {
    assertEquals((await connection.probe("SELECT current_setting('work_mem')")).text, "5MB");
    const settings = "SELECT current_setting('TimeZone') || current_setting('application_name')";
    assertEquals((await connection.probe(settings)).text, "UTCsnakepipe");
  });
  assertEquals(await encrypted(url), true);
  // As RFC 4013 has it, a password is the same in another form of its letters.
  await connected({ url }, async (connection) => {
    await connection.run(["CREATE ROLE roman LOGIN PASSWORD '\u2168\u00AD of\u00A0us'"]);
  });
  const roman = Object.assign(new URL(url), { username: "roman", password: "" }).href;
  for (const password of ["\u2168\u00AD of\u00A0us", "IX of us"]) {
    await connected({ url: roman, password }, nothing);
  }
  const wrong = await failure(url.replace(server.password, "wrong"), server.password);
  assertEquals([wrong.code, wrong.vendorCode], ["authentication_failed", "28P01"]);
  // What somebody in the middle would show: the same server, another certificate.
  const getPeerCertificate = TLSSocket.prototype.getPeerCertificate;
  const other = { raw: new X509Certificate(OTHER_CERTIFICATE).raw };
  TLSSocket.prototype.getPeerCertificate = () => other as unknown as DetailedPeerCertificate;
  try {
    const { code, vendorCode } = await failure(url, server.password);
    assertEquals([code, vendorCode], ["connection_failed", "CHANNEL_BINDING_FAILED"]);
  } finally {
    TLSSocket.prototype.getPeerCertificate = getPeerCertificate;
  }
  // A server that lets in without a proof has given none either.
  await admit(server, ["host all all all trust"]);
  assertEquals((await failure(url, server.password)).vendorCode, "CHANNEL_BINDING_REFUSED");
  await admit(server, ["host all all all password"]);
  assertEquals((await failure(url, server.password)).vendorCode, "CHANNEL_BINDING_REFUSED");
  const unix = `${server.socketUrl("postgres")}&channel_binding=require`;
  assertEquals((await failure(unix, server.password)).vendorCode, "CHANNEL_BINDING_REFUSED");
});

/** Another one for localhost, which nobody has the key of. RSA, 2048 bits. */
const OTHER_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIDITCCAgmgAwIBAgIUQSxP926DIcQQvniQIvjA8aBymmswDQYJKoZIhvcNAQEL
BQAwFDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyOTA1NDQ1N1oYDzIxMjYx
MTA1MDU0NDU3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwggEiMA0GCSqGSIb3DQEB
AQUAA4IBDwAwggEKAoIBAQCVI4pJTFFFeq5H07CCDdJmaAnNKudT+fPSEgGOWqrH
QA6XGKBMFIfQW73EB9zFUhZrW7VYdJ4xX6adUB+5Ni6z8wulXSH8OzYEr/OV2QD6
htRpjMNcNRQ+iSdXLsv200H1ALWrO23ZGB5xlgP4Opo+ZcaBd7bAHCtO7RB70+nl
4+F88vSF7+dypu0TOKblickffhZcwVX0WrxqyzYmPBCKwo+8gwreQfDfWU6NJOHo
tzlGCqe+2lBgBjPieCxO24usmZ+w9mu7dapPYVlwVvcS3kkAbmejpZ7GnvcDb2fn
j2Jd40O2fPhrZuS8gEHNWrNSk2Dabbe5STkYekdSDYKNAgMBAAGjaTBnMB0GA1Ud
DgQWBBRhNBDp4ahWQ8So1ekFTaZuEGcHgDAfBgNVHSMEGDAWgBRhNBDp4ahWQ8So
1ekFTaZuEGcHgDAPBgNVHRMBAf8EBTADAQH/MBQGA1UdEQQNMAuCCWxvY2FsaG9z
dDANBgkqhkiG9w0BAQsFAAOCAQEAgJD2Ct2+EvUpgZLk6t+iuY5OR+RDA98FGA6L
sqr+dJgTI6gdowZQ7Pp6Veyn37Ns94QgEKHJ0u7lE5qJglcJ7dwScWz28yKKoinx
vedF3iN5ChMptvehXqMBwd3R3A/jounSZS1uDgTrA9tNzQjBWlIbygEEByifybpG
CR7W/zy0leGQrYHncTlhOsB/RNbQD9dWBR420XKdo3a2I/DfQo9BaP02e0rso4HP
HQ5D6eHxNdpFNpRcup30saCL1Yii+dPvyxlxiL8Jj6peYcpRcbSPw4Ym8uA+Jfcy
AlyYkQAinY9UoP3XAidVPLirm4zwi7UtzF+j3onHK/Qct0uNNg==
-----END CERTIFICATE-----
`;
