/** An empty script: what the runtime takes before anything has happened. */
export {};
