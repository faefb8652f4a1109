/** The files of the tree. */
import { fromFileUrl, join } from "@std/path";

/** Where the tree begins. */
export const ROOT: string = fromFileUrl(new URL("../..", import.meta.url));

/** Paths of all files, from the root: those that are new too, but for what git ignores. */
export async function treeFiles(): Promise<string[]> {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard"];
  const { stdout } = await new Deno.Command("git", { args, cwd: ROOT }).output();
  const listed = new TextDecoder().decode(stdout).trim().split("\n");
  const kept = await Promise.all(
    listed.map((file) => Deno.stat(join(ROOT, file)).then(() => true, () => false)),
  );
  return listed.filter((_, i) => kept[i]);
}
