/**
 * Texts of files that people name, which may be pipes, as of `<(pass show db)`. A pipe without a writer
 * is waited for until a signal ends the program, and gives what is in it once: it is kept for who asks
 * again.
 */
const PIPED = new Map<string, Promise<string>>();

/** How much of it is read. */
export interface TextLimit {
  readonly bytesMax: number;
  /** Makes what is thrown where there is more. */
  readonly tooLarge: () => Error;
}

/**
 * The text of a file; of a pipe, what it gave first. All of it, whatever its size, by default.
 *
 * @throws what opening and reading throw, and where it has too much, what the limit makes
 */
export async function readFileText(file: string, limit?: TextLimit): Promise<string> {
  const { isFifo, dev, ino } = await Deno.stat(file);
  if (!isFifo) return await readText(file, limit);
  const key = `${dev}:${ino}`;
  let text = PIPED.get(key);
  if (!text) PIPED.set(key, text = readText(file, limit));
  return await text;
}

async function readText(file: string, limit: TextLimit | undefined): Promise<string> {
  using opened = await Deno.open(file);
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const piece of opened.readable) {
    length += piece.length;
    if (limit && length > limit.bytesMax) throw limit.tooLarge();
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}
