/** What was left out in this thread, so that it is seen whether anything was. */

/** Counts so far. */
export const leftOut = { hashes: 0, ledgerRows: 0 };

/** Says so on standard output, before the program's own last line. */
export function tellLeftOut(): void {
  console.log(`left out: ${leftOut.hashes} hashes, ${leftOut.ledgerRows} ledger rows`);
}

/** Whether a program said that it had left out both. */
export function wasLeftOut(stdout: string): boolean {
  return /^left out: [1-9]\d* hashes, [1-9]\d* ledger rows$/m.test(stdout);
}
