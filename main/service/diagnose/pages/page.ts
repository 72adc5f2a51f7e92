/** What the page of a cause says (reference section 4), beyond what the catalogue holds. */
export interface CausePage {
  what: string;
  shows: string;
  /** What speaks against it. */
  against: string;
  confirm: string;
  todo: string;
  /** Where it is reported or explained, with what is found there. */
  sources: string[];
}
