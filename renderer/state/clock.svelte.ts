/** The time that relative ages are counted from. Ticks once a second while the window is seen. */
export class Clock {
  now = $state(Date.now());
  /** Changes with the local day and the minute only: for grouping, which need not be redone each second. */
  readonly minute = $derived(Math.floor(this.now / 60_000) * 60_000);

  start(): () => void {
    const tick = () => {
      if (!document.hidden) this.now = Date.now();
    };
    const timer = setInterval(tick, 1000);
    document.addEventListener('visibilitychange', tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }
}
