/** Named pipes. */

/** Makes one. @throws {Error} where the system makes none there */
export async function makePipe(path: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("mkfifo", { args: [path] }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
