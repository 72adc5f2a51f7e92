/** A page of the window's Chromium that compares drawings, and the real service behind it, which has read a log of spiky values. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from 'playwright';
import type { Answer, Requests, Results } from '../../../preload/contract.ts';
import { electronExecutable } from '../../../scripts/electron.mjs';
import { openBareService } from '../../bench/bareService.ts';
import { writeTfevents } from '../../bench/generate-tfevents.ts';
import { until } from '../until.ts';
import { chartScript } from '../chartScript.ts';
import type { Compared, Picture } from './page.svelte.ts';
import { spikyValues } from './spiky.ts';

/** Opacity of what is drawn, 0 to 1. */
interface Faint {
  most: number;
  mean: number;
}

export interface FidelityStage {
  /** The folder with the log; its only tag is `train/loss`. */
  logs: string;
  compare(picture: Pick<Picture, 'zoom' | 'thin' | 'width' | 'height' | 'sample'>): Promise<Compared>;
  faint(opacity: number, perColumn: number): Promise<Faint>;
  close(): Promise<void>;
}

type Prepared = Window & { compareDrawings(picture: Picture): Promise<Compared>; inkOfFaint(opacity: number, perColumn: number): Promise<Faint> };

export async function openFidelityStage(count: number, seed = 1): Promise<FidelityStage> {
  const scratch = mkdtempSync(join(tmpdir(), 'gapwatch-fidelity-'));
  const logs = join(scratch, 'logs');
  writeTfevents(join(logs, 'run'), 'train/loss', spikyValues(count, seed));
  const { service, request } = openBareService(join(scratch, 'data'), () => undefined);
  const ask = async <K extends keyof Requests>(channel: K, ...args: Requests[K]): Promise<Results[K]> => {
    const answer = (await request(channel, args)) as Answer<Results[K]>;
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value;
  };
  await ask('addFolder', logs);
  await until(() => service.folders.views([]).some(({ state }) => state === 'ok'), 'the log is read', 60_000);
  const run = service.catalogue.runs()[0]?.key ?? '';
  const detail = await ask('run', run);
  const [series] = detail?.series ?? [];
  if (!series || series.points !== count) throw new Error(`${series?.points} points of ${count}`);

  const { executable, argsBefore } = electronExecutable();
  const app = await _electron.launch({ executablePath: executable, args: [...argsBefore.slice(0, -1), join(import.meta.dirname, '../../fixtures/bridge/electron')] });
  const page = await app.firstWindow();
  await page.exposeFunction('askService', async (order: Requests['curves'][0]) =>
    (await ask('curves', order)).map((curve) => ({ ...curve, x: Array.from(curve.x), y: Array.from(curve.y) })),
  );
  await page.evaluate(await chartScript(join(import.meta.dirname, 'page.svelte.ts')));
  return {
    logs,
    compare: (picture) => page.evaluate((whole) => (window as unknown as Prepared).compareDrawings(whole), { ...picture, run, series, count, seed }),
    faint: (opacity, perColumn) => page.evaluate((of) => (window as unknown as Prepared).inkOfFaint(...of), [opacity, perColumn] as [number, number]),
    async close() {
      await app.close();
      await service.close();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}
