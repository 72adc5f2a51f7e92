/** MLflow's words for the state of a run. */
const STATES = new Map<string, 'running' | 'finished' | 'failed'>([
  ['RUNNING', 'running'],
  ['SCHEDULED', 'running'],
  ['FINISHED', 'finished'],
  ['FAILED', 'failed'],
  ['KILLED', 'failed'],
]);

/** The numbers that the file store writes (mlflow/entities/run_status.py). */
const NUMBERS = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'];

/** State of a run by the text or number that MLflow stores; null for anything else. */
export function stateOf(status: unknown): 'running' | 'finished' | 'failed' | null {
  const word = typeof status === 'number' ? NUMBERS[status - 1] : status;
  return typeof word === 'string' ? (STATES.get(word.toUpperCase()) ?? null) : null;
}
