/** When the store cannot take anything: disk full, read-only, busy. Reading waits, nothing is lost, and it goes on by itself. */
import { StoreBusy, StoreFull, StoreReadOnly } from '../store/errors.ts';

/** A commit failed; all that was to be committed is still waiting. The cause is the store's error. */
export class StorageStop extends Error {
  override name = 'StorageStop';
}

/** Whether an error says that the store cannot be written at the moment. */
export function isStoreTrouble(error: unknown): error is Error {
  return error instanceof StorageStop || error instanceof StoreFull || error instanceof StoreReadOnly || error instanceof StoreBusy;
}

/** A sentence for the user. */
export function storageSentence(stop: Error): string {
  const error = stop instanceof StorageStop && stop.cause instanceof Error ? stop.cause : stop;
  const later = 'the logs are read on from where they stand';
  if (error instanceof StoreFull) return `The disk is full. Nothing more is stored until there is room; ${later}.`;
  if (error instanceof StoreReadOnly) return `The database cannot be written. Nothing more is stored until it can; ${later}.`;
  if (error instanceof StoreBusy) return 'Another process holds the database. Nothing more is stored until it is free.';
  return `Storing failed and is tried again: ${error.message}`;
}
