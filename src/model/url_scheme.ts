/** The scheme of a URL. */

/** In lower case; undefined for what is no URL. One letter alone is a drive of Windows. */
export function schemeOf(text: string): string | undefined {
  return /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1]?.toLowerCase();
}
