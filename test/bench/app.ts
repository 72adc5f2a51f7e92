/** The built app for benchmarks: on a data folder of its own, in the window that users get. */
import { _electron, type ElectronApplication, type Page } from 'playwright';
import type { Answer, Bridge, Overview } from '../../preload/contract.ts';
import { electronExecutable } from '../../scripts/electron.mjs';

export interface BenchedApp {
  electron: ElectronApplication;
  page: Page;
  /** Process ids of the main process, the service and the page. */
  pids(): Promise<{ main: number; service: number; page: number }>;
  overview(): Promise<Overview>;
}

/** Why there is no window on this machine; null if there can be one. */
export function whyNoWindow(): string | null {
  if (process.platform !== 'linux') return 'figures of processes are read from /proc, which only Linux has';
  return process.env['DISPLAY'] ? null : 'no display; run it under xvfb-run';
}

/** Starts the app on a folder of logs. */
export async function startApp(data: string, logs: string): Promise<BenchedApp> {
  const { executable, argsBefore } = electronExecutable();
  const electron = await _electron.launch({
    executablePath: executable,
    args: [...argsBefore, logs],
    env: { ...(process.env as Record<string, string>), GAPWATCH_DATA: data, GAPWATCH_NVIDIA_SMI: '' },
  });
  const page = await electron.firstWindow();
  return {
    electron,
    page,
    async pids() {
      const metrics = await electron.evaluate(({ app }) => app.getAppMetrics().map(({ pid, type, serviceName }) => ({ pid, type, serviceName })));
      const of = (test: (one: (typeof metrics)[number]) => boolean): number => metrics.find(test)?.pid ?? 0;
      return {
        main: of(({ type }) => type === 'Browser'),
        service: of(({ type, serviceName }) => type === 'Utility' && serviceName === 'node.mojom.NodeService'),
        page: of(({ type }) => type === 'Tab'),
      };
    },
    overview: () =>
      page.evaluate(async () => {
        const answer = (await (window as unknown as { gapwatch: Bridge }).gapwatch.request('overview')) as Answer<Overview>;
        if (!answer.ok) throw new Error(answer.error.message);
        return answer.value;
      }),
  };
}
