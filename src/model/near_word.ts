/** The word that was probably meant by one that is not known. */

/**
 * The nearest of the known words, in capitals or not: one slip away, or one in three letters if they
 * begin alike. Undefined where none is near.
 */
export function nearWord(word: string, known: readonly string[]): string | undefined {
  return known
    // Where it is not near by its length alone, nobody has to compare.
    .filter((k) => Math.abs(k.length - word.length) <= Math.max(1, k.length / 3))
    .map((k) => ({ k, d: editDistance(word.toLowerCase(), k.toLowerCase()) }))
    .filter(({ k, d }) =>
      (d <= 1 && k.length > 1) ||
      (d <= k.length / 3 && k[0]?.toLowerCase() === word[0]?.toLowerCase())
    )
    .sort((a, b) => a.d - b.d)[0]?.k;
}

/** `, did you mean x?` where one of the known words is near, else nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearWord(word, known);
  return near === undefined ? "" : `, did you mean ${near}?`;
}

/**
 * How many characters have to be added, taken out, changed or put in each other's place to make one text
 * of the other: the restricted distance of Damerau (1964) and Levenshtein.
 */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let least = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (isSame ? 0 : 1));
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwapped) least = Math.min(least, before[j - 2]! + 1);
      next[j] = least;
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
