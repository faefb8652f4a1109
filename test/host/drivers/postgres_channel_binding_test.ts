/** A server that does not know the password is not taken for ours, whatever certificate it has. */
import { assertEquals, assertRejects } from "@std/assert";
import { Buffer } from "node:buffer";
import { X509Certificate } from "node:crypto";
import { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { authenticateBound } from "../../../host/drivers/postgres/channel_binding.ts";
import { SessionError } from "../../../host/drivers/postgres/session_error.ts";
import { readTarget } from "../../../host/drivers/postgres/config.ts";
import { config } from "../../integration/postgres/fixture.ts";
import { TEST_CERTIFICATE } from "../../support/test_certificate.ts";

/** A message of the server that asks for, or tells of, a step of the authentication. */
function authentication(type: number, text: string): Buffer {
  const body = Buffer.from(text);
  const head = Buffer.alloc(9);
  head.write("R");
  head.writeInt32BE(8 + body.length, 1);
  head.writeInt32BE(type, 5);
  return Buffer.concat([head, body]);
}

/** The other end of a channel: answers what comes, in its order; `answers` see the client's text. */
function serverOf(answers: readonly ((sent: string) => Buffer)[]): TLSSocket {
  let next = 0;
  const socket = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      const answer = answers[next++]?.(chunk.toString("latin1"));
      if (answer) this.push(answer);
      done();
    },
  });
  const { raw } = new X509Certificate(TEST_CERTIFICATE);
  return Object.assign(socket, { getPeerCertificate: () => ({ raw }) }) as unknown as TLSSocket;
}

const offer = () => authentication(10, "SCRAM-SHA-256-PLUS\0\0");
const nonceOf = (sent: string) => /,r=([^,]+)$/.exec(sent)![1]!;
const challenge = (nonce: string) =>
  authentication(11, `r=${nonce},s=${Buffer.from("salt").toString("base64")},i=4096`);

Deno.test("a server that cannot sign what both have said is refused", async () => {
  const target = readTarget(config({ url: "postgres://me:pw@host/db?channel_binding=require" }));
  // It lets us in all the same.
  const signed = (bytes: number) => () =>
    Buffer.concat([
      authentication(12, `v=${Buffer.alloc(bytes, 7).toString("base64")}`),
      authentication(0, ""),
    ]);
  const cases: [what: string, answers: ((sent: string) => Buffer)[]][] = [
    ["another signature", [offer, (sent) => challenge(`${nonceOf(sent)}more`), signed(32)]],
    ["none", [offer, (sent) => challenge(`${nonceOf(sent)}more`), signed(0)]],
  ];
  for (const [what, answers] of cases) {
    const error = await assertRejects(
      () => authenticateBound(serverOf(answers), target, { user: "me" }),
      SessionError,
    );
    assertEquals(error.code, "SASL_SIGNATURE_MISMATCH", what);
  }
});

Deno.test("a server whose nonce does not go on from ours is refused", async () => {
  const target = readTarget(config({ url: "postgres://me:pw@host/db?channel_binding=require" }));
  const nonces = {
    "that of somebody else": () => "x".repeat(30),
    "ours, but not at its start": (ours: string) => `x${ours}`,
    "ours, and nothing of its own": (ours: string) => ours,
  };
  for (const [what, nonce] of Object.entries(nonces)) {
    let isAnswered = false;
    const last = () => {
      isAnswered = true;
      return authentication(12, `v=${Buffer.alloc(32, 7).toString("base64")}`);
    };
    const answers = [offer, (sent: string) => challenge(nonce(nonceOf(sent))), last];
    const error = await assertRejects(
      () => authenticateBound(serverOf(answers), target, { user: "me" }),
      SessionError,
    );
    // The password's proof is not made for a nonce that another has chosen.
    assertEquals([error.code, isAnswered], ["SASL_SIGNATURE_MISMATCH", false], what);
  }
});

Deno.test("an empty password is refused before anything is proved with it", async () => {
  const target = readTarget(config({ url: "postgres://me@host/db?channel_binding=require" }));
  const error = await assertRejects(
    () => authenticateBound(serverOf([offer]), target, { user: "me" }),
    SessionError,
  );
  assertEquals(error.code, "28P01");
});

Deno.test("a certificate whose hash is not known binds nothing, and is not shown", async () => {
  const target = readTarget(config({ url: "postgres://me:pw@host/db?channel_binding=require" }));
  const server = serverOf([offer, (sent) => challenge(`${nonceOf(sent)}more`)]);
  const raw = Buffer.from("no certificate");
  const odd = Object.assign(server, { getPeerCertificate: () => ({ raw }) });
  const error = await assertRejects(
    () => authenticateBound(odd as unknown as TLSSocket, target, { user: "me" }),
    SessionError,
  );
  assertEquals([error.code, error.cause], ["CHANNEL_BINDING_REFUSED", undefined]);
});
