/** In the place of modules that the client library imports, and that nothing here has it use. */
export default {};
