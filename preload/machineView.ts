/** The machine over a stretch of time, as the window sees it. */
export interface MachineView {
  /** Plain sentence when there is nothing to show ("No NVIDIA driver found ..."), else null. */
  sentence: string | null;
  devices: {
    device: string;
    name: string;
    memoryTotal: number | null;
    powerLimit: number | null;
    atMs: number[];
    values: Record<string, (number | null)[]>;
    processes: { pid: number; name: string; memory: number | null; run: string | null }[];
  }[];
}
