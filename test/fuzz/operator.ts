/**
 * Operators of WebAssembly by what they take and give: Core Specification 2.0, chapter 5.4. What takes
 * and gives the same can stand in the place of another in a module that stays in order.
 */

/** Value types, by their bytes. */
export const TYPE = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;

/** An instruction that takes its operands from the stack and leaves one value there. */
export interface Operator {
  readonly bytes: readonly number[];
  readonly takes: readonly number[];
  readonly gives: number;
  /** Numbers of lanes that follow, each below the first of these, and how many. */
  readonly lanes?: readonly [below: number, count: number];
}

/** An instruction that reads or writes memory. */
export interface Access {
  readonly bytes: readonly number[];
  readonly type: number;
  /** The largest alignment that it may claim, as a power of two. */
  readonly alignMax: number;
  /** Whether it replaces one lane of a vector, and how many there are. */
  readonly lanes?: number;
}

const { i32, i64, f32, f64, v128 } = TYPE;

/** From a code to a code, with what they take and give. */
type Range = readonly [from: number, to: number, takes: readonly number[], gives: number];

const PLAIN: readonly Range[] = [
  [0x45, 0x45, [i32], i32],
  [0x46, 0x4f, [i32, i32], i32],
  [0x50, 0x50, [i64], i32],
  [0x51, 0x5a, [i64, i64], i32],
  [0x5b, 0x60, [f32, f32], i32],
  [0x61, 0x66, [f64, f64], i32],
  [0x67, 0x69, [i32], i32],
  [0x6a, 0x78, [i32, i32], i32],
  [0x79, 0x7b, [i64], i64],
  [0x7c, 0x8a, [i64, i64], i64],
  [0x8b, 0x91, [f32], f32],
  [0x92, 0x98, [f32, f32], f32],
  [0x99, 0x9f, [f64], f64],
  [0xa0, 0xa6, [f64, f64], f64],
  [0xa7, 0xa7, [i64], i32],
  [0xa8, 0xa9, [f32], i32],
  [0xaa, 0xab, [f64], i32],
  [0xac, 0xad, [i32], i64],
  [0xae, 0xaf, [f32], i64],
  [0xb0, 0xb1, [f64], i64],
  [0xb2, 0xb3, [i32], f32],
  [0xb4, 0xb5, [i64], f32],
  [0xb6, 0xb6, [f64], f32],
  [0xb7, 0xb8, [i32], f64],
  [0xb9, 0xba, [i64], f64],
  [0xbb, 0xbb, [f32], f64],
  [0xbc, 0xbc, [f32], i32],
  [0xbd, 0xbd, [f64], i64],
  [0xbe, 0xbe, [i32], f32],
  [0xbf, 0xbf, [i64], f64],
  [0xc0, 0xc1, [i32], i32],
  [0xc2, 0xc4, [i64], i64],
];
/** Behind 0xfc. */
const SATURATING: readonly Range[] = [
  [0, 1, [f32], i32],
  [2, 3, [f64], i32],
  [4, 5, [f32], i64],
  [6, 7, [f64], i64],
];
/** Behind 0xfd. */
const VECTOR: readonly Range[] = [
  [14, 14, [v128, v128], v128],
  [15, 17, [i32], v128],
  [18, 18, [i64], v128],
  [19, 19, [f32], v128],
  [20, 20, [f64], v128],
  [35, 76, [v128, v128], v128],
  [77, 77, [v128], v128],
  [78, 81, [v128, v128], v128],
  [82, 82, [v128, v128, v128], v128],
  [83, 83, [v128], i32],
  [94, 98, [v128], v128],
  [99, 100, [v128], i32],
  [101, 102, [v128, v128], v128],
  [103, 106, [v128], v128],
  [107, 109, [v128, i32], v128],
  [110, 115, [v128, v128], v128],
  [116, 117, [v128], v128],
  [118, 121, [v128, v128], v128],
  [122, 122, [v128], v128],
  [123, 123, [v128, v128], v128],
  [124, 129, [v128], v128],
  [130, 130, [v128, v128], v128],
  [131, 132, [v128], i32],
  [133, 134, [v128, v128], v128],
  [135, 138, [v128], v128],
  [139, 141, [v128, i32], v128],
  [142, 147, [v128, v128], v128],
  [148, 148, [v128], v128],
  [163, 164, [v128], i32],
  [167, 170, [v128], v128],
  [171, 173, [v128, i32], v128],
  [182, 186, [v128, v128], v128],
  [188, 191, [v128, v128], v128],
  [195, 196, [v128], i32],
  [199, 202, [v128], v128],
  [203, 205, [v128, i32], v128],
  [214, 223, [v128, v128], v128],
  [228, 235, [v128, v128], v128],
  [240, 247, [v128, v128], v128],
  [248, 255, [v128], v128],
];

function all(prefix: number | undefined, ranges: readonly Range[]): Operator[] {
  return ranges.flatMap(([from, to, takes, gives]) =>
    Array.from({ length: to - from + 1 }, (_, i) => {
      const bytes = prefix === undefined ? [from + i] : [prefix, ...number(from + i)];
      return { bytes, takes, gives };
    })
  );
}

/** Codes behind a prefix are numbers of their own, in one byte or two. */
function number(code: number): number[] {
  return code < 0x80 ? [code] : [(code & 0x7f) | 0x80, code >> 7];
}

/** One lane that is taken out, or put in. */
function laneOperators(): Operator[] {
  const shapes: readonly (readonly [first: number, lanes: number, type: number])[] = [
    [21, 16, i32],
    [24, 8, i32],
    [27, 4, i32],
    [29, 2, i64],
    [31, 4, f32],
    [33, 2, f64],
  ];
  return shapes.flatMap(([first, lanes, type], i): Operator[] => {
    // Only lanes of one and two bytes are taken out with a sign and without.
    const put = first + (i < 2 ? 2 : 1);
    return [
      { bytes: [0xfd, first], takes: [v128], gives: type, lanes: [lanes, 1] },
      { bytes: [0xfd, put], takes: [v128, type], gives: v128, lanes: [lanes, 1] },
    ];
  });
}

/** Every operator. */
export const OPERATORS: readonly Operator[] = [
  ...all(undefined, PLAIN),
  ...all(0xfc, SATURATING),
  ...all(0xfd, VECTOR),
  ...laneOperators(),
  { bytes: [0xfd, 13], takes: [v128, v128], gives: v128, lanes: [32, 16] },
];

/** Operators of one byte that take and give the same as this one, which is among them. */
export const ALIKE: ReadonlyMap<number, readonly number[]> = new Map(
  PLAIN.flatMap(([from, to, takes, gives]) => {
    const alike = PLAIN.filter((other) => other[3] === gives && other[2].join() === takes.join())
      .flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
    return Array.from({ length: to - from + 1 }, (_, i) => [from + i, alike] as const);
  }),
);

/** Every instruction that reads memory. */
export const LOADS: readonly Access[] = [
  ...([[i32, 2], [i64, 3], [f32, 2], [f64, 3], [i32, 0], [i32, 0], [i32, 1], [i32, 1]] as const)
    .map(([type, alignMax], i) => ({ bytes: [0x28 + i], type, alignMax })),
  ...[0, 0, 1, 1, 2, 2].map((alignMax, i) => ({ bytes: [0x30 + i], type: i64, alignMax })),
  ...[4, 3, 3, 3, 3, 3, 3, 0, 1, 2, 3]
    .map((alignMax, i) => ({ bytes: [0xfd, i], type: v128, alignMax })),
  { bytes: [0xfd, 92], type: v128, alignMax: 2 },
  { bytes: [0xfd, 93], type: v128, alignMax: 3 },
];

/** Every instruction that writes memory. */
export const STORES: readonly Access[] = [
  ...([[i32, 2], [i64, 3], [f32, 2], [f64, 3], [i32, 0], [i32, 1], [i64, 0], [i64, 1], [
    i64,
    2,
  ]] as const)
    .map(([type, alignMax], i) => ({ bytes: [0x36 + i], type, alignMax })),
  { bytes: [0xfd, 11], type: v128, alignMax: 4 },
  ...[0, 1, 2, 3].map((alignMax, i) => {
    return { bytes: [0xfd, 88 + i], type: v128, alignMax, lanes: 16 >> i };
  }),
];
