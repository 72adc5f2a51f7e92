/**
 * Which fields to ask nvidia-smi for. One field that the driver does not know makes the whole query fail, so the list is made
 * from what `nvidia-smi --help-query-gpu` says it knows. Formats reference, section 5.1.
 */

/** Each field with its other names, the current one first. The name of the GPU comes last, because it may contain commas. */
const wanted: readonly (readonly string[])[] = [
  ['uuid', 'gpu_uuid'],
  ['index'],
  ['pci.bus_id', 'gpu_bus_id'],
  ['driver_version'],
  ['utilization.gpu'],
  ['utilization.memory'],
  ['memory.used'],
  ['memory.total'],
  ['temperature.gpu'],
  ['temperature.memory'],
  ['power.draw'],
  ['enforced.power.limit', 'power.limit'],
  ['fan.speed'],
  ['clocks.current.sm', 'clocks.sm'],
  ['clocks.current.memory', 'clocks.mem'],
  ['clocks_event_reasons.active', 'clocks_throttle_reasons.active'],
  ['mig.mode.current'],
  ['name', 'gpu_name'],
];

/** Fields that every driver of the last ten years knows, for when the help cannot be read. */
export const basicFields: readonly string[] = [
  'uuid',
  'index',
  'utilization.gpu',
  'memory.used',
  'memory.total',
  'temperature.gpu',
  'power.draw',
  'name',
];

/** The fields that the help text lists: names in quotes at the start of a line, with aliases as `"a" or "b"`. */
export function knownFields(help: string): Set<string> {
  const known = new Set<string>();
  for (const line of help.split('\n')) {
    if (!/^\s*"/.test(line)) continue;
    for (const match of line.matchAll(/"([a-z0-9_.]+)"/g)) known.add(match[1]!);
  }
  return known;
}

/** The fields to query, by the names this driver knows. Falls back on the basic ones if the help names none of them. */
export function chooseFields(help: string): string[] {
  const known = knownFields(help);
  const chosen = wanted.flatMap((names) => names.find((name) => known.has(name)) ?? []);
  return chosen.includes('uuid') || chosen.includes('gpu_uuid') || chosen.includes('pci.bus_id') ? chosen : [...basicFields];
}

/** The field that nvidia-smi refuses in this message, or null. */
export function refusedField(message: string): string | null {
  return /Field "([^"]+)" is not a valid field to query/.exec(message)?.[1] ?? null;
}

/** The canonical name of a field, whichever alias was queried. */
export function canonical(field: string): string {
  return wanted.find((names) => names.includes(field))?.[0] ?? field;
}
