/**
 * The last net before a text is shown. Messages are built without secrets; this is for the settings
 * that somebody has put into the wrong place, and for the stack of a defect.
 */
import { printable } from "../../../src/model/printable.ts";
import { HIDDEN, withoutPasswords } from "../../../src/model/url_password.ts";

/** What to hide. */
export interface RedactOptions {
  /** What environment variables brought into the configuration. */
  readonly secrets: readonly string[];
  /**
   * Whether they are hidden wherever they stand; otherwise only where they stand in quotes, as the
   * value that a setting did not expect. A variable may well hold a host name.
   */
  readonly everywhere: boolean;
}

/** Shorter values are a part of too many words. */
const LENGTH_MIN = 4;

/** The text without passwords in URLs, and without the secrets. */
export function redact(text: string, { secrets, everywhere }: RedactOptions): string {
  let shown = withoutPasswords(text);
  // The longest first: one may be a part of another.
  for (const secret of secrets.toSorted((a, b) => b.length - a.length)) {
    for (const quoted of [`"${secret}"`, `"${printable(secret)}"`, JSON.stringify(secret)]) {
      shown = shown.replaceAll(quoted, HIDDEN);
    }
    if (everywhere && secret.length >= LENGTH_MIN) shown = shown.replaceAll(secret, HIDDEN);
  }
  return shown;
}
