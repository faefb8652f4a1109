/** How large the terminal is. */

/** Rows and columns that it has; 24 and 80 where that is not known. */
export function terminalSize(): { readonly rows: number; readonly columns: number } {
  let size = { rows: 0, columns: 0 };
  try {
    // A terminal that nobody has told its size says 0.
    size = Deno.consoleSize();
  } catch {
    // There is none.
  }
  return { rows: size.rows || 24, columns: size.columns || 80 };
}
