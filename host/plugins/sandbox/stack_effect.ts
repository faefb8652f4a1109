/** What plain instructions do to the operand stack, and how long they may take. */

/** An instruction that takes values from the stack, puts others there, and goes on. */
export interface Plain {
  readonly kind: "plain";
  readonly pops: number;
  readonly pushes: number;
  /** How many times as long as most it may take. */
  readonly times: number;
}

/**
 * A division takes 10 ns where others take one or less, and arithmetic with denormal numbers 50. Who
 * plans SQL needs little of either.
 */
const SLOW_TIMES = 20;
/** To read a function from a table takes 7 ns, and to set one 50: the collector hears of it. */
const TABLE_TIMES = { get: 10, set: 50 } as const;

/** Effects by what instructions take and give. */
export const STACK_EFFECT = {
  nothing: plain(0, 0),
  push: plain(0, 1),
  drop: plain(1, 0),
  unary: plain(1, 1),
  binary: plain(2, 1),
  ternary: plain(3, 1),
  store: plain(2, 0),
  slowUnary: plain(1, 1, SLOW_TIMES),
  slowBinary: plain(2, 1, SLOW_TIMES),
  tableGet: plain(1, 1, TABLE_TIMES.get),
  tableSet: plain(2, 0, TABLE_TIMES.set),
} as const;

function plain(pops: number, pushes: number, times = 1): Plain {
  return { kind: "plain", pops, pushes, times };
}
