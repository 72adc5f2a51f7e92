/** Words of German, French, Spanish and Chinese logs in the English that the rules are written for. Names stay as they were logged. */
const WORDS: [RegExp, string][] = [
  [/trainings?(?=verlust|genauigkeit|fehler)|\bentra[iî]nement\b|\bapprentissage\b|\bentrenamiento\b|训练/giu, 'train '],
  [/validierungs?|\bvalidaci[oó]n\b|验证/giu, 'val '],
  [/\btest(?=verlust|genauigkeit|fehler)|测试/giu, 'test '],
  [/verlust|\bperte\b|\bp[eé]rdida\b|损失/giu, 'loss '],
  [/genauigkeit|\bexactitude\b|\bexactitud\b|准确率/giu, 'accuracy '],
  [/\bpr(?:écision|ecisión)\b/giu, 'precision '],
  [/fehler(?:rate)?|\berreur\b/giu, 'error '],
  [/lernrate|\btaux d'apprentissage\b|学习率/giu, 'lr '],
];
const ANY = /verlust|genauigkeit|fehler|lernrate|validierung|entra[iî]nement|apprentissage|perte|exactitud|erreur|validaci|entrenamiento|p[eé]rdida|écision|cisión|[训验测损准学]/iu;

/** The name with the words of the table in English; most names are returned as they are. */
export function english(name: string): string {
  if (!ANY.test(name)) return name;
  let result = name;
  for (const [words, meaning] of WORDS) result = result.replace(words, ` ${meaning}`);
  return result.replace(/\s+/g, ' ').trim();
}
