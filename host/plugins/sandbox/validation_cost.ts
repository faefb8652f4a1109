/**
 * What a module costs the engine before it runs: how often it has to look at a value. Wherever ways
 * part or meet, V8 notes where each local and each operand is, about 35 ns and 40 bytes a value; calls
 * and blocks of types with many values make it look at all of them. A file of 60 KB, with
 * 10,000 operands and 10,000 loops, took it 2 s and 3.7 GB.
 */
import { LIMITS } from "../../../src/model/limits.ts";
import { refuse } from "./byte_reader.ts";

/** What a module costs the engine before it runs: how often it has to look at a value. */
export class ValidationCost {
  #values = 0;

  /** Looks at so many values more. @throws {DecodeError} once there are too many */
  add(values: number): void {
    this.#values += values;
    if (this.#values > LIMITS.burdenMax) {
      refuse(
        `more to keep track of than ${LIMITS.burdenMax} values: fewer locals, or fewer blocks`,
      );
    }
  }
}
