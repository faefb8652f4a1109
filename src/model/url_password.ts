/** Passwords within URLs, wherever they stand. */

/** What is shown in the place of a secret. */
export const HIDDEN = "[secret]";

/**
 * All up to the last `@` of the word. Of a URL that was taken for a part of a path, one slash is left.
 */
const URL_PASSWORD = /([a-z][a-z0-9+.-]*:\/+[^\s:/@]*:)\S*@/gi;

/** The text, each password of a URL in it hidden. */
export function withoutPasswords(text: string): string {
  return text.replace(URL_PASSWORD, `$1${HIDDEN}@`);
}
