/** What TLS reads from files: certificates to trust, and the certificate and the key to show. */
import { permissionError } from "../../../src/model/errors.ts";
import type { OwnCertificate } from "./server_config.ts";
import { readFileText } from "../../platform/file_text.ts";

/** Their texts, as Node takes them; what is left out is the system's, or nothing. */
export interface TlsTexts {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Reads them. `failure` makes an error of the code of a file that cannot be read: `TLS_CA_UNREADABLE`,
 * `TLS_CERT_UNREADABLE`, `TLS_KEY_UNREADABLE`.
 *
 * @throws {LoadError} `permission_missing`
 */
export async function readTlsFiles(
  { tlsCaFile, tlsOwn }: {
    readonly tlsCaFile: string | undefined;
    readonly tlsOwn: OwnCertificate | undefined;
  },
  failure: (code: string, cause: unknown) => Error,
): Promise<TlsTexts> {
  const files = { ca: tlsCaFile, cert: tlsOwn?.certFile, key: tlsOwn?.keyFile };
  const texts: Record<string, string> = {};
  for (const [what, file] of Object.entries(files)) {
    if (file === undefined) continue;
    try {
      texts[what] = await readFileText(file);
    } catch (error) {
      const code = `TLS_${what.toUpperCase()}_UNREADABLE`;
      throw permissionError(error) ?? failure(code, error);
    }
  }
  return texts;
}
