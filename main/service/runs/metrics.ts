/** Raw metric names to canonical ones (format reference, section 4.4). Split and granularity words are already gone. */

interface Known {
  metric: string;
  names: RegExp;
}

/** Asked in order; the first match wins. */
const TABLE: Known[] = [
  { metric: 'loss', names: /^(loss|total[_ ]loss|global_avg_loss|lm[_ -]loss|lm loss value|avg_loss|avr_loss|running_loss|objective|loss_sum|tel|trl|loss\/(current|average|total)|step_loss|cross[_ -]?entropy|ce|xent|nll|train_loss|mean_loss|loss\/loss)$/i },
  { metric: 'lr', names: /^(lr|learning[_ -]?rate|base_lr|lr-.+|lr\/.+|x\/lr\d+|lr_\d+|lr\d+|opt[./]lr|learning rate)$/i },
  { metric: 'accuracy', names: /^(acc|accuracy|top-?1|acc@1|acc1|accuracy[_/]top1|categorical_accuracy|sparse_categorical_accuracy|binary_accuracy|mean_token_accuracy|accuracy_score)$/i },
  { metric: 'accuracy.top5', names: /^(top-?5|acc@5|acc5|accuracy[_/]top5)$/i },
  { metric: 'ppl', names: /^(ppl|perplexity|lm loss ppl)$/i },
  { metric: 'bpb', names: /^(bpb|bits_per_byte)$/i },
  { metric: 'bpc', names: /^(bpc|bits_per_char(acter)?)$/i },
  { metric: 'map', names: /^(map50-95\([a-z]\)|map_0\.5:0\.95|(coco\/)?bbox[_/]m?ap|map|segm[_/]m?ap)$/i },
  { metric: 'map50', names: /^(map50(\([a-z]\))?|map_0\.5|(bbox[_/])?ap50)$/i },
  { metric: 'grad_norm', names: /^(grad[_ -]?norm|gradient[_ -]norm|norm|total_norm|gnorm|grad)$/i },
  { metric: 'throughput', names: /^(tokens_per_second.*|tps|tok\/sec|throughput\(tps\)|samples_per_second|steps_per_second|it\/s|wps|ups)$/i },
  { metric: 'step_time', names: /^(dt|iteration-time|time|elapsed time per iteration.*|step_avg|step_time)$/i },
  { metric: 'mem', names: /^(memory|max_mem|max_reserved.*|gpu_mem|peak_memory.*)$/i },
  { metric: 'logloss', names: /^(logloss|binary_logloss|multi_logloss|mlogloss)$/i },
  { metric: 'f1', names: /^f1(_score)?$/i },
];

/** What most runs log. Each is in the table too: the first curves wait for no pattern to be compiled. */
const USUAL: ReadonlyMap<string, string> = new Map([
  ['loss', 'loss'],
  ['lr', 'lr'],
  ['acc', 'accuracy'],
  ['accuracy', 'accuracy'],
  ['grad_norm', 'grad_norm'],
]);

const PART = /^(?:(?:.*[/. ])?)(?:loss[_/](?<after>[a-z0-9_]+)|(?<before>[a-z0-9_]+)[_ ]loss)$/i;

/** Canonical name of a metric; parts of a loss become `loss.<part>`, an unknown name is returned as it is, in lower case. */
export function canonicalMetric(name: string): string {
  return USUAL.get(name) ?? metricOf(name);
}

/** The same by the table. */
export function metricOf(name: string): string {
  for (const { metric, names } of TABLE) if (names.test(name)) return metric;
  const part = PART.exec(name)?.groups;
  const word = part?.['after'] ?? part?.['before'];
  if (word !== undefined) return `loss.${word.toLowerCase()}`;
  // A unit behind the name: `Loss (nats)`, `accuracy [%]`.
  const bare = name.replace(/\s+[([][^()[\]]{1,20}[)\]]$/, '');
  return bare === name ? name.toLowerCase() : canonicalMetric(bare);
}
