/** What was left out in this thread, so that it is seen whether anything was. */

/** Counts so far; of ranges, the hash is made while they are read, and stays. */
export const leftOut = { hashes: 0, ledgerRows: 0, ranges: 0 };

/** Says so on standard output, before the program's own last line. */
export function tellLeftOut(): void {
  const { hashes, ledgerRows, ranges } = leftOut;
  console.log(`left out: ${hashes} hashes, ${ledgerRows} ledger rows; ${ranges} of ranges`);
}

/** Whether a program said that it had left out its ledger rows, and the hashes that could be. */
export function wasLeftOut(stdout: string): boolean {
  const said = /^left out: (\d+) hashes, (\d+) ledger rows; (\d+) of ranges$/m.exec(stdout);
  const [hashes = 0, ledgerRows = 0, ranges = 0] = said?.slice(1).map(Number) ?? [];
  return ledgerRows > 0 && hashes + ranges > 0;
}
