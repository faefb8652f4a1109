/** The records of a range, read where they stand by whoever writes them. */
import type { BatchRange } from "../../src/model/batch.ts";
import type { OpenRange, RangeBytes } from "../drivers/driver.ts";

/** Opens ranges; `blocking` where the thread has nothing else to do while they are read. */
export function rangeOpener({ blocking }: { readonly blocking: boolean }): OpenRange {
  return async ({ file: { path, device, inode }, byteOffset, byteEnd }: BatchRange) => {
    let file: Deno.FsFile | undefined;
    try {
      file = await Deno.open(path);
      const { dev, ino, size } = await file.stat();
      if (dev === device && ino === inode && size >= byteEnd) {
        await file.seek(byteOffset, Deno.SeekMode.Start);
        return new FileRange(file, byteEnd - byteOffset, blocking);
      }
    } catch {
      // A reader that has it open still reads the range, or says why it cannot.
    }
    file?.close();
    return undefined;
  };
}

class FileRange implements RangeBytes {
  readonly #file: Deno.FsFile;
  readonly #blocking: boolean;
  readonly length: number;

  constructor(file: Deno.FsFile, length: number, blocking: boolean) {
    this.#file = file;
    this.length = length;
    this.#blocking = blocking;
  }

  read(into: Uint8Array<ArrayBuffer>): number | Promise<number> {
    if (this.#blocking) return this.#file.readSync(into) ?? 0;
    return this.#file.read(into).then((count) => count ?? 0);
  }

  close(): void {
    this.#file.close();
  }
}
