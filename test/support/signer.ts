/** Those who sign plugins in tests. */

/** Somebody who signs. */
export interface Signer {
  /** The public key, raw and in base64, as `trustedKeys` has it. */
  readonly key: string;
  /** A signature in base64. */
  sign(bytes: Uint8Array<ArrayBuffer>): Promise<string>;
}

/** Somebody with a key of their own. */
export async function newSigner(): Promise<Signer> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey("Ed25519", true, [
    "sign",
    "verify",
  ]) as CryptoKeyPair;
  return {
    key: new Uint8Array(await crypto.subtle.exportKey("raw", publicKey)).toBase64(),
    sign: async (bytes) =>
      new Uint8Array(await crypto.subtle.sign("Ed25519", privateKey, bytes)).toBase64(),
  };
}

/** Somebody whose key is trusted where keys are, and somebody whose key is not. */
export const [TRUSTED, STRANGER] = await Promise.all([newSigner(), newSigner()]);
