/** What the user should know that is not about one run. */
import { basename } from 'node:path';
import type { Banner } from '../../preload/contract.ts';
import type { Store } from './store/store.ts';

export interface Banners {
  list(): Banner[];
  /** Shows a banner in place of the one with its id; null takes that away. */
  put(id: string, banner: Banner | null): void;
}

/** `changed` is told all banners after each change. A database that was set aside is one from the start. */
export function openBanners({ recovered }: Pick<Store, 'recovered'>, changed: (banners: Banner[]) => void): Banners {
  const banners = new Map<string, Banner>();
  if (recovered) {
    const { movedTo, why } = recovered;
    banners.set('recovered', { id: 'recovered', tone: 'warn', text: `The database could not be used (${why}). It was set aside as ${basename(movedTo)}; everything is read again from the logs.` });
  }
  const list = (): Banner[] => [...banners.values()];
  return {
    list,
    put(id, banner) {
      if (banner) banners.set(id, banner);
      else banners.delete(id);
      changed(list());
    },
  };
}
