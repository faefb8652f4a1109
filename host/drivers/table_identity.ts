/** Names by which two settings are known to lead to the same table. */

/** A host, as far as the names of this machine are one. */
export function hostIdentity(host: string): string {
  const name = host.toLowerCase();
  return /^(localhost|127(\.[0-9]{1,3}){3}|::1)$/.test(name) ? "localhost" : name;
}

/** One name of its parts, which no other parts have. */
export function tableIdentity(...parts: readonly (string | number)[]): string {
  return JSON.stringify(parts);
}

/** As a database compares names that does not tell the cases of ASCII letters apart. */
export function inLowerCase(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
