/** The lines of a file of rows, which all end in a line feed. */

/**
 * The lines of a file of rows, which all end in a line feed; never more of it in memory than a
 * chunk.
 */
export async function* rowLines(path: string): AsyncGenerator<string> {
  using file = await Deno.open(path);
  let rest = "";
  for await (const text of file.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
