/** The records of a range, read where they stand by whoever writes them. */
import type { BatchRange } from "../../src/model/batch.ts";
import type { OpenRange, RangeBytes } from "../drivers/driver.ts";

/** Opens ranges; `blocking` where the thread has nothing else to do while they are read. */
export function rangeOpener({ blocking }: { readonly blocking: boolean }): OpenRange {
  return async ({ file: { path, device, inode }, byteOffset, byteEnd, bytesRead }: BatchRange) => {
    let file: Deno.FsFile | undefined;
    try {
      file = await Deno.open(path);
      const { dev, ino, size } = await file.stat();
      if (dev === device && ino === inode && size >= byteEnd) {
        await file.seek(byteOffset, Deno.SeekMode.Start);
        const passed = (count: number) => bytesRead && Atomics.add(bytesRead, 0, count);
        return new FileRange(file, byteEnd - byteOffset, { blocking, passed });
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
  readonly #passed: (count: number) => void;
  readonly length: number;

  constructor(
    file: Deno.FsFile,
    length: number,
    { blocking, passed }: { blocking: boolean; passed: (count: number) => void },
  ) {
    this.#file = file;
    this.length = length;
    this.#blocking = blocking;
    this.#passed = passed;
  }

  read(into: Uint8Array<ArrayBuffer>): number | Promise<number> {
    if (this.#blocking) return this.#count(this.#file.readSync(into));
    return this.#file.read(into).then((count) => this.#count(count));
  }

  #count(count: number | null): number {
    this.#passed(count ?? 0);
    return count ?? 0;
  }

  close(): void {
    this.#file.close();
  }
}
