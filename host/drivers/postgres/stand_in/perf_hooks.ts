/** The runtime has it for everybody. */
const { performance } = globalThis;
export { performance };
