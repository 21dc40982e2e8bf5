/** Without accents, in lower case: "Arrêter" is "arreter". What is one letter to a font only (ﬁ, Ｓ) becomes those it stands for. */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
