/** The explanation pages inside the application: one for each cause and health rule. */
import { causes } from './causes/index.ts';
import { faultPages } from './fault-pages.ts';
import { causePages } from './pages/index.ts';
import { remedyTitle } from './remedies.ts';

export interface Explanation {
  title: string;
  paragraphs: { heading: string; text: string }[];
  sources: string[];
}

/** Id and name of everything that is checked and has a page. */
export function ruleNames(): [id: string, name: string][] {
  return [...causes.map(({ id, name }): [string, string] => [id, name]), ...[...faultPages].map(([id, { title }]): [string, string] => [id, title.replace(/^[A-Z](?=[a-z]*\b)/, (letter) => letter.toLowerCase())])];
}

/** The page of a cause (H1 ...) or health rule (B1 ...); null for an unknown id. */
export function explanation(id: string): Explanation | null {
  const fault = faultPages.get(id);
  if (fault) return fault;
  const cause = causes.find((each) => each.id === id);
  const page = causePages.get(id);
  if (!cause || !page) return null;
  return {
    title: cause.name.charAt(0).toUpperCase() + cause.name.slice(1),
    paragraphs: [
      { heading: 'What it is', text: page.what },
      { heading: 'How it shows', text: page.shows },
      { heading: 'What speaks against it', text: page.against },
      { heading: 'How to confirm it', text: page.confirm },
      { heading: 'What to do', text: `${page.todo}\n${cause.remedies.map((id) => `\u2022 ${remedyTitle(id)}`).join('\n')}` },
    ],
    sources: page.sources,
  };
}
