/** What can be read once: standard input and pipes. */
import { STANDARD_INPUT } from "./input.ts";

/** Whether what a path names is gone once it was read. What is not there is not. */
export function isReadOnce(path: string): boolean {
  if (path === STANDARD_INPUT) return true;
  try {
    const { isFile, isDirectory } = Deno.statSync(path);
    return !isFile && !isDirectory;
  } catch {
    return false;
  }
}
