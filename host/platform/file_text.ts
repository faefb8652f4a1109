/**
 * Texts of files that people name, which may be pipes, as of `<(pass show db)`. A pipe without a writer
 * is waited for until a signal ends the program, and gives what is in it once: it is kept for who asks
 * again.
 */
const PIPED = new Map<string, Promise<string>>();

/**
 * The text of a file; of a pipe, what it gave first.
 *
 * @throws what opening and reading throw, and where it has more than `bytesMax`, what `tooLarge` makes
 */
export async function readFileText(
  file: string,
  { bytesMax = Infinity, tooLarge = () => new Error("too large") }: {
    readonly bytesMax?: number;
    readonly tooLarge?: () => Error;
  } = {},
): Promise<string> {
  const limits = { bytesMax, tooLarge };
  const { isFifo, dev, ino } = await Deno.stat(file);
  if (!isFifo) return await readText(file, limits);
  const key = `${dev}:${ino}`;
  let text = PIPED.get(key);
  if (!text) PIPED.set(key, text = readText(file, limits));
  return await text;
}

async function readText(
  file: string,
  { bytesMax, tooLarge }: { readonly bytesMax: number; readonly tooLarge: () => Error },
): Promise<string> {
  using opened = await Deno.open(file);
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const piece of opened.readable) {
    length += piece.length;
    if (length > bytesMax) throw tooLarge();
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}
