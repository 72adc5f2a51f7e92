/** Where the user is: which view fills the window beside the runs list. */
export type ViewName = 'run' | 'compare' | 'machine' | 'alerts' | 'problems' | 'settings' | 'explanation';
export type Overlay = 'palette' | 'shortcuts' | 'examples';

/** Windows in which the list of runs lies over the view; the styles of App and TopBar say the same. */
export const NARROW = '(max-width: 739.98px)';

export class Place {
  view = $state<ViewName>('run');
  /** Id of the explanation shown by the explanation view. */
  explanation = $state<string | null>(null);
  overlay = $state<Overlay | null>(null);
  /** In a narrow window the list of runs lies over the view: whether it is there. */
  listOpen = $state(false);
  #before: ViewName = 'run';

  go(view: ViewName): void {
    if (view !== this.view) this.#before = this.view;
    this.view = view;
    this.overlay = null;
    this.listOpen = false;
  }

  explain(id: string): void {
    this.explanation = id;
    this.go('explanation');
  }

  /** Back to the view before this one; the run view if that was this one. */
  back(): void {
    this.go(this.#before === this.view ? 'run' : this.#before);
  }

  /** Opens a view, or leaves it if it is open. */
  toggle(view: ViewName): void {
    if (this.view === view) this.go('run');
    else this.go(view);
  }
}
