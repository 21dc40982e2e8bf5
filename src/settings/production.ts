const others = /(?:^|[-_\d])(?:stage|staging|dev|test|qa|uat|sandbox|int|preprod)(?:$|[-_\d])/i;

/**
 * Whether an environment of that name is taken for the one where real mailings go out. It is, unless the name says
 * otherwise: a test system that is marked as production is a nuisance, the reverse a danger.
 */
export function looksLikeProduction(name: string): boolean {
  return !others.test(name);
}
