/** Words of German, French, Spanish and Chinese logs in the English that the rules are written for. Names stay as they were logged. */
const WORDS: [RegExp, string][] = [
  // Before the word for training that is in it.
  [/lernrate|\btaux d'apprentissage\b|学习率/giu, 'lr '],
  [/trainings?(?=verlust|genauigkeit|fehler)|\bentra[iî]nement\b|\bapprentissage\b|\bentrenamiento\b|训练/giu, 'train '],
  [/validierungs?|\bvalidaci[oó]n\b|验证/giu, 'val '],
  [/\btest(?=verlust|genauigkeit|fehler)|测试/giu, 'test '],
  [/verlust|\bperte\b|\bp[eé]rdida\b|损失/giu, 'loss '],
  [/genauigkeit|\bexactitude\b|\bexactitud\b|准确率/giu, 'accuracy '],
  [/\bpr(?:écision|ecisión)\b/giu, 'precision '],
  [/fehler(?:rate)?|\berreur\b/giu, 'error '],
  // `perte de validation`, `pérdida de entrenamiento`.
  [/\b(?:de la|de l'|de|d')(?= *(?:train|val|test|validation)\b)/giu, ''],
];
/** One of these is in every name that a pattern above changes. Looked for before any of them is compiled. */
const ANY = [...'训验测损准学', ...'verlust genauigkeit fehler lernrate validierung entrainement entraînement apprentissage perte exactitud erreur validaci entrenamiento perdida pérdida écision cisión'.split(' ')];

/** The name with the words of the table in English; most names are returned as they are. */
export function english(name: string): string {
  const lower = name.toLowerCase();
  if (!ANY.some((word) => lower.includes(word))) return name;
  let result = name;
  for (const [words, meaning] of WORDS) result = result.replace(words, ` ${meaning}`);
  return result.replace(/\s+/g, ' ').trim();
}
