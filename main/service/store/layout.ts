/** The measures of the file format. Changing one of them takes a migration. */

/** Points in a sealed chunk. Larger chunks save little space (6.2 against 9.2 bytes a point at 512) and cost more to read in part. */
export const CHUNK = 4096;
/** Points under one value of the fine level of the pyramid, kept beside each chunk. */
export const FINE = 16;
/** Points under one value of the coarse level, kept for all chunks of a series together once it is drawn. */
export const COARSE = 256;
export const FINE_PER_CHUNK = CHUNK / FINE;
export const COARSE_PER_CHUNK = CHUNK / COARSE;

/** What `application_id` says of our files: "Gapw". */
export const APPLICATION_ID = 0x47617077;
