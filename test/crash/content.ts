/** One row; every value as the databases write it as text. */
export type ContentRow = readonly [id: string, label: string | null, amount: string | null];

/** What a table holds, in few words: enough to see a row that is lost, doubled or changed. */
export interface Content {
  readonly rows: number;
  readonly distinct: number;
  readonly sum: string;
  /** SHA-256 of all values, by id and then by label. */
  readonly checksum: string;
}

/** Sums rows up. */
export async function contentOf(rows: readonly ContentRow[]): Promise<Content> {
  const lines = rows.map((row) => JSON.stringify(row)).sort();
  const bytes = new TextEncoder().encode(lines.join("\n"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return {
    rows: rows.length,
    distinct: new Set(rows.map(([id]) => id)).size,
    sum: String(rows.reduce((sum, [id]) => sum + BigInt(id), 0n)),
    checksum: digest.toHex(),
  };
}
