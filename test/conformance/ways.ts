/** Every way to write a plan of every family. */
export const WAYS = [
  ["duckdb", "copy"],
  ["libsql", "insert"],
  ["mysql", "insert"],
  ["postgres", "copy"],
  ["postgres", "insert"],
] as const;
