import { type Call, Violation } from "../call.ts";

/** Says what the error is: 0 transient, 1 conflict, 2 data, 3 fatal. */
export function error_class(call: Call, value: number): void {
  if (value < 0 || value > 3) throw new Violation(`error class ${value}, known are 0 to 3`);
  call.draft.errorClass = value;
}
