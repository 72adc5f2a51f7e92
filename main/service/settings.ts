import type { Settings } from '../../preload/contract.ts';
import type { Documents } from './store/store.ts';

const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  notifications: true,
  notifyExpected: false,
  quietFrom: null,
  quietTo: null,
  keepRunning: false,
};

/** The user's settings; what an older version did not know has its default. */
export function readSettings(documents: Documents): Settings {
  return { ...DEFAULT_SETTINGS, ...documents.get<Partial<Settings>>('settings', 'all') };
}
