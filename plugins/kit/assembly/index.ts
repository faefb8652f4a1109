// The kit: all that a plugin in AssemblyScript needs, on nothing but the contract itself.

export { Column, column, columnCount, columns, ColumnType, keyColumns, list, plainColumns } from "./column";
export { Dialect, updates } from "./dialect";
export { abort, answer, fail, OK } from "./entry";
export { classify, ErrorClass, errorCode } from "./failure";
export { checkHealth, health, ProbeAnswer, probeAnswer } from "./health";
export { describe, Manifest } from "./manifest";
export { give, input, take } from "./memory";
export { Mode, mode, shapeBatch, sql } from "./plan";
export { setting } from "./setting";
