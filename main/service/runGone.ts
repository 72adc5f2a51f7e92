/** Thrown where a question is about a run that is not there any more. */
export class RunGone extends Error {
  constructor() {
    super('This run is not there any more.');
  }
}
