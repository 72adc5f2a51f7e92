import type { HealthRule } from './rule.ts';

/** Every health rule, in the order in which their findings are listed. */
export const healthRules: readonly HealthRule[] = [];
