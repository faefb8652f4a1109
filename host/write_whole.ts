/** Files that are there whole, or as they were before. */

/** Writes a file in one piece: whoever reads it meanwhile finds the old one or the new one. */
export async function writeWhole(file: string, contents: Uint8Array): Promise<void> {
  const [, folder = "", name = file] = /^(.*[\\/])([^\\/]*)$/.exec(file) ?? [];
  if (folder !== "") await Deno.mkdir(folder, { recursive: true });
  const draft = `${folder}.${name}.${crypto.randomUUID()}`;
  try {
    await Deno.writeFile(draft, contents);
    await Deno.rename(draft, file);
  } catch (error) {
    await Deno.remove(draft).catch(() => {});
    throw error;
  }
}
