/** Names of metrics as a title. */

const TITLES = new Map([
  ['loss', 'Loss'],
  ['lr', 'learning rate'],
  ['grad_norm', 'grad norm'],
  ['accuracy', 'accuracy'],
  ['perplexity', 'perplexity'],
]);

/** "grad_norm" as "grad norm"; the main metric with a capital; names that are no words stay as logged. */
export function metricTitle(metric: string): string {
  const known = TITLES.get(metric);
  if (known) return known;
  return /^[a-z]+(_[a-z]+)+$/.test(metric) ? metric.replaceAll('_', ' ') : metric;
}
